import type { Connection, Pool, QueryError } from 'mysql2';
import type { DataSource } from 'typeorm';
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

  constructor(
    on: Pool | Connection,
    private readonly check: (sql: string, parameters: readonly SqlValue[]) => void = () => undefined,
  ) {
    this.#target = on as Target;
  }

  /** On the connections of a data source: each statement on whichever is free. */
  static ofPool(source: DataSource, check: MysqlSql['check']): MysqlSql {
    return new MysqlSql((source.driver as unknown as { pool: Pool }).pool, check);
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
    return new Promise((resolve, reject) => {
      this.check(sql, parameters);
      const way = isSentBinary(parameters) ? 'execute' : method;
      this.#target[way](sql, parameters, (error, result) =>
        error === null ? resolve(result) : reject(error),
      );
    });
  }
}
