import type { Clock } from '../../clock.js';
import type { Transaction } from '../../database/index.js';
import type { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import type { EnrollmentSession } from '../../entities/enrollment-session.js';
import { checkProfile, forbidden, type Admitted, type DeviceEnrollmentHouse } from './automated.js';
import { beginSession, lockSession, sha256, type SessionDevice } from './sessions.js';

/** Somebody reads a page, signs in perhaps, and presses a button. */
const LIFE_MS = 30 * 60_000;

/** A device that shows the web view of Setup Assistant. */
export interface SetupVisit {
  /** What the page carries on with: the device signs its first request only. */
  readonly token: string;
  readonly profile: EnrollmentProfile;
  readonly device: SessionDevice;
}

/** Web views of Setup Assistant (Apple: `configuration_web_url`), from the page to the profile, which each hands out once. */
export class SetupVisits {
  constructor(
    private readonly house: Pick<DeviceEnrollmentHouse, 'database' | 'profiles' | 'writer'>,
    private readonly now: Clock,
  ) {}

  async begin({ profile, device }: Admitted): Promise<SetupVisit> {
    const session = { kind: 'SETUP', enrollmentProfileUuid: profile.uuid, ...device } as const;
    const token = await this.house.database.transaction((tx) => beginSession(tx, session, LIFE_MS, this.now));
    return { token, profile, device };
  }

  /** A visit that goes on. Throws FORBIDDEN for one that is over, was never begun, or whose enrolment profile is not good any more. */
  find(token: string): Promise<SetupVisit> {
    return this.house.database.transaction((tx) => this.#find(tx, token));
  }

  /** The `.mobileconfig` for the device of a visit: the only one it is given. Throws as `find`. */
  finish(token: string): Promise<Buffer> {
    return this.house.database.transaction(async (tx) => {
      const { profile, device } = await this.#find(tx, token);
      await tx.run('UPDATE enrollment_sessions SET finished_at = ? WHERE token_sha256 = ?', [
        this.now(),
        sha256(token),
      ]);
      return this.house.writer.write(tx, profile, device);
    });
  }

  async #find(tx: Transaction, token: string): Promise<SetupVisit> {
    const device = deviceIn(await lockSession(tx, 'SETUP', token), this.now());
    if (device === undefined)
      throw forbidden('This page is too old, or its profile was downloaded. Go back, and begin again.');
    const profile = await this.house.profiles.get(device.enrollmentProfileUuid);
    if (profile === null) throw forbidden('There is no enrollment profile for this device any more.');
    checkProfile(profile, device, this.house.profiles.stateOf(profile));
    const { udid, serialNumber } = device;
    return { token, profile, device: { udid, serialNumber } };
  }
}

/** The device of a session that goes on. */
function deviceIn(
  session: EnrollmentSession | null,
  now: number,
): (SessionDevice & { readonly enrollmentProfileUuid: string }) | undefined {
  if (session === null || session.finishedAt !== null || session.expiresAt.getTime() <= now) return undefined;
  const { udid, serialNumber, enrollmentProfileUuid } = session;
  return udid === null || serialNumber === null ? undefined : { udid, serialNumber, enrollmentProfileUuid };
}
