import { chunks, lockClause, placeholders, type Sql, type Transaction } from '../../database/index.js';
import { IssuedCertificate } from '../../entities/authority.js';
import type { IdentityStatus } from '../../entities/identity.js';
import type { EnrollmentGrant } from './challenges.js';
import type { NewIdentity } from './issue.js';

/**
 * ISSUED until a device has shown it. BOUND to a device. ARCHIVED when a newer certificate took its place or the device
 * began a new life. REVOKED by an operator. Neither of the last two is accepted again.
 */
export type IssuedStatus = 'ISSUED' | 'BOUND' | 'ARCHIVED' | 'REVOKED';

/** What is known of a certificate that our authority issued. */
export interface Standing {
  readonly sha256: string;
  readonly status: IssuedStatus;
  /** The device it speaks for; null until it speaks for one. */
  readonly deviceUuid: string | null;
  readonly enrollmentProfileUuid: string | null;
  /** The only serial number that may enrol with it; null: any. */
  readonly expectedSerialNumber: string | null;
  /** The only UDID that may enrol with it; null: any. */
  readonly expectedUdid: string | null;
  /** The sign-in by which it came; null when it came by a link. */
  readonly signInUuid: string | null;
  readonly issuedAt: Date;
  readonly notAfter: Date;
}

interface Row extends Omit<Standing, 'status' | 'issuedAt' | 'notAfter'> {
  readonly issuedAt: number | string;
  readonly notAfter: number | string;
  readonly revokedAt: number | string | null;
  readonly identityStatus: IdentityStatus | null;
}

/** What a certificate is worth; undefined when we issued no such one. */
export function findStanding(sql: Sql, sha256: string): Promise<Standing | undefined> {
  return readStanding(sql, sha256, '');
}

async function readStanding(sql: Sql, sha256: string, lock: string): Promise<Standing | undefined> {
  const [row] = await sql.query<Row>(
    `SELECT c.sha256 AS sha256, c.enrollment_profile_uuid AS enrollmentProfileUuid, c.expected_serial_number AS expectedSerialNumber,
       c.expected_udid AS expectedUdid, c.sign_in_uuid AS signInUuid, c.created_at AS issuedAt, c.not_after AS notAfter, c.revoked_at AS revokedAt,
       i.device_uuid AS deviceUuid, i.status AS identityStatus
     FROM issued_certificates c LEFT JOIN identities i ON i.sha256 = c.sha256 WHERE c.sha256 = ?${lock}`,
    [sha256],
  );
  if (row === undefined) return undefined;
  const { revokedAt, identityStatus, issuedAt, notAfter, ...rest } = row;
  const times = { issuedAt: new Date(Number(issuedAt)), notAfter: new Date(Number(notAfter)) };
  return { ...rest, ...times, status: statusOf(revokedAt, identityStatus) };
}

/** The same, its rows locked until the transaction ends: nobody revokes it meanwhile. */
export function lockStanding(tx: Transaction, sha256: string): Promise<Standing | undefined> {
  return readStanding(tx, sha256, lockClause(tx.dialect));
}

function statusOf(revokedAt: Row['revokedAt'], identity: IdentityStatus | null): IssuedStatus {
  if (revokedAt !== null) return 'REVOKED';
  if (identity === null) return 'ISSUED';
  return identity === 'ARCHIVED' ? 'ARCHIVED' : 'BOUND';
}

/** What a certificate was issued for. */
export interface Issuance {
  readonly grant: EnrollmentGrant;
  /** SHA-256 of the certificate in whose place it is issued; null for an enrolment. */
  readonly renewalOf: string | null;
  readonly transactionId: string;
  readonly publicKeySha256: string;
}

/** Writes down a certificate that was issued, and what it was issued for. One statement. */
export async function record(
  tx: Transaction,
  identity: NewIdentity,
  issuance: Issuance,
  now: number,
): Promise<void> {
  await tx.manager.insert(IssuedCertificate, {
    sha256: identity.sha256,
    serial: identity.serial,
    purpose: 'DEVICE_IDENTITY',
    subject: identity.subject.slice(0, 255),
    certificate: identity.der,
    notBefore: identity.certificate.validFromDate,
    notAfter: identity.certificate.validToDate,
    enrollmentProfileUuid: issuance.grant.enrollmentProfileUuid,
    expectedSerialNumber: issuance.grant.serialNumber ?? null,
    expectedUdid: issuance.grant.udid ?? null,
    signInUuid: issuance.grant.signInUuid ?? null,
    renewalOf: issuance.renewalOf,
    transactionId: issuance.transactionId,
    publicKeySha256: issuance.publicKeySha256,
    createdAt: new Date(now),
    revokedAt: null,
  });
}

/** A request that was answered before, by what makes it the same one. */
export interface Repeated {
  readonly column: 'sha256' | 'renewal_of';
  readonly value: string;
  readonly transactionId: string;
  readonly publicKeySha256: string;
}

/** What the same request was given before: its DER, if it is still worth anything. */
export async function findRepeated(
  tx: Transaction,
  asked: Repeated,
  now: number,
): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ certificate: Uint8Array }>(
    `SELECT c.certificate AS certificate FROM issued_certificates c LEFT JOIN identities i ON i.sha256 = c.sha256
     WHERE c.${asked.column} = ? AND c.transaction_id = ? AND c.public_key_sha256 = ? AND c.revoked_at IS NULL AND c.not_after > ?
       AND (i.status IS NULL OR i.status <> 'ARCHIVED') LIMIT 1`,
    [asked.value, asked.transactionId, asked.publicKeySha256, now],
  );
  return row === undefined ? undefined : Buffer.from(row.certificate);
}

/** A key whose certificate was revoked may be in other hands: it gets no other certificate. */
export async function isRevokedKey(sql: Sql, publicKeySha256: string): Promise<boolean> {
  const rows = await sql.query(
    'SELECT 1 AS one FROM issued_certificates WHERE public_key_sha256 = ? AND revoked_at IS NOT NULL LIMIT 1',
    [publicKeySha256],
  );
  return rows.length > 0;
}

/** How many certificates were issued since a moment in place of any of a device's: each of those may be renewed itself. */
export async function countRenewals(sql: Sql, deviceUuid: string, since: number): Promise<number> {
  const [row] = await sql.query<{ n: number | string }>(
    `SELECT COUNT(*) AS n FROM identities i JOIN issued_certificates c ON c.sha256 = i.sha256
      WHERE i.device_uuid = ? AND c.renewal_of IS NOT NULL AND c.created_at > ?`,
    [deviceUuid, since],
  );
  return Number(row?.n ?? 0);
}

/** Certificates of one statement. */
const WAVE = 500;

/**
 * Revokes a certificate, those it was renewed by, and so on. First the certificates, then their bindings: one that is being
 * bound right now is waited for (`lockStanding`). Returns the SHA-256 of those that were not revoked before.
 */
export async function revokeLineage(tx: Transaction, sha256: string, now: number): Promise<string[]> {
  const revoked: string[] = [];
  for (let wave = [sha256]; wave.length > 0;) {
    const next: string[] = [];
    for (const some of chunks(wave, WAVE)) {
      revoked.push(...(await revokeThese(tx, some, now)));
      next.push(...(await renewalsOf(tx, some)));
    }
    wave = next;
  }
  return revoked;
}

async function revokeThese(tx: Transaction, wave: readonly string[], now: number): Promise<string[]> {
  const these = `sha256 IN ${placeholders(wave.length)}`;
  const good = await tx.query<{ sha256: string }>(
    `SELECT sha256 FROM issued_certificates WHERE revoked_at IS NULL AND ${these}${lockClause(tx.dialect)}`,
    wave,
  );
  await tx.run(`UPDATE issued_certificates SET revoked_at = ? WHERE revoked_at IS NULL AND ${these}`, [
    now,
    ...wave,
  ]);
  await tx.run(
    `UPDATE identities SET status = 'ARCHIVED', archived_at = ? WHERE status <> 'ARCHIVED' AND ${these}`,
    [now, ...wave],
  );
  return good.map((row) => row.sha256);
}

async function renewalsOf(sql: Sql, wave: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ sha256: string }>(
    `SELECT sha256 FROM issued_certificates WHERE renewal_of IN ${placeholders(wave.length)}`,
    wave,
  );
  return rows.map(({ sha256 }) => sha256);
}
