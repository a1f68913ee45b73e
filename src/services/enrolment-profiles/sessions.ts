import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { lockClause, type Transaction } from '../../database/index.js';
import { EnrollmentSession } from '../../entities/enrollment-session.js';
import { secretHash } from '../secret-hash.js';

/** 256 random bits: nothing that could be searched for. */
const TOKEN_BYTES = 32;
/** A longer text is none of ours. */
const MOST_CHARACTERS = 256;

/** Which device a session is for. */
export interface SessionDevice {
  readonly udid: string;
  /** In capitals. */
  readonly serialNumber: string;
}

/** Begins an enrolment that takes several requests. Returns its token, which is told here and never again. */
export async function beginSession(
  tx: Transaction,
  session: Pick<EnrollmentSession, 'kind' | 'enrollmentProfileUuid'> & Partial<SessionDevice>,
  lifeMs: number,
  now: Clock,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await tx.manager.insert(EnrollmentSession, {
    tokenSha256: secretHash(token),
    kind: session.kind,
    enrollmentProfileUuid: session.enrollmentProfileUuid,
    udid: session.udid ?? null,
    serialNumber: session.serialNumber ?? null,
    identityChallengeSha256: null,
    finalChallengeSha256: null,
    expiresAt: new Date(now() + lifeMs),
    finishedAt: null,
    createdAt: new Date(now()),
  });
  return token;
}

/** The session of a token; whoever asks next for the same one waits until the transaction ends. */
export function lockSession(
  tx: Transaction,
  kind: EnrollmentSession['kind'],
  token: string,
): Promise<EnrollmentSession | null> {
  return lockSessionByHash(tx, kind, secretHash(token.slice(0, MOST_CHARACTERS)));
}

/** The session of a token's SHA-256, locked until the transaction ends; null when there is none. */
export async function lockSessionByHash(
  tx: Transaction,
  kind: EnrollmentSession['kind'],
  tokenSha256: string,
): Promise<EnrollmentSession | null> {
  const rows = await tx.query(
    `SELECT 1 AS one FROM enrollment_sessions WHERE token_sha256 = ? AND kind = ?${lockClause(tx.dialect)}`,
    [tokenSha256, kind],
  );
  return rows.length === 0 ? null : tx.manager.findOneBy(EnrollmentSession, { tokenSha256 });
}
