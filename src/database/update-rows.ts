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
  const assignments = Object.keys(rows[0]?.set ?? {}).map((column) =>
    assign(options.keyColumn, column, rows),
  );
  const keys = rows.map((row) => row.key);
  const guard = options.guard === undefined ? '' : ` AND ${options.guard}`;
  const where = `${options.keyColumn} IN (${keys.map(() => '?').join(', ')})${guard}`;
  const texts = [...assignments.map(({ text }) => text), ...(options.also ?? [])];
  const parameters = assignments.flatMap((assignment) => assignment.parameters);
  const text = `UPDATE ${options.table} SET ${texts.join(', ')} WHERE ${where}`;
  return (await sql.run(text, [...parameters, ...keys])).affected;
}

/** Rows mostly agree on a status and a time: what is the same for all is written once. */
function assign(
  keyColumn: string,
  column: string,
  rows: readonly RowUpdate[],
): { text: string; parameters: SqlValue[] } {
  const values = rows.map((row) => row.set[column] ?? null);
  const [first = null] = values;
  if (values.every((value) => value === first)) return { text: `${column} = ?`, parameters: [first] };
  const cases = rows.map(() => 'WHEN ? THEN ?').join(' ');
  const parameters = rows.flatMap((row, index) => [row.key, values[index] ?? null]);
  return { text: `${column} = CASE ${keyColumn} ${cases} ELSE ${column} END`, parameters };
}
