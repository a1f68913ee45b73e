import { lockClause, type Transaction } from '../../database/index.js';
import type { EnrollmentSession } from '../../entities/enrollment-session.js';
import { lockSessionByHash } from './sessions.js';
import { secretHash } from '../secret-hash.js';

type ChallengeColumn = 'identity_challenge_sha256' | 'final_challenge_sha256';

/**
 * Whether the certificate was issued that a challenge of this session permits. Until then, a device that did not hear the
 * answer may ask again; from then on, whoever asks is not the device or has lost its way. The challenge's row is locked.
 */
export async function wasUsed(tx: Transaction, challengeSha256: string | null): Promise<boolean> {
  if (challengeSha256 === null) return false;
  const [row] = await tx.query<{ certificate: string | null }>(
    `SELECT certificate_sha256 AS certificate FROM enrollment_challenges WHERE sha256 = ?${lockClause(tx.dialect)}`,
    [challengeSha256],
  );
  return row !== undefined && row.certificate !== null;
}

/** Puts a new challenge in the place of one that was not used: never are two of a session good. */
export async function replaceChallenge(
  tx: Transaction,
  { tokenSha256 }: EnrollmentSession,
  column: ChallengeColumn,
  former: string | null,
  challenge: string,
): Promise<void> {
  if (former !== null)
    await tx.run('DELETE FROM enrollment_challenges WHERE sha256 = ? AND used_at IS NULL', [former]);
  await tx.run(`UPDATE enrollment_sessions SET ${column} = ? WHERE token_sha256 = ?`, [
    secretHash(challenge),
    tokenSha256,
  ]);
}

/** Whose session it is from now on. */
export async function bindSession(
  tx: Transaction,
  { tokenSha256 }: EnrollmentSession,
  { udid, serialNumber }: { readonly udid: string; readonly serialNumber: string },
): Promise<void> {
  await tx.run('UPDATE enrollment_sessions SET udid = ?, serial_number = ? WHERE token_sha256 = ?', [
    udid,
    serialNumber,
    tokenSha256,
  ]);
}

/** The session in which a certificate was issued, locked. */
export async function lockSessionOf(
  tx: Transaction,
  certificateSha256: string,
): Promise<EnrollmentSession | null> {
  const [row] = await tx.query<{ token: string }>(
    `SELECT s.token_sha256 AS token FROM enrollment_challenges c
       JOIN enrollment_sessions s ON s.identity_challenge_sha256 = c.sha256 WHERE c.certificate_sha256 = ?`,
    [certificateSha256],
  );
  return row === undefined ? null : lockSessionByHash(tx, 'OTA', row.token);
}
