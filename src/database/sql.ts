import type { QueryRunner } from 'typeorm';

export type SqlValue = string | number | bigint | boolean | Buffer | null;

/** What an INSERT, UPDATE or DELETE did. */
export interface WriteResult {
  readonly affected: number;
  /** The first number a multi-row INSERT was given, where the table numbers its rows. */
  readonly insertId: number;
}

/** Runs statements. `?` marks a parameter in every dialect; values never enter the text. */
export interface Sql {
  query<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<WriteResult>;
}

interface MysqlHeader {
  affectedRows?: number;
  insertId?: number;
}

/** Statements on one TypeORM query runner (one connection). */
export class RunnerSql implements Sql {
  constructor(private readonly runner: QueryRunner) {}

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.runner.query(sql, [...parameters])) as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<WriteResult> {
    const result = await this.runner.query(sql, [...parameters], true);
    const raw = result.raw as MysqlHeader | number | bigint | undefined;
    if (typeof raw === 'object') return { affected: raw.affectedRows ?? 0, insertId: raw.insertId ?? 0 };
    return { affected: result.affected ?? 0, insertId: Number(raw ?? 0) };
  }
}

/** `(?, ?, ?)` for the given number of parameters. */
export function placeholders(count: number): string {
  return `(${Array.from({ length: count }, () => '?').join(', ')})`;
}

/** Cuts a list into runs of at most `size`, so that no statement grows without bound. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}

/** Most bytes of parameters one gathered statement carries: far below any server's `max_allowed_packet`. */
const MOST_BYTES = 1024 * 1024;

/** As `chunks`, and closing a run also when its parameters grow large. A row that is large by itself goes alone. */
export function chunksBySize<T>(items: readonly T[], most: number, sizeOf: (item: T) => number): T[][] {
  const result: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = result.at(-1);
    if (last === undefined || last.length >= most || bytes + size > MOST_BYTES) {
      result.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return result;
}

/** Roughly what parameters weigh on the wire, in bytes. */
export function weightOf(values: Iterable<SqlValue>): number {
  let bytes = 0;
  for (const value of values) bytes += typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
  return bytes;
}

/** Inserts rows in as few statements as their number and size allow. Returns what each did. */
export async function insertRows(
  sql: Sql,
  into: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  tail = '',
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  const one = placeholders(columns.length);
  for (const chunk of chunksBySize(rows, 500, weightOf)) {
    const text = `${into} (${columns.join(', ')}) VALUES ${chunk.map(() => one).join(', ')}${tail}`;
    results.push(await sql.run(text, chunk.flat()));
  }
  return results;
}
