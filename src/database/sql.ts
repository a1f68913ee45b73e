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

/** Statements on one TypeORM query runner (one connection), counted for the tests that hold us to our budgets. */
export class RunnerSql implements Sql {
  constructor(
    private readonly runner: QueryRunner,
    private readonly count: (sql: string) => void,
  ) {}

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    this.count(sql);
    return (await this.runner.query(sql, [...parameters])) as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<WriteResult> {
    this.count(sql);
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

/** Inserts rows in as few statements as their number allows (500 a statement). Returns the first insertId of each. */
export async function insertRows(
  sql: Sql,
  into: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  tail = '',
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  const one = placeholders(columns.length);
  for (const chunk of chunks(rows, 500)) {
    const text = `${into} (${columns.join(', ')}) VALUES ${chunk.map(() => one).join(', ')}${tail}`;
    results.push(await sql.run(text, chunk.flat()));
  }
  return results;
}
