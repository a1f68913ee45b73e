import type { X509Certificate } from 'node:crypto';
import { MachineInfoError, readMachineInfo, type MachineInfo } from '../../apple/machine-info/index.js';
import type { Database } from '../../database/index.js';
import { EnrollmentProfileState, type EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { SignIns } from '../sign-in/sign-ins.js';
import { requiredOs } from './automated-os.js';
import type { EnrollmentProfiles } from './enrolment-profiles.js';
import type { SessionDevice } from './sessions.js';
import { sameSerial } from './standing.js';
import type { EnrollmentWriter } from './writer.js';

/** What automated and over-the-air enrolment stand on. */
export interface DeviceEnrollmentHouse {
  readonly database: Database;
  readonly profiles: EnrollmentProfiles;
  readonly writer: EnrollmentWriter;
  readonly alerts: Alerts;
  /** Who issues the certificates that Apple devices sign their attributes with. */
  readonly appleAuthorities: readonly X509Certificate[];
  /** Where people sign in before a device enrols from Setup Assistant; undefined when they need not. */
  readonly setupSignIns?: SignIns | undefined;
}

/** A device in Setup Assistant that may enrol, and by what. */
export interface Admitted {
  readonly kind: 'ADMITTED';
  readonly profile: EnrollmentProfile;
  readonly device: SessionDevice;
}

/** What a device that asks is told: it may, or it has to update itself first, which it understands and does. */
export type Admission = Admitted | { readonly kind: 'UPDATE_REQUIRED'; readonly osVersion: string };

const GONE = {
  REVOKED: 'was revoked',
  EXPIRED: 'has expired',
  USED_UP: 'has been used as often as it could be',
} as const satisfies Record<Exclude<EnrollmentProfileState, 'USABLE'>, string>;

/**
 * Enrolment from Setup Assistant (Automated Device Enrollment). A device says who it is in a MachineInfo; what it is given is
 * for the serial number and the UDID in that alone.
 */
export class AutomatedEnrollment {
  constructor(private readonly house: DeviceEnrollmentHouse) {}

  /**
   * Whether the device that signed this MachineInfo may enrol. Throws BAD_USER_INPUT for one that cannot be read, FORBIDDEN for
   * one that is not to be believed or allowed, NOT_FOUND for a token nobody has; and raises an alert.
   * @param token of the enrolment profile that the address names; without one, the serial number decides
   * @param way DIRECT: it wants its profile at once, and is refused where somebody has to sign in first
   */
  async admit(
    machineInfo: Buffer,
    token: string | undefined,
    way: 'DIRECT' | 'WEB_VIEW',
  ): Promise<Admission> {
    const told: Record<string, string> = {};
    try {
      const info = this.#read(machineInfo);
      const device = deviceOf(info);
      Object.assign(told, { claimed: 'an unknown serial number', serialNumber: device.serialNumber });
      const profile = await this.#profileOf(device, token);
      // From here on it is one of a bounded number, and each may have its alert.
      told['claimed'] = token === undefined ? device.serialNumber : profile.uuid;
      // Without a token it was found by the serial number, and is for it.
      checkProfile(profile, device, this.house.profiles.stateOf(profile), token === undefined);
      if (way === 'DIRECT' && this.house.setupSignIns !== undefined) throw withoutSignIn();
      const osVersion = requiredOs(profile.minimumOsVersions, info);
      if (osVersion === undefined) return { kind: 'ADMITTED', profile, device };
      if (info.canRequestSoftwareUpdate) return { kind: 'UPDATE_REQUIRED', osVersion };
      throw forbidden(`This device has to be updated to ${osVersion} before it can enrol.`);
    } catch (error) {
      if (error instanceof PomonaError) await this.#tell(error, told);
      throw error;
    }
  }

  /** The `.mobileconfig` for a device that was admitted. Throws FEATURE_NOT_AVAILABLE while no push certificate is configured. */
  write({ profile, device }: Admitted): Promise<Buffer> {
    return this.house.database.transaction((tx) => this.house.writer.write(tx, profile, device));
  }

  /** The enrolment profile that a serial number enrols by: the one that Apple's assignment leads to, or else the one that names it. */
  profileFor(serialNumber: string): Promise<EnrollmentProfile | null> {
    return this.house.profiles.findBySerial(serialNumber);
  }

  #read(machineInfo: Buffer): MachineInfo {
    try {
      return readMachineInfo(machineInfo, this.house.appleAuthorities);
    } catch (cause) {
      if (cause instanceof MachineInfoError) throw unbelievable(cause);
      throw cause;
    }
  }

  async #profileOf({ serialNumber }: SessionDevice, token: string | undefined): Promise<EnrollmentProfile> {
    const profile =
      token === undefined
        ? await this.profileFor(serialNumber)
        : await this.house.profiles.findByToken(token);
    if (profile !== null) return profile;
    if (token !== undefined)
      throw new PomonaError('NOT_FOUND', 'There is no enrollment profile at this address.');
    throw forbidden('No enrollment profile names this serial number for automated enrollment.');
  }

  #tell(error: PomonaError, told: Readonly<Record<string, string>>): Promise<void> {
    const details = { message: 'MachineInfo', claimed: 'MachineInfo', ...told, reason: error.message };
    return this.house.alerts.raise('ENROLLMENT_REFUSED', null, details);
  }
}

/**
 * Throws FORBIDDEN when a profile does not enrol this device from Setup Assistant, or nobody any more.
 * @param found by the serial number: Apple leads the device there, or the profile names it
 */
export function checkProfile(
  profile: EnrollmentProfile,
  { serialNumber }: SessionDevice,
  state: EnrollmentProfileState,
  found: boolean,
): void {
  if (profile.accountDriven !== null)
    throw forbidden('The enrollment profile for this device is for people who sign in.');
  if (!found && profile.servesAutomatedEnrollment !== true)
    throw forbidden('This enrollment profile does not serve automated enrollment.');
  if (state !== EnrollmentProfileState.USABLE)
    throw forbidden(`The enrollment profile for this device ${GONE[state]}.`);
  if (!found) checkSerial(profile, serialNumber);
}

/** Throws FORBIDDEN for a serial number that is not among those a profile is for. */
export function checkSerial({ allowedSerialNumbers }: EnrollmentProfile, serialNumber: string): void {
  if (allowedSerialNumbers.length === 0 || allowedSerialNumbers.includes(serialNumber)) return;
  throw forbidden('This serial number is not among those the enrollment profile allows.');
}

/** Who signed. Throws BAD_USER_INPUT for one that keeps its numbers back, as in User Enrollment. */
export function deviceOf({ udid, serialNumber }: MachineInfo): SessionDevice {
  if (udid === undefined || serialNumber === undefined)
    throw new PomonaError('BAD_USER_INPUT', "The device's attributes name no UDID and serial number.");
  return { udid, serialNumber: sameSerial(serialNumber) };
}

/** What cannot be read is bad input; what can, and nobody believes, is not allowed. */
export function unbelievable(cause: MachineInfoError): PomonaError {
  const code = cause.code === 'not-trusted' ? 'FORBIDDEN' : 'BAD_USER_INPUT';
  return new PomonaError(code, `The device's attributes were refused: ${cause.message}.`, { cause });
}

/** The operator's mistake, in the profile at Apple: the words are for them. */
function withoutSignIn(): PomonaError {
  return forbidden(
    'Somebody has to sign in before this device enrols (POMONA_OIDC_REQUIRED_IN_SETUP), and here nobody can: the profile that ' +
      'Apple assigned to the device must have a configuration_web_url that ends in /enroll/setup.',
  );
}

/** FORBIDDEN, in words for the device's owner. */
export function forbidden(message: string): PomonaError {
  return new PomonaError('FORBIDDEN', message);
}
