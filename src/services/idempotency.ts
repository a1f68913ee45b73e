import { createHash, createHmac } from 'node:crypto';
import { insertIgnore, type Transaction } from '../database/index.js';
import { PomonaError, type ErrorCode } from '../errors.js';

/** A call that its sender may send again without knowing whether the first arrived. */
export interface KeyedCall {
  readonly tokenUuid: string;
  /** The sender's choice; two senders may choose the same. */
  readonly key: string;
  /** The mutation. */
  readonly operation: string;
  /** Its input without the key. */
  readonly body: unknown;
}

/** A key is remembered this long, in milliseconds; then it is as good as new. */
export const KEY_KEPT_MS = 24 * 60 * 60_000;

interface Kept {
  readonly operation: string;
  readonly bodySha256: string;
  readonly answer: string;
  readonly createdAt: number | string;
}

const WHERE = 'key_sha256 = ? AND token_uuid = ?';

/**
 * Does the work of a keyed call once, and answers the same to whoever sends the call again. The key is written first, in the
 * transaction of the work: a second call that comes meanwhile waits at the row until the first commits; and when the first
 * fails or its process dies, the key goes with what it did. Without a call, the work is simply done.
 *
 * @param work its answer must be JSON, but for a `PomonaError` under the name `problem`
 * @throws PomonaError IDEMPOTENCY_KEY_REUSED when the key belongs to another call
 */
export async function once<A>(
  tx: Transaction,
  call: KeyedCall | undefined,
  now: number,
  work: () => Promise<A>,
): Promise<A> {
  if (call === undefined) return work();
  const row = [sha256(call.key), call.tokenUuid];
  // Under the key, which is not kept: an input may be a PIN, and its plain hash could be tried out.
  const bodySha256 = createHmac('sha256', call.key).update(canonical(call.body)).digest('hex');
  const kept = await claim(tx, row, [call.operation, bodySha256], now);
  if (kept !== undefined) return replay(kept, call, bodySha256);
  const answer = await work();
  await tx.run(`UPDATE idempotency_keys SET answer = ? WHERE ${WHERE}`, [
    JSON.stringify(answer, hide),
    ...row,
  ]);
  return answer;
}

/** Makes the key ours, or returns what it was used for. */
async function claim(
  tx: Transaction,
  row: readonly string[],
  use: readonly string[],
  now: number,
): Promise<Kept | undefined> {
  const { affected } = await tx.run(
    `${insertIgnore(tx.dialect)} idempotency_keys (key_sha256, token_uuid, operation, body_sha256, answer, created_at)
     VALUES (?, ?, ?, ?, '', ?)`,
    [...row, ...use, now],
  );
  if (affected === 1) return undefined;
  const [kept] = await tx.query<Kept>(
    `SELECT operation, body_sha256 AS bodySha256, answer, created_at AS createdAt FROM idempotency_keys WHERE ${WHERE}`,
    row,
  );
  if (kept !== undefined && Number(kept.createdAt) >= now - KEY_KEPT_MS) return kept;
  // Forgotten, but not deleted yet.
  await tx.run(
    `UPDATE idempotency_keys SET operation = ?, body_sha256 = ?, answer = '', created_at = ? WHERE ${WHERE}`,
    [...use, now, ...row],
  );
  return undefined;
}

function replay<A>(kept: Kept, { operation }: KeyedCall, bodySha256: string): A {
  if (kept.operation === operation && kept.bodySha256 === bodySha256)
    return JSON.parse(kept.answer, show) as A;
  const firstUsedAt = new Date(Number(kept.createdAt)).toISOString();
  const what = kept.operation === operation ? `${operation} with another input` : kept.operation;
  throw new PomonaError(
    'IDEMPOTENCY_KEY_REUSED',
    `This idempotencyKey was first used for ${what}, at ${firstUsedAt}. Send that call unchanged, or choose a new key.`,
    { path: ['idempotencyKey'], details: { operation: kept.operation, firstUsedAt } },
  );
}

interface Hidden {
  readonly code: ErrorCode;
  readonly message: string;
}

function hide(name: string, value: unknown): unknown {
  if (name !== 'problem' || !(value instanceof PomonaError)) return value;
  return { code: value.code, message: value.message } satisfies Hidden;
}

function show(name: string, value: unknown): unknown {
  if (name !== 'problem') return value;
  const { code, message } = value as Hidden;
  return new PomonaError(code, message);
}

/**
 * The same text for the same input: members in the order of their names, what is null or absent left out (an input means the
 * same by both), moments as RFC 3339, bytes as base64.
 */
export function canonical(value: unknown): string {
  if (Buffer.isBuffer(value)) return JSON.stringify({ base64: value.toString('base64') });
  if (value instanceof Date || typeof value !== 'object' || value === null)
    return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).filter(([, member]) => member != null);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
