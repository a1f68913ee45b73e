import type { Clock } from '../clock.js';
import { placeholders, type Database } from '../database/index.js';
import { KEY_KEPT_MS } from './idempotency.js';

export interface Retention {
  /** Finished commands and settled pushes are kept this long, in milliseconds. */
  readonly historyMs: number;
  /** Events are kept this long: a client away for longer is told to read everything anew. */
  readonly eventsMs: number;
}

/** Rows one statement deletes, so that no lock is held for long. */
const BATCH = 1_000;
/** A challenge is known for so long after its end: a second use is told from an invention, and a repeated request answered. */
const CHALLENGE_KEPT_MS = 30 * 24 * 60 * 60_000;
/** What ended without anything having come of it: strangers may leave as many as they like, so a day is enough. */
const UNUSED_KEPT_MS = 24 * 60 * 60_000;
const UNUSED_BODY_MS = 24 * 60 * 60_000;

/** Deletes what is older than it is kept. Any number of processes may do so at once, and be cut off anywhere. */
export class Pruning {
  constructor(
    private readonly database: Database,
    private readonly retention: Retention,
    private readonly now: Clock,
  ) {}

  async run(): Promise<void> {
    const history = this.now() - this.retention.historyMs;
    await this.#deleteOlder('commands', 'seq', 'answered_at', history);
    await this.#deleteOlder('sealed_reports', 'command_uuid', 'answered_at', history);
    await this.#deleteOlder('pushes', 'seq', 'settled_at', history);
    // The newest stays whatever its age: by it a cursor is known to have missed nothing.
    const passed = 'seq < (SELECT MAX(newest.seq) FROM events newest)';
    await this.#deleteOlder('events', 'seq', 'created_at', this.now() - this.retention.eventsMs, passed);
    await this.#deleteOlder('idempotency_keys', 'key_sha256', 'created_at', this.now() - KEY_KEPT_MS);
    const ended = this.now() - UNUSED_KEPT_MS;
    await this.#deleteOlder('enrollment_challenges', 'sha256', 'expires_at', ended, 'used_at IS NULL');
    await this.#deleteOlder('enrollment_challenges', 'sha256', 'expires_at', this.now() - CHALLENGE_KEPT_MS);
    // A state that is gone is refused as one that was used; a token is known as long as a challenge, for the same reason.
    await this.#deleteOlder('sign_ins', 'uuid', 'expires_at', this.now(), 'token_sha256 IS NULL');
    await this.#deleteOlder('sign_ins', 'uuid', 'expires_at', this.now() - CHALLENGE_KEPT_MS);
    await this.#deleteOlder('enrollment_sessions', 'token_sha256', 'expires_at', ended);
    const unused = 'NOT EXISTS (SELECT 1 FROM commands c WHERE c.body_uuid = command_bodies.uuid)';
    await this.#deleteOlder('command_bodies', 'uuid', 'used_at', this.now() - UNUSED_BODY_MS, unused);
    const ofNone = 'NOT EXISTS (SELECT 1 FROM command_bodies b WHERE b.uuid = sealed_bodies.body_uuid)';
    await this.#deleteOlder('sealed_bodies', 'body_uuid', 'created_at', this.now() - UNUSED_BODY_MS, ofNone);
  }

  /** The age is asked again by the DELETE: a body that was used meanwhile must stay. */
  async #deleteOlder(table: string, key: string, age: string, before: number, also = '1 = 1'): Promise<void> {
    for (;;) {
      const rows = await this.database.query<{ k: string | number }>(
        `SELECT ${key} AS k FROM ${table} WHERE ${age} < ? AND ${also} LIMIT ${BATCH}`,
        [before],
      );
      if (rows.length === 0) return;
      const keys = rows.map((row) => row.k);
      const where = `${key} IN ${placeholders(keys.length)} AND ${age} < ?`;
      await this.database.run(`DELETE FROM ${table} WHERE ${where}`, [...keys, before]);
      if (rows.length < BATCH) return;
    }
  }
}
