import {
  checkAppleDevice,
  MachineInfoError,
  openSigned,
  readAttributes,
  type MachineInfo,
  type SignedAttributes,
} from '../../apple/machine-info/index.js';
import { fingerprintOf, IdentityError, verifyChain } from '../../apple/identity/index.js';
import type { Clock } from '../../clock.js';
import type { Transaction } from '../../database/index.js';
import type { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import type { EnrollmentSession } from '../../entities/enrollment-session.js';
import { PomonaError } from '../../errors.js';
import type { CertificateAuthority } from '../authority/index.js';
import { checkSerial, deviceOf, forbidden, unbelievable, type DeviceEnrollmentHouse } from './automated.js';
import { bindSession, lockSessionOf, replaceChallenge, wasUsed } from './ota-sessions.js';
import { beginSession, lockSession, type SessionDevice } from './sessions.js';
import { secretHash } from '../secret-hash.js';

/** A person installs what phase 1 handed out; the device does the rest by itself. */
const LIFE_MS = 60 * 60_000;

export interface OverTheAirHouse extends DeviceEnrollmentHouse {
  readonly authority: CertificateAuthority;
  /** How far a device's clock may be off when its new certificate is checked, in milliseconds. */
  readonly skewMs: number;
  readonly now: Clock;
}

/**
 * Over-the-air enrolment (Apple, "Over-the-Air Profile Delivery and Configuration"). Phase 1 asks the device who it is, with a
 * challenge of its own; phase 2 has it answer, signed with the certificate that Apple gave it, and gives it one of ours; in
 * phase 3 it answers again, signed with that, and is given the enrolment profile. That has a certificate request of its own:
 * the MDM payload can only name an identity in the same profile. Each step is for the device that signed phase 2 alone.
 */
export class OverTheAirEnrollment {
  constructor(private readonly house: OverTheAirHouse) {}

  /** Phase 1. Throws FEATURE_NOT_AVAILABLE while no push certificate is configured. */
  async begin(profile: EnrollmentProfile, url: string): Promise<Buffer> {
    const session = { kind: 'OTA', enrollmentProfileUuid: profile.uuid } as const;
    const { database, writer, now } = this.house;
    return database.transaction(async (tx) =>
      writer.writeProfileService(profile, url, await beginSession(tx, session, LIFE_MS, now)),
    );
  }

  /**
   * Phases 2 and 3: which, the signer decides. Throws BAD_USER_INPUT for what cannot be read, FORBIDDEN or IDENTITY_REFUSED for
   * what is not to be believed or allowed; and raises an alert.
   */
  async answer(profile: EnrollmentProfile, message: Buffer): Promise<Buffer> {
    const told: Record<string, string> = {};
    try {
      const { signed, info, device } = readMessage(message);
      const byApple = this.#isAppleDevice(signed);
      told['serialNumber'] = device.serialNumber;
      return await this.house.database.transaction((tx) =>
        byApple ? this.#identify(tx, profile, info, device) : this.#enrol(tx, profile, signed, info, device),
      );
    } catch (error) {
      if (error instanceof PomonaError) await this.#tell(profile, error, told);
      throw error;
    }
  }

  /** Phase 2. The same device may repeat it until it has its certificate. */
  async #identify(
    tx: Transaction,
    profile: EnrollmentProfile,
    { challenge = '' }: MachineInfo,
    device: SessionDevice,
  ): Promise<Buffer> {
    const session = this.#mustGoOn(await lockSession(tx, 'OTA', challenge), profile);
    if (session.udid !== null && !isOf(session, device))
      throw forbidden('This challenge was given to another device.');
    const former = session.identityChallengeSha256;
    if (await wasUsed(tx, former)) throw forbidden('This device has its certificate already.');
    checkSerial(profile, device.serialNumber);
    await bindSession(tx, session, device);
    const written = await this.house.writer.writeIdentity(tx, profile, device);
    await replaceChallenge(tx, session, 'identity_challenge_sha256', former, written.challenge);
    return written.bytes;
  }

  /** Phase 3. The same device may repeat it until it has its identity. */
  async #enrol(
    tx: Transaction,
    profile: EnrollmentProfile,
    signed: SignedAttributes,
    { challenge }: MachineInfo,
    device: SessionDevice,
  ): Promise<Buffer> {
    const sha = this.#mustChain(signed);
    await this.house.authority.mustStand(tx, { sha256: sha, certificate: signed.certificate });
    const session = this.#mustGoOn(await lockSessionOf(tx, sha), profile);
    if (!isOf(session, device)) throw forbidden('This certificate was issued to another device.');
    if (challenge !== undefined && secretHash(challenge) !== session.tokenSha256)
      throw forbidden('This certificate was issued for another challenge.');
    const former = session.finalChallengeSha256;
    if (await wasUsed(tx, former)) throw forbidden('This device has its enrollment profile already.');
    checkSerial(profile, device.serialNumber);
    const written = await this.house.writer.writeTold(tx, profile, device);
    await replaceChallenge(tx, session, 'final_challenge_sha256', former, written.challenge);
    return written.bytes;
  }

  #mustGoOn(session: EnrollmentSession | null, { uuid }: EnrollmentProfile): EnrollmentSession {
    if (
      session !== null &&
      session.enrollmentProfileUuid === uuid &&
      session.expiresAt.getTime() > this.house.now()
    )
      return session;
    throw forbidden('This enrollment was not begun here, or took too long. Open the link again.');
  }

  /** False when the signer is none of Apple's. */
  #isAppleDevice({ certificate }: SignedAttributes): boolean {
    try {
      checkAppleDevice(certificate, this.house.appleAuthorities);
      return true;
    } catch (error) {
      if (error instanceof MachineInfoError && this.#isOurs(certificate)) return false;
      throw error instanceof MachineInfoError ? unbelievable(error) : error;
    }
  }

  #isOurs(certificate: SignedAttributes['certificate']): boolean {
    return this.house.authority.anchors().some((anchor) => certificate.checkIssued(anchor));
  }

  /** The SHA-256 of a signer's certificate that our authority issued and that is good now. */
  #mustChain({ certificate, others }: SignedAttributes): string {
    const { authority, skewMs, now } = this.house;
    try {
      verifyChain(certificate, others, authority.anchors(), new Date(now()), { skewMs });
      return fingerprintOf(certificate);
    } catch (cause) {
      if (!(cause instanceof IdentityError)) throw cause;
      throw new PomonaError('FORBIDDEN', `The device's identity was refused: ${cause.message}.`, { cause });
    }
  }

  #tell(
    { uuid }: EnrollmentProfile,
    error: PomonaError,
    told: Readonly<Record<string, string>>,
  ): Promise<void> {
    const details = { message: 'Profile Service', claimed: uuid, ...told, reason: error.message };
    return this.house.alerts.raise('ENROLLMENT_REFUSED', null, details);
  }
}

function isOf({ udid, serialNumber }: EnrollmentSession, device: SessionDevice): boolean {
  return udid === device.udid && serialNumber === device.serialNumber;
}

/** What was signed, and who it says it is from. Throws BAD_USER_INPUT. */
function readMessage(message: Buffer): {
  signed: SignedAttributes;
  info: MachineInfo;
  device: SessionDevice;
} {
  try {
    const signed = openSigned(message);
    const info = readAttributes(signed.dict);
    return { signed, info, device: deviceOf(info) };
  } catch (cause) {
    throw cause instanceof MachineInfoError ? unbelievable(cause) : cause;
  }
}
