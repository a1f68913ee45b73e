import type { Database } from '../../database/index.js';
import { EnrollmentProfileState, type EnrollmentProfile } from '../../entities/enrollment-profile.js';
import type { EnrollmentProfiles } from './enrolment-profiles.js';
import type { EnrollmentWriter } from './writer.js';

/** What a link leads to. */
export type Opened =
  | { readonly kind: 'OPEN'; readonly profile: EnrollmentProfile }
  | { readonly kind: 'GONE'; readonly state: Exclude<EnrollmentProfileState, 'USABLE'> }
  | { readonly kind: 'UNKNOWN' };

/** What becomes of a link when somebody opens it: a page about it, and the profile for one device. */
export class EnrollmentLinks {
  constructor(
    private readonly database: Database,
    private readonly profiles: EnrollmentProfiles,
    private readonly writer: EnrollmentWriter,
    private readonly options: { readonly signInInSetup: boolean },
  ) {}

  /** Without it no device can be woken, and Apple's devices refuse the profile. */
  get pushConfigured(): boolean {
    return this.writer.pushConfigured;
  }

  /** Apple's devices take a profile only when its addresses are https. */
  get reachableByDevices(): boolean {
    return this.writer.reachableByDevices;
  }

  /** The address of a token, as other devices reach it. */
  linkOf(token: string): string {
    return this.profiles.linkOf(token);
  }

  async open(token: string): Promise<Opened> {
    return this.#judge(await this.profiles.findByToken(token));
  }

  async openDefault(): Promise<Opened> {
    return this.#judge(await this.profiles.findDefault());
  }

  /**
   * The `.mobileconfig` for one device: each download has a challenge of its own. Throws FEATURE_NOT_AVAILABLE while no push
   * certificate is configured.
   */
  download(profile: EnrollmentProfile): Promise<Buffer> {
    const [only, another] = profile.allowedSerialNumbers;
    const whom = only === undefined || another !== undefined ? {} : { serialNumber: only };
    return this.database.transaction((tx) => this.writer.write(tx, profile, whom));
  }

  #judge(profile: EnrollmentProfile | null): Opened {
    if (profile === null || this.#asksToSignIn(profile)) return { kind: 'UNKNOWN' };
    const state = this.profiles.stateOf(profile);
    return state === EnrollmentProfileState.USABLE ? { kind: 'OPEN', profile } : { kind: 'GONE', state };
  }

  /**
   * One for people who sign in enrols nobody who did not; and the address that Setup Assistant opens has the token of the link
   * in it, which every owner of a device can look up.
   */
  #asksToSignIn({ accountDriven, servesAutomatedEnrollment }: EnrollmentProfile): boolean {
    return accountDriven !== null || (this.options.signInInSetup && servesAutomatedEnrollment === true);
  }
}
