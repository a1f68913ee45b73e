import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { buildEnrollmentProfile } from '../../apple/mobileconfig/index.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/index.js';
import { EnrollmentProfileState, type EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import type { CertificateAuthority } from '../authority/index.js';
import type { EnrollmentProfiles } from './enrolment-profiles.js';

/** A device asks for its certificate within a minute or so of the installation; people take longer to install. */
const CHALLENGE_MS = 60 * 60_000;

/** What a link leads to. */
export type Opened =
  | { readonly kind: 'OPEN'; readonly profile: EnrollmentProfile }
  | { readonly kind: 'GONE'; readonly state: Exclude<EnrollmentProfileState, 'USABLE'> }
  | { readonly kind: 'UNKNOWN' };

/** What of the server goes into every profile. The topic is that of the push certificate; undefined while there is none. */
export interface EnrollmentServer {
  readonly publicUrl: () => string;
  readonly topic: () => string | undefined;
}

/** What becomes of a link when somebody opens it: a page about it, and the profile for one device. */
export class EnrollmentLinks {
  constructor(
    private readonly database: Database,
    private readonly profiles: EnrollmentProfiles,
    private readonly authority: Pick<CertificateAuthority, 'current' | 'challenges'>,
    private readonly server: EnrollmentServer,
    private readonly now: Clock,
  ) {}

  /** Without it no device can be woken, and Apple's devices refuse the profile. */
  get pushConfigured(): boolean {
    return this.server.topic() !== undefined;
  }

  /** Apple's devices take a profile only when its addresses are https. */
  get reachableByDevices(): boolean {
    return this.server.publicUrl().startsWith('https:');
  }

  async open(token: string): Promise<Opened> {
    return this.#judge(await this.profiles.findByToken(token));
  }

  async openDefault(): Promise<Opened> {
    return this.#judge(await this.profiles.findDefault());
  }

  /**
   * The `.mobileconfig` for one device, unsigned: each download has a challenge of its own, good for one certificate within an
   * hour. Throws FEATURE_NOT_AVAILABLE while no push certificate is configured.
   */
  async download(profile: EnrollmentProfile): Promise<Buffer> {
    const topic = this.server.topic();
    if (topic === undefined) throw withoutPush();
    const [only, another] = profile.allowedSerialNumbers;
    const challenge = await this.database.transaction((tx) =>
      this.authority.challenges.mint(tx, {
        enrollmentProfileUuid: profile.uuid,
        ...(only === undefined || another !== undefined ? {} : { serialNumber: only }),
        expiresAt: new Date(this.now() + CHALLENGE_MS),
      }),
    );
    return this.#write(profile, topic, challenge);
  }

  #write(profile: EnrollmentProfile, topic: string, challenge: string): Buffer {
    const { raw } = this.authority.current.certificate;
    const base = this.server.publicUrl().replace(/\/$/, '');
    return buildEnrollmentProfile({
      displayName: profile.name,
      organization: profile.organization ?? undefined,
      scep: {
        url: `${base}/scep`,
        challenge,
        commonName: profile.name,
        caFingerprint: createHash('sha1').update(raw).digest(),
      },
      mdm: {
        serverUrl: `${base}/mdm/connect`,
        checkInUrl: `${base}/mdm/checkin`,
        topic,
        accessRights: profile.accessRights,
      },
      trustedRoot: profile.includesAuthority ? raw : undefined,
      uuids: uuidsOf(profile.uuid),
    });
  }

  #judge(profile: EnrollmentProfile | null): Opened {
    if (profile === null) return { kind: 'UNKNOWN' };
    const state = this.profiles.stateOf(profile);
    return state === EnrollmentProfileState.USABLE ? { kind: 'OPEN', profile } : { kind: 'GONE', state };
  }
}

function withoutPush(): PomonaError {
  return new PomonaError(
    'FEATURE_NOT_AVAILABLE',
    'No push certificate is configured (POMONA_APNS_CERT_FILE), so no device can be woken, and none can enrol.',
  );
}

/** The same for every download of a profile (RFC 9562, version 5), in capitals as Apple writes them. */
function uuidsOf(uuid: string): { profile: string; scep: string; mdm: string; root: string } {
  const named = (name: string): string => uuidv5(name, uuid).toUpperCase();
  return { profile: named('profile'), scep: named('scep'), mdm: named('mdm'), root: named('root') };
}
