import type { Connection, Pool, PoolConnection, QueryError } from 'mysql2';
import type { DataSource } from 'typeorm';
import { deadline } from '../deadline.js';
import type { Interrupter } from './interrupter.js';
import { isSentBinary } from './packet.js';
import type { Sql, SqlValue, WriteResult } from './sql.js';

type Callback = (error: QueryError | null, result: unknown) => void;

/** What a connection and a pool of them have in common. */
interface Target {
  query(sql: string, values: readonly SqlValue[], callback: Callback): unknown;
  execute(sql: string, values: readonly SqlValue[], callback: Callback): unknown;
}

/**
 * Statements straight on mysql2. On the way through a TypeORM query runner (its events, its promises) a small statement
 * costs this process about twice as much. `check` sees each statement before it is sent, and may refuse it.
 */
export class MysqlSql implements Sql {
  readonly #target: Target;
  /** Where a statement with a deadline takes the connection it can be ended on. */
  #interrupting: { readonly pool: Pool; readonly interrupter: Interrupter } | undefined;

  constructor(
    on: Pool | Connection,
    private readonly check: (sql: string, parameters: readonly SqlValue[]) => void = () => undefined,
  ) {
    this.#target = on as Target;
  }

  /** On the connections of a data source: each statement on whichever is free. */
  static ofPool(source: DataSource, check: MysqlSql['check'], interrupter: Interrupter): MysqlSql {
    const { pool } = source.driver as unknown as { pool: Pool };
    const sql = new MysqlSql(pool, check);
    sql.#interrupting = { pool, interrupter };
    return sql;
  }

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return (await this.#send('query', sql, parameters)) as Row[];
  }

  /** As `query`; the server keeps the statement prepared on every connection that it was used on. */
  async prepared<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    return (await this.#send('execute', sql, parameters)) as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<WriteResult> {
    const header = (await this.#send('query', sql, parameters)) as {
      affectedRows?: number;
      insertId?: number;
    };
    return { affected: header.affectedRows ?? 0, insertId: header.insertId ?? 0 };
  }

  #send(method: keyof Target, sql: string, parameters: readonly SqlValue[]): Promise<unknown> {
    const signal = deadline();
    if (this.#interrupting === undefined || signal === undefined)
      return this.#sendOn(this.#target, method, sql, parameters);
    return this.#sendUntil(signal, this.#interrupting, (target) =>
      this.#sendOn(target, method, sql, parameters),
    );
  }

  #sendOn(
    target: Target,
    method: keyof Target,
    sql: string,
    parameters: readonly SqlValue[],
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.check(sql, parameters);
      const way = isSentBinary(parameters) ? 'execute' : method;
      target[way](sql, parameters, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
  }

  async #sendUntil(
    signal: AbortSignal,
    { pool, interrupter }: { readonly pool: Pool; readonly interrupter: Interrupter },
    send: (target: Target) => Promise<unknown>,
  ): Promise<unknown> {
    signal.throwIfAborted();
    const connection = await connectionOf(pool);
    try {
      return await interrupter.run(connection, signal, () => send(connection as Target));
    } finally {
      connection.release();
    }
  }
}

function connectionOf(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) =>
    pool.getConnection((error, connection) => (error === null ? resolve(connection) : reject(error))),
  );
}
