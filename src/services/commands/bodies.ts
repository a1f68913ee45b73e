import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
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

/** A body that is stored, and when it was last said to be used. */
interface StoredBody {
  readonly uuid: string;
  readonly usedAt: number;
}

/**
 * Stores bodies, each once. One statement for up to 200 bodies that are in use: were they written each time, everyone who
 * sends the same command would wait for everyone else's commit. None for those that this process met lately.
 */
export class CommandBodies {
  /** What was committed, and nothing else: what a transaction wrote that failed is not there. */
  readonly #known = new LRUCache<string, StoredBody>({ max: 2_000 });

  constructor(private readonly now: Clock) {}

  /** @returns the uuid of each body by its hash */
  async store(tx: Transaction, bodies: readonly PreparedBody[]): Promise<Map<string, string>> {
    const distinct = new Map(bodies.map((body) => [body.sha256, body]));
    const stored = new Map<string, StoredBody>();
    const inUseSince = this.now() - IN_USE_MS;
    for (const sha256 of distinct.keys()) {
      const known = this.#known.get(sha256);
      if (known !== undefined && known.usedAt > inUseSince) stored.set(sha256, known);
    }
    const strange = [...distinct.values()].filter((body) => !stored.has(body.sha256));
    for (const chunk of chunks(strange, 200)) {
      for (const [sha256, body] of await this.#storeChunk(tx, chunk, inUseSince)) stored.set(sha256, body);
    }
    if (strange.length > 0) tx.afterCommit(() => this.#remember(strange, stored));
    return new Map([...stored].map(([sha256, { uuid }]) => [sha256, uuid]));
  }

  async #storeChunk(
    tx: Transaction,
    bodies: readonly PreparedBody[],
    inUseSince: number,
  ): Promise<[string, StoredBody][]> {
    const inUse = await read(tx, bodies, inUseSince);
    const rest = bodies.filter((body) => !inUse.has(body.sha256));
    await keep(tx, rest, this.now());
    return [...inUse, ...(await read(tx, rest, 0))];
  }

  #remember(bodies: readonly PreparedBody[], stored: ReadonlyMap<string, StoredBody>): void {
    for (const { sha256 } of bodies) {
      const body = stored.get(sha256);
      if (body !== undefined) this.#known.set(sha256, body);
    }
  }
}

async function read(
  tx: Transaction,
  bodies: readonly PreparedBody[],
  usedAfter: number,
): Promise<Map<string, StoredBody>> {
  if (bodies.length === 0) return new Map();
  const rows = await tx.query<{ uuid: string; sha256: string; usedAt: number | string }>(
    `SELECT uuid, sha256, used_at AS usedAt FROM command_bodies
      WHERE used_at > ? AND sha256 IN ${placeholders(bodies.length)}`,
    [usedAfter, ...bodies.map((body) => body.sha256)],
  );
  return new Map(rows.map((row) => [row.sha256, { uuid: row.uuid, usedAt: Number(row.usedAt) }]));
}

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
