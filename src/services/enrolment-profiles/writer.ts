import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { signAttached, signingTime, type CmsSigner } from '../../apple/cms/index.js';
import {
  buildEnrollmentProfile,
  buildIdentityProfile,
  buildProfileService,
} from '../../apple/mobileconfig/index.js';
import type { Clock } from '../../clock.js';
import { lockClause, type Transaction } from '../../database/index.js';
import type { EnrollmentProfile } from '../../entities/enrollment-profile.js';
import { PomonaError } from '../../errors.js';
import type { CertificateAuthority, EnrollmentGrant } from '../authority/index.js';
import { accountOfDevice, accountOfSignIn, type EnrollmentAccount } from '../sign-in/accounts.js';

/** A device asks for its certificate within a minute or so of the installation; people take longer to install. */
const CHALLENGE_MS = 60 * 60_000;

/** What of the server goes into every profile. The topic is that of the push certificate; undefined while there is none. */
export interface EnrollmentServer {
  readonly publicUrl: () => string;
  readonly topic: () => string | undefined;
  /** Signs every profile; without one they go unsigned. */
  readonly signer?: CmsSigner | undefined;
}

/** Whom a profile is for: what its challenge permits. */
export type WrittenFor = Omit<EnrollmentGrant, 'enrollmentProfileUuid' | 'expiresAt'>;

/** What was written, and the challenge in it: its text, which is kept nowhere. */
export interface Written {
  readonly bytes: Buffer;
  readonly challenge: string;
}

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
   * The `.mobileconfig` for one device, signed when something to sign with is configured; its challenge is good for one
   * certificate within an hour. Throws FEATURE_NOT_AVAILABLE while no push certificate is configured.
   */
  async write(tx: Transaction, profile: EnrollmentProfile, whom: WrittenFor): Promise<Buffer> {
    return (await this.writeTold(tx, profile, whom)).bytes;
  }

  /** The same, and the challenge in it. */
  async writeTold(tx: Transaction, profile: EnrollmentProfile, whom: WrittenFor): Promise<Written> {
    const topic = this.#mustHaveTopic();
    const challenge = await this.#mint(tx, profile, whom);
    const bytes = this.#signed(this.#build(profile, topic, challenge, await accountOf(tx, whom)));
    return { bytes, challenge };
  }

  /** What over-the-air enrolment begins with: the device sends its attributes to `url`, and `challenge` with them. */
  writeProfileService(profile: EnrollmentProfile, url: string, challenge: string): Buffer {
    this.#mustHaveTopic();
    const { displayName, organization, uuids } = aboutOf(profile);
    return this.#signed(
      buildProfileService({ displayName, organization, uuid: uuids.profileService, url, challenge }),
    );
  }

  /** Has the device get a certificate, and nothing else: what it signs the last phase of over-the-air enrolment with. */
  async writeIdentity(tx: Transaction, profile: EnrollmentProfile, whom: WrittenFor): Promise<Written> {
    this.#mustHaveTopic();
    const challenge = await this.#mint(tx, profile, whom);
    const { displayName, organization, uuids } = aboutOf(profile);
    const content = { displayName, organization, scep: this.#scep(profile, challenge) };
    const identity = { profile: uuids.identityProfile, scep: uuids.identity };
    return { bytes: this.#signed(buildIdentityProfile({ ...content, uuids: identity })), challenge };
  }

  #mustHaveTopic(): string {
    const topic = this.server.topic();
    if (topic === undefined) throw withoutPush();
    return topic;
  }

  async #mint(tx: Transaction, profile: EnrollmentProfile, whom: WrittenFor): Promise<string> {
    const { uuid } = profile;
    if (whom.renewalOfDeviceUuid === undefined) await lockAsRead(tx, profile);
    const expiresAt = new Date(this.now() + CHALLENGE_MS);
    return this.authority.challenges.mint(tx, { ...whom, enrollmentProfileUuid: uuid, expiresAt });
  }

  #scep(profile: EnrollmentProfile, challenge: string) {
    return {
      url: `${this.#base()}/scep`,
      challenge,
      commonName: profile.name,
      caFingerprint: createHash('sha1').update(this.authority.current.certificate.raw).digest(),
    };
  }

  #base(): string {
    return this.server.publicUrl().replace(/\/$/, '');
  }

  #signed(content: Buffer): Buffer {
    const { signer } = this.server;
    if (signer === undefined) return content;
    return signAttached({
      content,
      signer,
      digest: 'sha256',
      attributes: [signingTime(new Date(this.now()))],
    });
  }

  #build(
    profile: EnrollmentProfile,
    topic: string,
    challenge: string,
    account: EnrollmentAccount | undefined,
  ): Buffer {
    const { certificate, chain = [] } = this.authority.current;
    const { raw } = certificate;
    const base = this.#base();
    return buildEnrollmentProfile({
      ...aboutOf(profile),
      scep: this.#scep(profile, challenge),
      mdm: {
        serverUrl: `${base}/mdm/connect`,
        checkInUrl: `${base}/mdm/checkin`,
        topic,
        accessRights: profile.accessRights,
        account,
      },
      trustedRoot: profile.includesAuthority ? (chain.at(-1)?.raw ?? raw) : undefined,
    });
  }
}

/**
 * Who replaces a link or revokes a profile voids the challenges there are: none may come after that from somebody who was let in
 * before. Throws CONFLICT when the profile is not any more what was read of it.
 */
async function lockAsRead(tx: Transaction, { uuid, tokenSha256 }: EnrollmentProfile): Promise<void> {
  const same = await tx.query(
    `SELECT 1 AS one FROM enrollment_profiles WHERE uuid = ? AND token_sha256 = ? AND revoked_at IS NULL${lockClause(tx.dialect)}`,
    [uuid, tokenSha256],
  );
  if (same.length === 0)
    throw new PomonaError('CONFLICT', 'This enrollment profile was changed just now. Begin again.');
}

/** Who signed in, also when the profile is sent again: Apple lets neither the account nor the mode change in it. */
async function accountOf(
  tx: Transaction,
  { signInUuid, renewalOfDeviceUuid }: WrittenFor,
): Promise<EnrollmentAccount | undefined> {
  if (signInUuid !== undefined) return accountOfSignIn(tx, signInUuid);
  return renewalOfDeviceUuid === undefined ? undefined : accountOfDevice(tx, renewalOfDeviceUuid);
}

function withoutPush(): PomonaError {
  return new PomonaError(
    'FEATURE_NOT_AVAILABLE',
    'No push certificate is configured (pushCertificateUpload, or POMONA_APNS_CERT_FILE), so no device can be woken, and none can enrol.',
  );
}

/** What of the profile stands in everything that is written for it. */
function aboutOf({ name, organization, uuid }: EnrollmentProfile) {
  return { displayName: name, organization: organization ?? undefined, uuids: uuidsOf(uuid) };
}

/** The same for every download of a profile (RFC 9562, version 5), in capitals as Apple writes them. */
function uuidsOf(uuid: string) {
  const named = (name: string): string => uuidv5(name, uuid).toUpperCase();
  return {
    profile: named('profile'),
    scep: named('scep'),
    mdm: named('mdm'),
    root: named('root'),
    profileService: named('profile-service'),
    identityProfile: named('identity-profile'),
    identity: named('identity'),
  };
}
