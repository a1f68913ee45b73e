import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { deadline } from '../deadline.js';
import { PomonaError } from '../errors.js';
import type { Dialect } from './dialect.js';
import { isRepeatable, isUnavailable } from './faults.js';
import { GuardedSql, guardOf, guardSource } from './guard.js';
import { Interrupter } from './interrupter.js';
import { migrate } from './migrate.js';
import { Mutex } from './mutex.js';
import { MysqlSql } from './mysql-sql.js';
import { detectDialect, interrupterOf, mysqlSource, sqliteSource } from './options.js';
import { isLargerThan } from './packet.js';
import { RunnerSql, type Sql, type SqlValue, type WriteResult } from './sql.js';
import { Transaction } from './transaction.js';

const MAX_ATTEMPTS = 6;
/** Room for the protocol around a statement. */
const PACKET_RESERVE = 64 * 1024;
/** How long a write to SQLite holds everything up when another program writes to the file. After that it is tried again later. */
const WRITER_PATIENCE_MS = 50;

/**
 * The one way to the store. Reads go through `query` and `manager`; every change is a `transaction`.
 *
 * SQLite: TypeORM gives all its query runners ONE connection, so two overlapping transactions would mix (one rolls the
 * other's rows back). Hence two data sources: a writer whose units of work take turns, and a reader that is
 * `query_only`. MySQL and MariaDB have two pools: one that commits each statement, and one for transactions.
 *
 * Under a deadline (../deadline.ts) no statement begins once the time is over, no transaction commits, and MySQL ends the
 * statement that is running. SQLite cannot: it works in this thread, and nothing else runs until a statement is done.
 */
export class Database implements Sql {
  /** Told of every statement; tests count round trips with it. */
  onStatement: ((sql: string) => void) | undefined;
  readonly #turn = new Mutex();
  /** The reader's connections without TypeORM in between; undefined on SQLite. */
  readonly #mysql: MysqlSql | undefined;

  private constructor(
    readonly dialect: Dialect,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    /** Bytes one statement may weigh. A larger one would cost the pool its connection (ER_NET_PACKET_TOO_LARGE, then a reset). */
    private readonly maxStatementBytes: number,
    private readonly interrupter?: Interrupter,
  ) {
    const check = (sql: string, parameters: readonly unknown[]): void => this.#check(sql, parameters);
    for (const source of [writer, reader]) guardSource(source, check, interrupter);
    this.#mysql = interrupter === undefined ? undefined : MysqlSql.ofPool(reader, check, interrupter);
  }

  /** Opens the SQLite file (made when missing) and brings its schema up to date. */
  static async openSqlite(path: string): Promise<Database> {
    const writer = await sqliteSource(path, false).initialize();
    return orClose(writer, async () => {
      await migrate(writer, 'sqlite', path);
      await writer.query(`PRAGMA busy_timeout = ${WRITER_PATIENCE_MS}`);
      const reader = await sqliteSource(path, true).initialize();
      return new Database('sqlite', writer, reader, Number.MAX_SAFE_INTEGER);
    });
  }

  /** Connects to MySQL or MariaDB, finds out which it is, and brings its schema up to date. */
  static async openMysql(url: string, poolSize: number): Promise<Database> {
    const dialect = await detectDialect(url);
    const reader = await mysqlSource({ url, dialect, poolSize, autocommit: true }).initialize();
    return orClose(reader, async () => {
      await migrate(reader, dialect, url);
      const packet = await mostBytes(reader);
      const writer = await mysqlSource({ url, dialect, poolSize, autocommit: false }).initialize();
      return new Database(dialect, writer, reader, packet - PACKET_RESERVE, interrupterOf(url));
    });
  }

  /** Entities, for reading. Writes belong in a transaction (on SQLite this manager refuses them). */
  get manager(): EntityManager {
    return this.reader.manager;
  }

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      if (this.#mysql !== undefined) return await this.#mysql.query<Row>(sql, parameters);
      return (await this.reader.query(sql, [...parameters])) as Row[];
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** As `query`, for the few texts of the hot path: the server parses and plans each once for every connection. */
  async prepared<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    if (this.#mysql === undefined) return this.query<Row>(sql, parameters);
    try {
      return await this.#mysql.prepared<Row>(sql, parameters);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** One statement that changes rows, atomic by itself; repeated on deadlock. */
  run(sql: string, parameters: readonly SqlValue[] = []): Promise<WriteResult> {
    const mysql = this.#mysql;
    if (mysql !== undefined) return this.#repeat(() => mysql.run(sql, parameters));
    return this.#repeat(() => this.#withRunner((statements) => statements.run(sql, parameters)));
  }

  /**
   * Runs `work` in a transaction: committed when it returns, rolled back when it throws, run again from the start after a
   * deadlock or lock time-out (so these never surface). Throws what `work` threw, or UNAVAILABLE when the database cannot serve.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#repeat(() => this.#once(work));
  }

  async close(): Promise<void> {
    await this.reader.destroy();
    await this.writer.destroy();
    await this.interrupter?.close();
  }

  /** Statements TypeORM would run to make the schema match the entities: none, or a migration is missing. */
  async drift(): Promise<string[]> {
    const log = await this.writer.driver.createSchemaBuilder().log();
    return log.upQueries.map((query) => query.query);
  }

  async #once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { value, tx } = await this.#withRunner(async (statements, runner) => {
      const guard = guardOf(runner);
      const open = new Transaction(this.dialect, runner.manager, statements);
      if (this.dialect === 'sqlite') await statements.run('BEGIN IMMEDIATE');
      markActive(runner, true);
      try {
        const result = await work(open);
        await open.runBefore();
        // Whoever was told that it took too long is not to find it done: from here on it is.
        deadline()?.throwIfAborted();
        const failure = guard.end();
        if (failure !== undefined) throw failure;
        await statements.run('COMMIT');
        return { value: result, tx: open };
      } catch (error) {
        guard.end();
        await statements.run('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        markActive(runner, false);
      }
    });
    tx.runAfter();
    return value;
  }

  /** Takes a connection for the length of `work`. On SQLite there is one, and the work on it takes turns. */
  async #withRunner<T>(work: (sql: Sql, runner: QueryRunner) => Promise<T>): Promise<T> {
    const use = async (): Promise<T> => {
      const runner = this.writer.createQueryRunner();
      try {
        return await work(await this.#statementsOn(runner), runner);
      } finally {
        await runner.release();
      }
    };
    return this.dialect === 'sqlite' ? this.#turn.hold(use) : use();
  }

  async #statementsOn(runner: QueryRunner): Promise<Sql> {
    if (this.dialect === 'sqlite') return new RunnerSql(runner);
    return new GuardedSql(new MysqlSql((await runner.connect()) as Connection), guardOf(runner));
  }

  async #repeat<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (!isRepeatable(error) || attempt === MAX_ATTEMPTS) throw unavailable(error);
        await sleep(5 * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  #check(sql: string, parameters: readonly unknown[]): void {
    this.onStatement?.(sql);
    if (this.dialect === 'sqlite' || !isLargerThan(this.maxStatementBytes, sql, parameters)) return;
    throw new PomonaError(
      'PAYLOAD_TOO_LARGE',
      `This is larger than the database takes at once (${this.maxStatementBytes} bytes).`,
    );
  }
}

/** What could not be opened whole is closed: a pool left open keeps the process alive. */
async function orClose(source: DataSource, open: () => Promise<Database>): Promise<Database> {
  try {
    return await open();
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

async function mostBytes(source: DataSource): Promise<number> {
  const rows: { bytes: number | string }[] = await source.query('SELECT @@max_allowed_packet AS bytes');
  return Number(rows[0]?.bytes ?? 0);
}

/** TypeORM would open a transaction of its own inside ours; this tells it that one is open. */
function markActive(runner: QueryRunner, active: boolean): void {
  (runner as { isTransactionActive: boolean }).isTransactionActive = active;
}

function unavailable(error: unknown): unknown {
  if (!isUnavailable(error) && !isRepeatable(error)) return error;
  return new PomonaError(
    'UNAVAILABLE',
    'The database cannot be reached or cannot write now. Try again shortly.',
    {
      cause: error,
    },
  );
}
