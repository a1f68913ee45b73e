import type { QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect.js';

/** One step: harmless when it was already taken. */
export type Step = (runner: QueryRunner) => Promise<void>;

export interface Migration {
  /** Sorts by age, and never changes once released. */
  readonly name: string;
  steps(dialect: Dialect): Step[];
}

export interface TableSpec {
  readonly name: string;
  /** Column name → type and constraints, as MySQL writes them. `SEQUENCE` is a numbering primary key, `FLAG` a boolean. */
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey?: readonly string[];
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  readonly uniques?: Readonly<Record<string, readonly string[]>>;
}

/** Creates a table with its indexes, whatever part of that is there already. */
export function createTable(dialect: Dialect, table: TableSpec): Step[] {
  // Quoted, because TypeORM reads the name of a numbering key back from the text of the statement.
  const quote = dialect === 'sqlite' ? '"' : '`';
  const columns = Object.entries(table.columns).map(
    ([name, type]) => `${quote}${name}${quote} ${columnType(dialect, type)}`,
  );
  if (table.primaryKey !== undefined) columns.push(`PRIMARY KEY (${table.primaryKey.join(', ')})`);
  const tail = dialect === 'sqlite' ? '' : ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';
  const create = `CREATE TABLE IF NOT EXISTS ${table.name} (${columns.join(', ')})${tail}`;
  const indexes = (unique: boolean) =>
    Object.entries((unique ? table.uniques : table.indexes) ?? {}).map(([name, on]) =>
      createIndex(dialect, table.name, name, on, unique),
    );
  return [async (runner) => void (await runner.query(create)), ...indexes(false), ...indexes(true)];
}

function columnType(dialect: Dialect, type: string): string {
  if (type.startsWith('FLAG')) return type.replace('FLAG', dialect === 'sqlite' ? 'boolean' : 'tinyint(1)');
  if (type !== 'SEQUENCE') return dialect === 'sqlite' ? type.replace(/^int /, 'integer ') : type;
  return dialect === 'sqlite'
    ? 'integer PRIMARY KEY AUTOINCREMENT NOT NULL'
    : 'bigint NOT NULL AUTO_INCREMENT PRIMARY KEY';
}

/** Creates an index unless it is there. MySQL has no CREATE INDEX IF NOT EXISTS, so it is asked first. */
export function createIndex(
  dialect: Dialect,
  table: string,
  name: string,
  on: readonly string[],
  unique = false,
): Step {
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  return async (runner) => {
    if (dialect === 'sqlite') {
      await runner.query(`CREATE ${kind} IF NOT EXISTS "${name}" ON ${table} (${on.join(', ')})`);
      return;
    }
    const found = await runner.query(
      'SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ? LIMIT 1',
      [table, name],
    );
    if (found.length === 0) await runner.query(`CREATE ${kind} \`${name}\` ON ${table} (${on.join(', ')})`);
  };
}

/** Adds a column unless it is there. `type` is written as in a `TableSpec`. */
export function addColumn(dialect: Dialect, table: string, name: string, type: string): Step {
  const asked =
    dialect === 'sqlite'
      ? 'SELECT 1 FROM pragma_table_info(?) WHERE name = ?'
      : 'SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?';
  return async (runner) => {
    const found = await runner.query(asked, [table, name]);
    if (found.length === 0)
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${columnType(dialect, type)}`);
  };
}
