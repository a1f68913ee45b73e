import { v7 as uuidv7 } from 'uuid';
import { lockClause, type Database, type Transaction } from '../../database/index.js';
import { SignIn, type SignInPurpose } from '../../entities/sign-in.js';
import type { Person } from './admission.js';
import { secretHash } from '../secret-hash.js';

/** Writes down a sign-in that begins. One statement. */
export async function recordBegun(
  database: Database,
  begun: Pick<
    SignIn,
    'purpose' | 'sessionSha256' | 'stateSha256' | 'browserSha256' | 'createdAt' | 'expiresAt'
  >,
): Promise<void> {
  await database.transaction((tx) =>
    tx.manager.insert(SignIn, {
      uuid: uuidv7(),
      ...begun,
      answeredAt: null,
      issuer: null,
      subject: null,
      userName: null,
      managedAppleId: null,
      tokenSha256: null,
      tokenExpiresAt: null,
      tokenUsedAt: null,
    }),
  );
}

/** Uses a state up. Undefined when there is none, or it is another browser's, answered before, or over. */
export function takeAnswer(
  database: Database,
  state: string,
  browser: string,
  now: number,
): Promise<Pick<SignIn, 'uuid' | 'purpose' | 'sessionSha256'> | undefined> {
  const [stateSha256, browserSha256] = [secretHash(state), secretHash(browser)];
  return database.transaction(async (tx) => {
    const taken = await tx.run(
      `UPDATE sign_ins SET answered_at = ?
         WHERE state_sha256 = ? AND browser_sha256 = ? AND answered_at IS NULL AND expires_at > ?`,
      [now, stateSha256, browserSha256, now],
    );
    return taken.affected === 1
      ? ((await tx.manager.findOneBy(SignIn, { stateSha256 })) ?? undefined)
      : undefined;
  });
}

/** Who signed in, and the token that their device is given for it. */
export async function recordPerson(
  database: Database,
  uuid: string,
  person: Person,
  token: { readonly sha256: string; readonly expiresAt: number },
): Promise<void> {
  const { issuer, subject, userName, managedAppleId } = person;
  await database.transaction((tx) =>
    tx.run(
      `UPDATE sign_ins SET issuer = ?, subject = ?, user_name = ?, managed_apple_id = ?, token_sha256 = ?, token_expires_at = ?
         WHERE uuid = ? AND token_sha256 IS NULL`,
      [issuer.slice(0, 512), subject, userName, managedAppleId, token.sha256, token.expiresAt, uuid],
    ),
  );
}

/** What an access token turned out to be. */
export type FoundToken =
  | { readonly kind: 'UNKNOWN' | 'EXPIRED' }
  /** It is good, and for something else. */
  | { readonly kind: 'OTHER_PURPOSE' }
  | { readonly kind: 'USED'; readonly uuid: string; readonly managedAppleId: string | null }
  | { readonly kind: 'FRESH'; readonly uuid: string };

/** What a sign-in is to be good for. */
export interface SignInFor {
  readonly purpose: SignInPurpose;
  /** SETUP: the key of the visit. */
  readonly sessionSha256?: string | undefined;
}

/** Uses an access token up, in the transaction of what it is good for. Whoever comes with the same one waits until that ends. */
export async function takeToken(
  tx: Transaction,
  token: string,
  wanted: SignInFor,
  now: number,
): Promise<FoundToken> {
  const sha256 = secretHash(token);
  const [row] = await tx.query<{
    readonly uuid: string;
    readonly purpose: SignInPurpose;
    readonly sessionSha256: string | null;
    readonly managedAppleId: string | null;
    readonly expiresAt: number | string;
    readonly usedAt: number | string | null;
  }>(
    `SELECT uuid, purpose, session_sha256 AS sessionSha256, managed_apple_id AS managedAppleId,
         token_expires_at AS expiresAt, token_used_at AS usedAt
       FROM sign_ins WHERE token_sha256 = ?${lockClause(tx.dialect)}`,
    [sha256],
  );
  if (row === undefined) return { kind: 'UNKNOWN' };
  if (row.usedAt !== null) return { kind: 'USED', uuid: row.uuid, managedAppleId: row.managedAppleId };
  if (Number(row.expiresAt) <= now) return { kind: 'EXPIRED' };
  const sameSession = row.sessionSha256 === (wanted.sessionSha256 ?? null);
  if (row.purpose !== wanted.purpose || !sameSession) return { kind: 'OTHER_PURPOSE' };
  await tx.run('UPDATE sign_ins SET token_used_at = ? WHERE uuid = ?', [now, row.uuid]);
  return { kind: 'FRESH', uuid: row.uuid };
}
