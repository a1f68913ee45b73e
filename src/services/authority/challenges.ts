import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { lockClause, type Transaction } from '../../database/index.js';
import { EnrollmentChallenge } from '../../entities/authority.js';
import { PomonaError } from '../../errors.js';
import { secretHash } from '../secret-hash.js';

/** 256 random bits: nothing that could be searched for. */
const CHALLENGE_BYTES = 32;
const DEFAULT_LIFE_MS = 60 * 60_000;
/** A longer text is none of ours. */
const MOST_CHARACTERS = 256;

/** What a challenge permits: one certificate, for an enrolment or in place of a device's. */
export interface EnrollmentGrant {
  readonly enrollmentProfileUuid: string | null;
  /** The only serial number that may enrol with the certificate. */
  readonly serialNumber?: string | undefined;
  /** The only UDID that may enrol with it. */
  readonly udid?: string | undefined;
  /** The sign-in of the person whose device enrols: it decides how the device may. */
  readonly signInUuid?: string | undefined;
  /** An hour from now, when left out. */
  readonly expiresAt?: Date | undefined;
  /** The certificate takes the place of this device's, and enrols no other. */
  readonly renewalOfDeviceUuid?: string | undefined;
}

/** What a challenge turned out to be, its row locked. */
export type FoundChallenge =
  | { readonly kind: 'UNKNOWN'; readonly sha256: string }
  | { readonly kind: 'EXPIRED'; readonly sha256: string }
  | { readonly kind: 'USED'; readonly sha256: string; readonly certificateSha256: string }
  | { readonly kind: 'FRESH'; readonly sha256: string; readonly grant: EnrollmentGrant };

interface Row {
  readonly enrollmentProfileUuid: string | null;
  readonly serialNumber: string | null;
  readonly udid: string | null;
  readonly signInUuid: string | null;
  readonly renewalOfDeviceUuid: string | null;
  readonly expiresAt: number | string;
  readonly certificateSha256: string | null;
}

/** The permissions to be issued a certificate. Each is good for one, and for a time; only hashes are kept. */
export class Challenges {
  constructor(private readonly now: Clock) {}

  /** Makes a challenge. Its text is returned here and never again. Throws INVALID when it would be over already. */
  async mint(tx: Transaction, grant: EnrollmentGrant): Promise<string> {
    const expiresAt = grant.expiresAt ?? new Date(this.now() + DEFAULT_LIFE_MS);
    if (!(expiresAt.getTime() > this.now()))
      throw new PomonaError('INVALID', 'The end of a challenge must lie in the future.', {
        path: ['expiresAt'],
      });
    const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
    await tx.manager.insert(EnrollmentChallenge, {
      sha256: secretHash(challenge),
      enrollmentProfileUuid: grant.enrollmentProfileUuid,
      serialNumber: grant.serialNumber ?? null,
      udid: grant.udid ?? null,
      signInUuid: grant.signInUuid ?? null,
      renewalOfDeviceUuid: grant.renewalOfDeviceUuid ?? null,
      expiresAt,
      usedAt: null,
      certificateSha256: null,
      createdAt: new Date(this.now()),
    });
    return challenge;
  }

  /** What this text permits. Whoever asks next for the same one waits until the transaction ends. */
  async find(tx: Transaction, challenge: string): Promise<FoundChallenge> {
    const sha256 = secretHash(challenge.slice(0, MOST_CHARACTERS));
    const [row] = await tx.query<Row>(
      `SELECT enrollment_profile_uuid AS enrollmentProfileUuid, serial_number AS serialNumber, udid, sign_in_uuid AS signInUuid,
         renewal_of_device_uuid AS renewalOfDeviceUuid, expires_at AS expiresAt, certificate_sha256 AS certificateSha256
       FROM enrollment_challenges WHERE sha256 = ?${lockClause(tx.dialect)}`,
      [sha256],
    );
    if (row === undefined) return { kind: 'UNKNOWN', sha256 };
    if (row.certificateSha256 !== null)
      return { kind: 'USED', sha256, certificateSha256: row.certificateSha256 };
    if (Number(row.expiresAt) <= this.now()) return { kind: 'EXPIRED', sha256 };
    return { kind: 'FRESH', sha256, grant: toGrant(row) };
  }

  /** Uses a fresh challenge up, in the transaction that records what was issued for it. */
  async use(tx: Transaction, sha256: string, certificateSha256: string): Promise<void> {
    const used = await tx.run(
      'UPDATE enrollment_challenges SET used_at = ?, certificate_sha256 = ? WHERE sha256 = ? AND used_at IS NULL',
      [this.now(), certificateSha256, sha256],
    );
    if (used.affected !== 1) throw new Error('A challenge was used twice.');
  }
}

function toGrant(row: Row): EnrollmentGrant {
  return {
    enrollmentProfileUuid: row.enrollmentProfileUuid,
    serialNumber: row.serialNumber ?? undefined,
    udid: row.udid ?? undefined,
    signInUuid: row.signInUuid ?? undefined,
    renewalOfDeviceUuid: row.renewalOfDeviceUuid ?? undefined,
    expiresAt: new Date(Number(row.expiresAt)),
  };
}
