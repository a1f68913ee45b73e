import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/**
 * Node's own SQLite, in the few shapes TypeORM asks of the better-sqlite3 package: no native build, no download, and
 * `synchronous=FULL` in WAL mode. TypeORM calls `new Driver(path, options)`.
 */
class Statement {
  readonly reader: boolean;
  readonly #statement;

  constructor(database: DatabaseSync, sql: string) {
    this.#statement = database.prepare(sql);
    this.reader = this.#statement.columns().length > 0;
  }

  all(...parameters: SQLInputValue[]): unknown[] {
    return this.#statement.all(...parameters.map(bindable));
  }

  run(...parameters: SQLInputValue[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...parameters.map(bindable));
  }
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === undefined ? null : (value as SQLInputValue);
}

/** One connection. Statements are prepared once and kept: the hot paths repeat a few dozen texts. */
export default class NodeSqlite {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Statement>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = new Statement(this.#database, sql);
    if (this.#statements.size >= 500) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  pragma(text: string): unknown[] {
    return this.#database.prepare(`PRAGMA ${text}`).all();
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
