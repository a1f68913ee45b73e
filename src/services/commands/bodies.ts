import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import { commandFragment } from '../../apple/commands/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, placeholders, type Transaction } from '../../database/index.js';
import type { Vault } from '../vault.js';
import { SEALED_FRAGMENT, sealFragments } from './sealed-bodies.js';
import { carriesSecret } from './secret-bodies.js';

/** A command's body as it will be stored and sent: the XML of its `Command` dictionary. */
export interface PreparedBody {
  readonly requestType: string;
  readonly fragment: string;
  /** Of the fragment. Never stored of one that carries a secret: whoever knows what PINs look like could try them all. */
  readonly sha256: string;
  readonly secret: boolean;
}

/** Renders a command body. Equal bodies have equal hashes and are stored once. */
export function prepareBody(body: PlistDict): PreparedBody {
  const fragment = commandFragment(body);
  return {
    requestType: String(body['RequestType']),
    fragment,
    sha256: createHash('sha256').update(fragment).digest('hex'),
    secret: carriesSecret(body),
  };
}

/** A body used since is in no danger: housekeeping deletes those that nobody used for a day. */
const IN_USE_MS = 12 * 60 * 60_000;

/** A body, and what it is stored under. */
interface KeyedBody extends PreparedBody {
  readonly key: string;
}

/** A body that is stored, and when it was last said to be used. */
interface StoredBody {
  readonly uuid: string;
  readonly usedAt: number;
}

/**
 * Stores bodies, each once. One statement for up to 200 bodies that are in use: were they written each time, everyone who
 * sends the same command would wait for everyone else's commit. None for those that this process met lately. Those that carry
 * a secret are sealed, and told from each other by what only the holder of the secret key can compute.
 */
export class CommandBodies {
  /** What was committed, and nothing else: what a transaction wrote that failed is not there. */
  readonly #known = new LRUCache<string, StoredBody>({ max: 2_000 });

  constructor(
    private readonly vault: Vault,
    private readonly now: Clock,
  ) {}

  /** What a body is told from others by: equal bodies have the same, also in other processes. */
  keyOf({ secret, fragment, sha256 }: PreparedBody): string {
    return secret ? this.vault.fingerprint(fragment) : sha256;
  }

  /** @returns the uuid of each body by its `sha256` */
  async store(tx: Transaction, bodies: readonly PreparedBody[]): Promise<Map<string, string>> {
    const distinct = new Map(bodies.map((body) => [body.sha256, { ...body, key: this.keyOf(body) }]));
    const stored = new Map<string, StoredBody>();
    const inUseSince = this.now() - IN_USE_MS;
    for (const [sha256, { key }] of distinct) {
      const known = this.#known.get(key);
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
    bodies: readonly KeyedBody[],
    inUseSince: number,
  ): Promise<[string, StoredBody][]> {
    const inUse = await read(tx, bodies, inUseSince);
    const rest = bodies.filter((body) => !inUse.has(body.sha256));
    const uuids = await keep(tx, rest, this.now());
    const kept = await read(tx, rest, 0);
    // Of a body that somebody else stored meanwhile, they sealed the fragment.
    const ours = rest.filter(({ secret, sha256 }) => secret && kept.get(sha256)?.uuid === uuids.get(sha256));
    const fragments = ours.map(({ sha256, fragment }) => [uuids.get(sha256) ?? '', fragment] as const);
    await sealFragments(tx, this.vault, fragments, this.now());
    return [...inUse, ...kept];
  }

  #remember(bodies: readonly KeyedBody[], stored: ReadonlyMap<string, StoredBody>): void {
    for (const { sha256, key } of bodies) {
      const body = stored.get(sha256);
      if (body !== undefined) this.#known.set(key, body);
    }
  }
}

/** By `sha256`. */
async function read(
  tx: Transaction,
  bodies: readonly KeyedBody[],
  usedAfter: number,
): Promise<Map<string, StoredBody>> {
  if (bodies.length === 0) return new Map();
  const rows = await tx.query<{ uuid: string; sha256: string; usedAt: number | string }>(
    `SELECT uuid, sha256, used_at AS usedAt FROM command_bodies
      WHERE used_at > ? AND sha256 IN ${placeholders(bodies.length)}`,
    [usedAfter, ...bodies.map((body) => body.key)],
  );
  const found = new Map(rows.map((row) => [row.sha256, { uuid: row.uuid, usedAt: Number(row.usedAt) }]));
  return new Map(
    bodies.flatMap(({ sha256, key }) => {
      const body = found.get(key);
      return body === undefined ? [] : [[sha256, body] as const];
    }),
  );
}

/** @returns the uuids that they were to have, by `sha256`: a body that is there already keeps its own */
async function keep(
  tx: Transaction,
  bodies: readonly KeyedBody[],
  now: number,
): Promise<Map<string, string>> {
  const uuids = new Map(bodies.map(({ sha256 }) => [sha256, uuidv7()]));
  if (bodies.length === 0) return uuids;
  await tx.run(`UPDATE command_bodies SET used_at = ? WHERE sha256 IN ${placeholders(bodies.length)}`, [
    now,
    ...bodies.map((body) => body.key),
  ]);
  await insertRows(
    tx,
    `${insertIgnore(tx.dialect)} command_bodies`,
    ['uuid', 'request_type', 'sha256', 'fragment', 'used_at'],
    bodies.map(({ sha256, key, requestType, secret, fragment }) => [
      uuids.get(sha256) ?? '',
      requestType,
      key,
      Buffer.from(secret ? SEALED_FRAGMENT : fragment, 'utf8'),
      now,
    ]),
  );
  return uuids;
}
