import type { Database, SqlValue } from '../database/index.js';
import type { EventType, PomonaEvent } from './event.js';

/** Longer than any transaction may take between numbering its events and committing. */
const GAP_PATIENCE_MS = 3_000;

export interface EventFilter {
  readonly types?: readonly EventType[];
  readonly deviceUuids?: readonly string[];
}

interface Row {
  seq: number | string;
  type: string;
  deviceUuid: string | null;
  subjectUuid: string | null;
  data: string;
  createdAt: number | string;
}

/**
 * Reads events in order, and never past one that may still appear. Numbers are taken before a transaction commits, so
 * with several writers number 8 can become visible before 7; a reader that moved on to 8 would never see 7. So reading
 * stops before a missing number until it appears, or until it is certain that its transaction was rolled back.
 */
export class EventFeed {
  constructor(private readonly database: Database) {}

  /** The newest number that was given; 0 when nothing ever happened. */
  async latest(): Promise<number> {
    const [row] = await this.database.query<{ seq: number | string | null }>(
      'SELECT MAX(seq) AS seq FROM events',
    );
    return Number(row?.seq ?? 0);
  }

  /** The oldest event that is still kept: a cursor before it has lost something. 0 when there is none. */
  async oldest(): Promise<number> {
    const [row] = await this.database.query<{ seq: number | string | null }>(
      'SELECT MIN(seq) AS seq FROM events',
    );
    return Number(row?.seq ?? 0);
  }

  /** All events after `cursor`, at most `limit`, without those that are not certain yet. */
  async after(cursor: number, limit: number): Promise<PomonaEvent[]> {
    const rows = await this.#select('seq > ?', [cursor], limit);
    return this.#upToGap(rows, cursor);
  }

  /**
   * Events after `cursor` that match, at most `limit`. With one SQLite writer, or nothing younger than the patience, there
   * are no uncertain ones; else the newest events are held back until they are certain.
   */
  async matching(cursor: number, limit: number, filter: EventFilter): Promise<PomonaEvent[]> {
    const horizon = await this.#horizon(cursor);
    const conditions = ['seq > ?', 'seq <= ?'];
    const parameters: SqlValue[] = [cursor, horizon];
    addList(conditions, parameters, 'type', filter.types);
    addList(conditions, parameters, 'device_uuid', filter.deviceUuids);
    return (await this.#select(conditions.join(' AND '), parameters, limit)).map(toEvent);
  }

  async #select(where: string, parameters: readonly SqlValue[], limit: number): Promise<Row[]> {
    return this.database.query<Row>(
      `SELECT seq, type, device_uuid AS deviceUuid, subject_uuid AS subjectUuid, data, created_at AS createdAt
         FROM events WHERE ${where} ORDER BY seq LIMIT ${limit}`,
      parameters,
    );
  }

  /** The last number before the first young gap after `cursor`. */
  async #horizon(cursor: number): Promise<number> {
    if (this.database.dialect === 'sqlite') return Number.MAX_SAFE_INTEGER;
    const young = await this.database.query<{ seq: number | string }>(
      'SELECT seq FROM events WHERE seq > ? AND created_at > ? ORDER BY seq LIMIT 5000',
      [cursor, Date.now() - GAP_PATIENCE_MS],
    );
    let last = young.length === 0 ? Number.MAX_SAFE_INTEGER : Number(young[0]?.seq);
    for (const row of young.slice(1)) {
      if (Number(row.seq) !== last + 1) break;
      last = Number(row.seq);
    }
    return last;
  }

  #upToGap(rows: readonly Row[], cursor: number): PomonaEvent[] {
    const certain = Date.now() - GAP_PATIENCE_MS;
    const events: PomonaEvent[] = [];
    let last = cursor;
    for (const row of rows) {
      const seq = Number(row.seq);
      const gap = seq !== last + 1 && this.database.dialect !== 'sqlite';
      if (gap && Number(row.createdAt) > certain) break;
      events.push(toEvent(row));
      last = seq;
    }
    return events;
  }
}

function addList(
  conditions: string[],
  parameters: SqlValue[],
  column: string,
  values: readonly string[] | undefined,
): void {
  if (values === undefined) return;
  if (values.length === 0) {
    conditions.push('1 = 0');
    return;
  }
  conditions.push(`${column} IN (${values.map(() => '?').join(', ')})`);
  parameters.push(...values);
}

function toEvent(row: Row): PomonaEvent {
  return {
    seq: Number(row.seq),
    type: row.type as EventType,
    deviceUuid: row.deviceUuid,
    subjectUuid: row.subjectUuid,
    data: JSON.parse(row.data) as Record<string, unknown>,
    createdAt: new Date(Number(row.createdAt)),
  };
}
