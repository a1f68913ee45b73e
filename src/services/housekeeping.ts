import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import type { CommandSending } from './commands/sending.js';
import type { Settling } from './deployments/settling.js';
import { loadTargets } from './deployments/records.js';
import { archiveRetiring } from './enrolment/identities.js';

export interface Retention {
  /** Finished commands and settled pushes are kept this long, in milliseconds. */
  readonly historyMs: number;
  /** Events are kept this long: a client away for longer is told to read everything anew. */
  readonly eventsMs: number;
}

/** Rows one statement deletes, so that no lock is held for long. */
const BATCH = 1_000;

/** What has to be done by the clock. Every job may run in several processes at once, and be cut off anywhere. */
export class Housekeeping {
  constructor(
    private readonly database: Database,
    private readonly sending: CommandSending,
    private readonly settling: Settling,
    private readonly retention: Retention,
    private readonly now: Clock,
  ) {}

  /** Expires commands, and lets devices out of Setup Assistant that waited long enough. */
  async due(): Promise<void> {
    while ((await this.sending.expire()) === 500);
    await this.configureWaiting();
    await archiveRetiring(this.database, this.now());
  }

  /** Deletes what is older than it is kept. */
  async prune(): Promise<void> {
    const history = this.now() - this.retention.historyMs;
    await this.#deleteOldest('commands', 'seq', 'answered_at < ?', history);
    await this.#deleteOldest('pushes', 'seq', 'settled_at < ?', history);
    // The newest stays whatever its age: by it a cursor is known to have missed nothing.
    const passed = 'created_at < ? AND seq < (SELECT MAX(newest.seq) FROM events newest)';
    await this.#deleteOldest('events', 'seq', passed, this.now() - this.retention.eventsMs);
    const unused =
      'used_at < ? AND NOT EXISTS (SELECT 1 FROM commands c WHERE c.body_uuid = command_bodies.uuid)';
    await this.#deleteOldest('command_bodies', 'uuid', unused, this.now() - 24 * 60 * 60_000);
  }

  /** Devices that awaited configuration for too long are let go, settled or not: nobody shall be stuck in Setup Assistant. */
  async configureWaiting(): Promise<void> {
    const rows = await this.database.query<{ uuid: string }>(
      'SELECT uuid FROM devices WHERE awaiting_until <= ? ORDER BY awaiting_until LIMIT 200',
      [this.now()],
    );
    if (rows.length === 0) return;
    await this.database.transaction(async (tx) => {
      const targets = await loadTargets(
        tx,
        rows.map((row) => row.uuid),
      );
      await this.settling.configure(
        tx,
        targets.filter((target) => target.awaitingConfiguration),
        true,
      );
    });
  }

  async #deleteOldest(table: string, key: string, where: string, before: number): Promise<void> {
    for (;;) {
      const rows = await this.database.query<Record<string, string | number>>(
        `SELECT ${key} AS k FROM ${table} WHERE ${where} LIMIT ${BATCH}`,
        [before],
      );
      if (rows.length === 0) return;
      const keys = rows.map((row) => row['k'] ?? '');
      await this.database.run(
        `DELETE FROM ${table} WHERE ${key} IN (${keys.map(() => '?').join(', ')})`,
        keys,
      );
      if (rows.length < BATCH) return;
    }
  }
}
