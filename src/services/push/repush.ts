import type { Clock } from '../../clock.js';
import { claimClause, updateRows, type Database, type Transaction } from '../../database/index.js';
import { HOUR } from './backoff.js';
import type { Pushes } from './pushes.js';

const BATCH = 500;

/** Until the push that is owed now has its outcome, which sets the true time. Later than any retry of it. */
const UNTIL_SETTLED_MS = 24 * HOUR;

interface DueRow {
  channelUuid: string;
  deviceUuid: string;
  pushable: number | boolean;
  repushCount: number;
  hasReady: number | boolean;
  nextCommandAt: number | string | null;
}

/** What is next for a channel whose time to be pushed again has come. */
interface Next {
  readonly channelUuid: string;
  readonly deviceUuid: string;
  readonly push: boolean;
  readonly repushAt: number | null;
  readonly repushCount: number;
}

/** Pushes devices again while commands wait for them, ever more rarely, and leaves those alone that have none. */
export class Repush {
  constructor(
    private readonly database: Database,
    private readonly pushes: Pushes,
    private readonly now: Clock,
  ) {}

  /** Goes through the channels whose time has come. Returns how many were owed a push. Safe to run in any number of processes. */
  async run(): Promise<number> {
    let pushed = 0;
    for (;;) {
      const done = await this.database.transaction((tx) => this.#runBatch(tx));
      pushed += done.filter((next) => next.push).length;
      if (done.length < BATCH) return pushed;
    }
  }

  async #runBatch(tx: Transaction): Promise<Next[]> {
    const now = this.now();
    const all = (await claimDue(tx, now)).map((row) => decide(row, now));
    const owed = all.filter((next) => next.push);
    await this.pushes.owe(tx, owed);
    const rows = all.map(({ channelUuid, repushAt, repushCount }) => ({
      key: channelUuid,
      set: { repush_at: repushAt, repush_count: repushCount },
    }));
    await updateRows(tx, { table: 'channels', keyColumn: 'uuid' }, rows);
    return all;
  }
}

function decide(row: DueRow, now: number): Next {
  const { channelUuid, deviceUuid } = row;
  const rest = { channelUuid, deviceUuid, push: false, repushAt: null, repushCount: 0 };
  if (!row.pushable) return rest;
  if (row.hasReady)
    return { ...rest, push: true, repushAt: now + UNTIL_SETTLED_MS, repushCount: row.repushCount + 1 };
  return row.nextCommandAt === null ? rest : { ...rest, repushAt: Number(row.nextCommandAt) };
}

function claimDue(tx: Transaction, now: number): Promise<DueRow[]> {
  return tx.query<DueRow>(
    `SELECT c.uuid AS channelUuid, c.device_uuid AS deviceUuid, c.enabled AND NOT c.token_retired AS pushable,
            c.repush_count AS repushCount,
            EXISTS (SELECT 1 FROM commands k WHERE k.queue_channel_uuid = c.uuid
                       AND (k.expires_at IS NULL OR k.expires_at > ?)
                       AND (k.not_before IS NULL OR k.not_before <= ?)) AS hasReady,
            (SELECT MIN(k.not_before) FROM commands k
              WHERE k.queue_channel_uuid = c.uuid AND k.not_before > ?) AS nextCommandAt
       FROM channels c WHERE c.repush_at <= ? ORDER BY c.repush_at LIMIT ${BATCH}${claimClause(tx.dialect)}`,
    [now, now, now, now],
  );
}
