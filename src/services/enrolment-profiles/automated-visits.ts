import type { Clock } from '../../clock.js';
import type { Transaction } from '../../database/index.js';
import type { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import type { EnrollmentSession } from '../../entities/enrollment-session.js';
import { PomonaError } from '../../errors.js';
import type { SignInFor } from '../sign-in/records.js';
import type { Begun, Finished, SignIns } from '../sign-in/sign-ins.js';
import { checkProfile, forbidden, type Admitted, type DeviceEnrollmentHouse } from './automated.js';
import { beginSession, lockSession, type SessionDevice } from './sessions.js';
import { secretHash } from '../secret-hash.js';

/** Somebody reads a page, signs in perhaps, and presses a button. */
const LIFE_MS = 30 * 60_000;

/** A device that shows the web view of Setup Assistant. */
export interface SetupVisit {
  /** What the page carries on with: the device signs its first request only. */
  readonly token: string;
  readonly profile: EnrollmentProfile;
  readonly device: SessionDevice;
}

/**
 * Web views of Setup Assistant (Apple: `configuration_web_url`), from the page to the profile, which each hands out once; where
 * that is required, to somebody who signed in meanwhile, in the same browser and for this visit.
 */
export class SetupVisits {
  constructor(
    private readonly house: Pick<DeviceEnrollmentHouse, 'database' | 'profiles' | 'writer' | 'setupSignIns'>,
    private readonly now: Clock,
  ) {}

  /** Whether somebody has to sign in before the profile is handed out. */
  get requireSignIn(): boolean {
    return this.house.setupSignIns !== undefined;
  }

  async begin({ profile, device }: Admitted): Promise<SetupVisit> {
    const session = { kind: 'SETUP', enrollmentProfileUuid: profile.uuid, ...device } as const;
    const token = await this.house.database.transaction((tx) => beginSession(tx, session, LIFE_MS, this.now));
    return { token, profile, device };
  }

  /** A visit that goes on. Throws FORBIDDEN for one that is over, was never begun, or whose enrolment profile is not good any more. */
  find(token: string): Promise<SetupVisit> {
    return this.house.database.transaction((tx) => this.#find(tx, token));
  }

  /** Throws as `find`, and UPSTREAM_REFUSED while the provider cannot be reached. */
  async beginSignIn(token: string): Promise<Begun> {
    const signIns = this.#mustSignIn();
    await this.find(token);
    return signIns.begin(signInFor(token));
  }

  /** The visit that somebody signed in for. Throws BAD_USER_INPUT when it was another one, and as `find`. */
  signedIn(token: string, { sessionSha256 }: Finished): Promise<SetupVisit> {
    this.#mustSignIn();
    if (sessionSha256 === secretHash(token)) return this.find(token);
    throw new PomonaError('BAD_USER_INPUT', 'This sign-in was for another page. Sign in again for this one.');
  }

  /**
   * The `.mobileconfig` for the device of a visit: the only one it is given. Undefined when somebody has to sign in (again)
   * first; nothing was used up then. Throws as `find`.
   * @param accessToken of whoever signed in
   */
  finish(token: string, accessToken: string): Promise<Buffer | undefined> {
    return this.house.database.transaction(async (tx) => {
      const { profile, device } = await this.#find(tx, token);
      const signIn = await this.house.setupSignIns?.redeem(tx, accessToken, signInFor(token));
      if (signIn !== undefined && signIn.kind !== 'FRESH') return undefined;
      await tx.run('UPDATE enrollment_sessions SET finished_at = ? WHERE token_sha256 = ?', [
        this.now(),
        secretHash(token),
      ]);
      return this.house.writer.write(tx, profile, { ...device, signInUuid: signIn?.uuid });
    });
  }

  #mustSignIn(): SignIns {
    const { setupSignIns } = this.house;
    if (setupSignIns !== undefined) return setupSignIns;
    throw new PomonaError(
      'FEATURE_NOT_AVAILABLE',
      'Nobody signs in to set up a device here (POMONA_OIDC_REQUIRED_IN_SETUP).',
    );
  }

  async #find(tx: Transaction, token: string): Promise<SetupVisit> {
    const device = deviceIn(await lockSession(tx, 'SETUP', token), this.now());
    if (device === undefined)
      throw forbidden('This page is too old, or its profile was downloaded. Go back, and begin again.');
    const profile = await this.house.profiles.get(device.enrollmentProfileUuid);
    if (profile === null) throw forbidden('There is no enrollment profile for this device any more.');
    const found = (await this.house.profiles.findBySerial(device.serialNumber))?.uuid === profile.uuid;
    checkProfile(profile, device, this.house.profiles.stateOf(profile), found);
    if (device.begunAt < profile.linkMadeAt.getTime())
      throw forbidden('The link of this page was replaced by another. Begin again with that.');
    const { udid, serialNumber } = device;
    return { token, profile, device: { udid, serialNumber } };
  }
}

/** What stands for the visit of this token among the sign-ins. */
function signInFor(token: string): SignInFor {
  return { purpose: 'SETUP', sessionSha256: secretHash(token) };
}

/** The device of a session, by which profile it came, and when. */
interface Visitor extends SessionDevice {
  readonly enrollmentProfileUuid: string;
  readonly begunAt: number;
}

/** The device of a session that goes on. */
function deviceIn(session: EnrollmentSession | null, now: number): Visitor | undefined {
  if (session === null || session.finishedAt !== null || session.expiresAt.getTime() <= now) return undefined;
  const { udid, serialNumber, enrollmentProfileUuid, createdAt } = session;
  if (udid === null || serialNumber === null) return undefined;
  return { udid, serialNumber, enrollmentProfileUuid, begunAt: createdAt.getTime() };
}
