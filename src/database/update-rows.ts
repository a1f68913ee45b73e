import { chunksBySize, weightOf, type Sql, type SqlValue } from './sql.js';

/** New values of some columns of one row; every row of a call names the same columns. */
export interface RowUpdate {
  readonly key: SqlValue;
  readonly set: Readonly<Record<string, SqlValue>>;
}

export interface UpdateRowsOptions {
  readonly table: string;
  readonly keyColumn: string;
  /** Assignments that are the same for all rows, for example `tally = tally + 1`. */
  readonly also?: readonly string[];
  /** Further condition a row must meet to be changed, for example `queue_channel_uuid IS NOT NULL`. */
  readonly guard?: string;
}

/** Gives many rows their own new values in one statement per 200 rows (or megabyte). Returns how many rows met the guard. */
export async function updateRows(
  sql: Sql,
  options: UpdateRowsOptions,
  rows: readonly RowUpdate[],
): Promise<number> {
  let affected = 0;
  for (const chunk of chunksBySize(rows, 200, (row) => weightOf(Object.values(row.set))))
    affected += await updateChunk(sql, options, chunk);
  return affected;
}

async function updateChunk(
  sql: Sql,
  options: UpdateRowsOptions,
  rows: readonly RowUpdate[],
): Promise<number> {
  const columns = Object.keys(rows[0]?.set ?? {});
  const parameters: SqlValue[] = [];
  const assignments = columns.map((column) => {
    const cases = rows.map((row) => {
      parameters.push(row.key, row.set[column] ?? null);
      return 'WHEN ? THEN ?';
    });
    return `${column} = CASE ${options.keyColumn} ${cases.join(' ')} ELSE ${column} END`;
  });
  const keys = rows.map((row) => row.key);
  const guard = options.guard === undefined ? '' : ` AND ${options.guard}`;
  const where = `${options.keyColumn} IN (${keys.map(() => '?').join(', ')})${guard}`;
  const text = `UPDATE ${options.table} SET ${[...assignments, ...(options.also ?? [])].join(', ')} WHERE ${where}`;
  return (await sql.run(text, [...parameters, ...keys])).affected;
}
