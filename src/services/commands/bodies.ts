import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { commandFragment } from '../../apple/commands/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, placeholders, type Transaction } from '../../database/index.js';

/** A command's body as it will be stored and sent: the XML of its `Command` dictionary. */
export interface PreparedBody {
  readonly requestType: string;
  readonly fragment: string;
  readonly sha256: string;
}

/** Renders a command body. Equal bodies have equal hashes and are stored once. */
export function prepareBody(body: PlistDict): PreparedBody {
  const fragment = commandFragment(body);
  return {
    requestType: String(body['RequestType']),
    fragment,
    sha256: createHash('sha256').update(fragment).digest('hex'),
  };
}

/** A body used since is in no danger: housekeeping deletes those that nobody used for a day. */
const IN_USE_MS = 12 * 60 * 60_000;

/**
 * Stores bodies, each once, and returns the uuid of each by its hash. One statement for up to 200 bodies that are in use:
 * were they written each time, everyone who sends the same command would wait for everyone else's commit.
 */
export async function storeBodies(
  tx: Transaction,
  bodies: readonly PreparedBody[],
  now: Clock,
): Promise<Map<string, string>> {
  const distinct = new Map(bodies.map((body) => [body.sha256, body]));
  const stored = new Map<string, string>();
  for (const chunk of chunks([...distinct.values()], 200)) {
    const inUse = await read(tx, chunk, now() - IN_USE_MS);
    const rest = chunk.filter((body) => !inUse.has(body.sha256));
    await keep(tx, rest, now());
    for (const [sha256, uuid] of [...inUse, ...(await read(tx, rest, 0))]) stored.set(sha256, uuid);
  }
  return stored;
}

async function read(
  tx: Transaction,
  bodies: readonly PreparedBody[],
  usedAfter: number,
): Promise<Map<string, string>> {
  if (bodies.length === 0) return new Map();
  const rows = await tx.query<{ uuid: string; sha256: string }>(
    `SELECT uuid, sha256 FROM command_bodies WHERE used_at > ? AND sha256 IN ${placeholders(bodies.length)}`,
    [usedAfter, ...bodies.map((body) => body.sha256)],
  );
  return new Map(rows.map((row) => [row.sha256, row.uuid]));
}

/** Bodies that are there already are kept alive first, lest housekeeping deletes them meanwhile. */
async function keep(tx: Transaction, bodies: readonly PreparedBody[], now: number): Promise<void> {
  if (bodies.length === 0) return;
  await tx.run(`UPDATE command_bodies SET used_at = ? WHERE sha256 IN ${placeholders(bodies.length)}`, [
    now,
    ...bodies.map((body) => body.sha256),
  ]);
  await insertRows(
    tx,
    `${insertIgnore(tx.dialect)} command_bodies`,
    ['uuid', 'request_type', 'sha256', 'fragment', 'used_at'],
    bodies.map((body) => [uuidv7(), body.requestType, body.sha256, Buffer.from(body.fragment, 'utf8'), now]),
  );
}
