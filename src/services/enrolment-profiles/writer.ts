import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { buildEnrollmentProfile } from '../../apple/mobileconfig/index.js';
import type { Clock } from '../../clock.js';
import type { Transaction } from '../../database/index.js';
import type { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import type { CertificateAuthority, EnrollmentGrant } from '../authority/index.js';

/** A device asks for its certificate within a minute or so of the installation; people take longer to install. */
const CHALLENGE_MS = 60 * 60_000;

/** What of the server goes into every profile. The topic is that of the push certificate; undefined while there is none. */
export interface EnrollmentServer {
  readonly publicUrl: () => string;
  readonly topic: () => string | undefined;
}

/** Whom a profile is for: what its challenge permits. */
export type WrittenFor = Omit<EnrollmentGrant, 'enrollmentProfileUuid' | 'expiresAt'>;

/** Writes what a device installs to enrol, or to renew its identity. Every one has a challenge of its own. */
export class EnrollmentWriter {
  constructor(
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

  /**
   * The `.mobileconfig` for one device, unsigned; its challenge is good for one certificate within an hour. Throws
   * FEATURE_NOT_AVAILABLE while no push certificate is configured.
   */
  async write(tx: Transaction, profile: EnrollmentProfile, whom: WrittenFor): Promise<Buffer> {
    const topic = this.server.topic();
    if (topic === undefined) throw withoutPush();
    const challenge = await this.authority.challenges.mint(tx, {
      ...whom,
      enrollmentProfileUuid: profile.uuid,
      expiresAt: new Date(this.now() + CHALLENGE_MS),
    });
    return this.#build(profile, topic, challenge);
  }

  #build(profile: EnrollmentProfile, topic: string, challenge: string): Buffer {
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
