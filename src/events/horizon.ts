import { isLocked, shareNoWaitClause, type Database } from '../database/index.js';

/** No statement takes longer between being given its numbers and writing its rows. */
const PATIENCE_MS = 3_000;
/** A process that starts takes for settled what is older than this. */
const LONG_AGO_MS = 60_000;
const BATCH = 5_000;

interface Row {
  seq: number | string;
  createdAt: number | string;
}

/**
 * How far events can be read so that none appears behind the reader. Numbers are given before a transaction commits: with
 * several writers number 8 can be seen before 7, and a reader that moved on to 8 would never see 7. So reading stops before
 * a number that is missing, until it appears, or until it is certain never to be used: enough time has passed for its row
 * to be written, and none is, not even by a transaction that is still open.
 */
export class Horizon {
  /** All numbers up to this one are there, or never will be. */
  #reached: number | undefined;

  constructor(private readonly database: Database) {}

  /** The number up to which events can be read now. One statement when nothing is missing. */
  async reach(): Promise<number> {
    let reached = this.#reached ?? (await this.#start());
    for (;;) {
      const rows = await this.database.query<Row>(
        `SELECT seq, created_at AS createdAt FROM events WHERE seq > ? ORDER BY seq LIMIT ${BATCH}`,
        [reached],
      );
      const next = await this.#walk(reached, rows);
      const stopped = next !== Number(rows.at(-1)?.seq ?? next);
      reached = Math.max(next, this.#reached ?? 0);
      this.#reached = reached;
      if (stopped || rows.length < BATCH) return reached;
    }
  }

  async #walk(from: number, rows: readonly Row[]): Promise<number> {
    let last = from;
    for (const row of rows) {
      const seq = Number(row.seq);
      if (seq !== last + 1 && !(await this.#isUnused(last, row))) break;
      last = seq;
    }
    return last;
  }

  /** Whether the numbers missing before this row will never be used. */
  async #isUnused(last: number, row: Row): Promise<boolean> {
    return Number(row.createdAt) <= Date.now() - PATIENCE_MS && (await this.#areFree(last, Number(row.seq)));
  }

  /** Whether no transaction, at its end or not, has written a row between two numbers. */
  async #areFree(after: number, before: number): Promise<boolean> {
    try {
      const found = await this.database.query(
        `SELECT seq FROM events WHERE seq > ? AND seq < ?${shareNoWaitClause(this.database.dialect)}`,
        [after, before],
      );
      return found.length === 0;
    } catch (error) {
      if (isLocked(error)) return false;
      throw error;
    }
  }

  /** Where a process that starts begins: at the last event of long ago, or before the first there is. */
  async #start(): Promise<number> {
    const [old] = await this.database.query<{ seq: number | string }>(
      'SELECT seq FROM events WHERE created_at <= ? ORDER BY created_at DESC, seq DESC LIMIT 1',
      [Date.now() - LONG_AGO_MS],
    );
    if (old !== undefined) return Number(old.seq);
    const [first] = await this.database.query<{ seq: number | string | null }>(
      'SELECT MIN(seq) AS seq FROM events',
    );
    const oldest = Number(first?.seq ?? 0);
    return oldest > 1 && (await this.#areFree(0, oldest)) ? oldest - 1 : 0;
  }
}
