import type { Database, SqlValue } from '../database/index.js';
import type { EventType, PomonaEvent } from './event.js';
import { Horizon } from './horizon.js';

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

/** Reads events in order, and never past one that may still appear (see Horizon). */
export class EventFeed {
  readonly #horizon: Horizon;

  constructor(private readonly database: Database) {
    this.#horizon = new Horizon(database);
  }

  /** The newest number that can be seen; 0 when nothing ever happened. An older one may still appear: no cursor to go on from. */
  async latest(): Promise<number> {
    const [row] = await this.database.query<{ seq: number | string | null }>(
      'SELECT MAX(seq) AS seq FROM events',
    );
    return Number(row?.seq ?? 0);
  }

  /** The newest number that nothing can precede any more: what is read after this cursor is whatever happens from now on. */
  settled(): Promise<number> {
    return this.database.dialect === 'sqlite' ? this.latest() : this.#horizon.reach();
  }

  /** The oldest event that is still kept: a cursor before it has lost something. 0 when there is none. */
  async oldest(): Promise<number> {
    const [row] = await this.database.query<{ seq: number | string | null }>(
      'SELECT MIN(seq) AS seq FROM events',
    );
    return Number(row?.seq ?? 0);
  }

  /** All events after `cursor`, at most `limit`, without those that are not settled yet. */
  after(cursor: number, limit: number): Promise<PomonaEvent[]> {
    return this.matching(cursor, limit, {});
  }

  /** Events after `cursor` that match, at most `limit`, without those that are not settled yet. */
  async matching(cursor: number, limit: number, filter: EventFilter): Promise<PomonaEvent[]> {
    const conditions = ['seq > ?'];
    const parameters: SqlValue[] = [cursor];
    if (this.database.dialect !== 'sqlite') {
      const reached = await this.#horizon.reach();
      if (reached <= cursor) return [];
      conditions.push('seq <= ?');
      parameters.push(reached);
    }
    addList(conditions, parameters, 'type', filter.types);
    addList(conditions, parameters, 'device_uuid', filter.deviceUuids);
    const rows = await this.database.query<Row>(
      `SELECT seq, type, device_uuid AS deviceUuid, subject_uuid AS subjectUuid, data, created_at AS createdAt
         FROM events WHERE ${conditions.join(' AND ')} ORDER BY seq LIMIT ${limit}`,
      parameters,
    );
    return rows.map(toEvent);
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
