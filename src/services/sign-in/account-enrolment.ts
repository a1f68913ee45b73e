import type { MachineInfo } from '../../apple/machine-info/index.js';
import type { Database } from '../../database/index.js';
import { EnrollmentProfileState, type EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { AccountDrivenMode, type SignInPurpose } from '../../entities/sign-in.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { EnrollmentProfiles } from '../enrolment-profiles/enrolment-profiles.js';
import { sameSerial } from '../enrolment-profiles/standing.js';
import type { EnrollmentWriter } from '../enrolment-profiles/writer.js';
import type { Begun, Finished, SignIns } from './sign-ins.js';

/** One entry of what devices are told of (Apple: WellKnown.Server). */
export interface OfferedServer {
  readonly Version: 'mdm-byod' | 'mdm-adde';
  readonly BaseURL: string;
}

/**
 * Enrolment by the account of the user (Apple: "Implementing the simple authentication account-driven enrollment flow"): the
 * device finds the server, is told where its user signs in, and comes back with an access token that is good for one profile.
 */
export class AccountEnrolment {
  /** @param signIns undefined when no OpenID provider is configured */
  constructor(
    private readonly database: Database,
    private readonly profiles: EnrollmentProfiles,
    private readonly writer: EnrollmentWriter,
    private readonly signIns: SignIns | undefined,
    private readonly alerts: Alerts,
    private readonly publicUrl: () => string,
  ) {}

  /** The ways that are open, for devices that look for them. Throws as `mustOffer` does when none is. */
  async servers(): Promise<OfferedServer[]> {
    const servers: OfferedServer[] = [];
    let whyNot: unknown;
    for (const mode of Object.values(AccountDrivenMode)) {
      try {
        await this.mustOffer(mode);
        servers.push({
          Version: `mdm-${pathOf(mode)}`,
          BaseURL: this.#address(`mdm/enroll/account/${pathOf(mode)}`),
        });
      } catch (error) {
        if (!(error instanceof PomonaError)) throw error;
        whyNot ??= error;
      }
    }
    if (servers.length === 0) throw whyNot;
    return servers;
  }

  /** Where the user of a device signs in. */
  signInUrl(purpose: SignInPurpose): string {
    return this.#address(`enroll/account/${purpose === 'SETUP' ? 'setup' : pathOf(purpose)}`);
  }

  /** Throws NOT_FOUND when no enrolment profile is for this, FEATURE_NOT_AVAILABLE while something else is missing. */
  async mustOffer(mode: AccountDrivenMode): Promise<EnrollmentProfile> {
    this.#mustSignIn();
    const profile = await this.profiles.findAccountDriven(mode);
    if (profile === null || this.profiles.stateOf(profile) !== EnrollmentProfileState.USABLE)
      throw new PomonaError(
        'NOT_FOUND',
        `No enrollment profile is for people who sign in (accountDriven: ${mode}), or it works no more.`,
      );
    if (!this.writer.pushConfigured)
      throw unavailable('No push certificate is configured, so no device can enrol.');
    return profile;
  }

  /** Throws as `mustOffer` does, and UPSTREAM_REFUSED while the provider cannot be reached. */
  async beginSignIn(mode: AccountDrivenMode, loginHint: string | undefined): Promise<Begun> {
    await this.mustOffer(mode);
    return this.#mustSignIn().begin({ purpose: mode }, loginHint);
  }

  /** With the access token for the device. Throws as `SignIns.finish` does. */
  finishSignIn(query: string, browser: string | undefined): Promise<Finished> {
    return this.#mustSignIn().finish(query, browser);
  }

  /**
   * The enrolment profile for the device of whoever signed in: the token is used up when, and only when, its challenge is made.
   * @param device what it says of itself, signed with the certificate that Apple gave it
   * Undefined for a token that is not, or no longer, good: the user has to sign in again. Throws as `mustOffer` does.
   */
  async redeem(mode: AccountDrivenMode, token: string, device: MachineInfo): Promise<Buffer | undefined> {
    const signIns = this.#mustSignIn();
    const profile = await this.mustOffer(mode);
    const outcome = await this.database.transaction(async (tx) => {
      const found = await signIns.redeem(tx, token, { purpose: mode });
      return found.kind === 'FRESH'
        ? this.writer.write(tx, profile, { signInUuid: found.uuid, ...hardwareOf(mode, device) })
        : found;
    });
    if (Buffer.isBuffer(outcome)) return outcome;
    if (outcome.kind === 'USED') {
      const { uuid, managedAppleId } = outcome;
      await this.alerts.raise('ACCESS_TOKEN_REUSED', null, {
        message: mode,
        claimed: uuid,
        ...(managedAppleId === null ? {} : { managedAppleId }),
      });
    }
    return undefined;
  }

  #mustSignIn(): SignIns {
    if (this.signIns === undefined)
      throw unavailable('Nobody can sign in here: no OpenID provider is configured (POMONA_OIDC_ISSUER).');
    return this.signIns;
  }

  #address(path: string): string {
    return `${this.publicUrl().replace(/\/$/, '')}/${path}`;
  }
}

/** A device that names itself gets a certificate for itself alone. In User Enrollment it does not. */
function hardwareOf(
  mode: AccountDrivenMode,
  { udid, serialNumber }: MachineInfo,
): { readonly udid?: string | undefined; readonly serialNumber?: string | undefined } {
  if (mode === AccountDrivenMode.BYOD) return {};
  return { udid, serialNumber: serialNumber === undefined ? undefined : sameSerial(serialNumber) };
}

/** As it stands in addresses. */
export function pathOf(mode: AccountDrivenMode): 'byod' | 'adde' {
  return mode === AccountDrivenMode.BYOD ? 'byod' : 'adde';
}

function unavailable(message: string): PomonaError {
  return new PomonaError('FEATURE_NOT_AVAILABLE', message);
}
