import type { Duplex } from 'node:stream';
import mysql from 'mysql2';
import mysqlPromise from 'mysql2/promise';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { ENTITIES } from '../entities/index.js';
import type { Dialect } from './dialect.js';
import { Interrupter } from './interrupter.js';
import { isSentBinary } from './packet.js';
import NodeSqlite from './sqlite-driver.js';

/**
 * A TypeORM data source on SQLite. `type: 'better-sqlite3'` is the TypeORM driver whose calls our `node:sqlite` adapter
 * answers; it is taught the two MySQL type names and the generated BIGINT key that the shared entities use.
 * @param readOnly opens the reader: any write on it fails at once instead of blocking behind the writer
 */
export function sqliteSource(path: string, readOnly: boolean): DataSource {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: path,
    driver: NodeSqlite,
    entities: ENTITIES,
    prepareDatabase: (connection: NodeSqlite) => {
      connection.pragma('busy_timeout = 5000');
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
      connection.pragma('cache_size = -65536');
      connection.pragma('temp_store = MEMORY');
      if (readOnly) connection.pragma('query_only = ON');
    },
  } as DataSourceOptions);
  teachSharedTypes(source);
  giveRunners(source.driver as BetterSqlite3Driver);
  return source;
}

/** TypeORM has one query runner for all; with one each, a transaction that has ended can be told from the next. */
function giveRunners(driver: BetterSqlite3Driver): void {
  driver.createQueryRunner = () => new BetterSqlite3QueryRunner(driver);
}

function teachSharedTypes(source: DataSource): void {
  const driver = source.driver;
  driver.supportedDataTypes.push('longtext' as never, 'longblob' as never);
  const normalize = driver.normalizeType.bind(driver);
  driver.normalizeType = (column) => {
    const isKey = (column as { isGenerated?: boolean }).isGenerated === true;
    return isKey && column.type === 'bigint' ? 'integer' : normalize(column);
  };
}

/** What every MySQL session is set to: short lock waits (deadlocks and time-outs are retried), and no gap locks. */
const SESSION = `SET SESSION transaction_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 5, time_zone = '+00:00'`;
const SESSION_MARIADB = SESSION.replace('transaction_isolation', 'tx_isolation');

export interface MysqlTarget {
  readonly url: string;
  readonly dialect: Exclude<Dialect, 'sqlite'>;
  readonly poolSize: number;
  /** Off for the pool of transactions: each begins by itself with its first statement, which saves a round trip. */
  readonly autocommit: boolean;
}

/** A TypeORM data source on MySQL or MariaDB; the dialect must be the server's true one, or drift is reported where there is none. */
export function mysqlSource(target: MysqlTarget): DataSource {
  const settings = target.dialect === 'mariadb' ? SESSION_MARIADB : SESSION;
  const session = `${settings}, autocommit = ${target.autocommit ? 1 : 0}`;
  return new DataSource({
    type: target.dialect,
    ...address(target.url),
    driver: driverWithSession(session),
    entities: ENTITIES,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    multipleStatements: false,
    poolSize: target.poolSize,
    extra: {
      connectTimeout: 10_000,
      trace: false,
      enableKeepAlive: true,
      idleTimeout: 60_000,
      maxIdle: target.poolSize,
    },
  });
}

/** The address alone: nothing in the URL may set options of the driver. */
function address(url: string): {
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
} {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** What ends statements on the server of this URL. */
export function interrupterOf(url: string): Interrupter {
  const { username, ...rest } = address(url);
  return new Interrupter({ ...rest, user: username });
}

/** mysql2 with each new pooled connection set up before its first use: commands on a connection run in order. */
export function driverWithSession(session: string): Pick<typeof mysql, 'createPool' | 'createConnection'> {
  return {
    ...mysql,
    createPool(options: mysql.PoolOptions) {
      const pool = mysql.createPool(options);
      pool.on('connection', (connection) => {
        sendLargeBinary(connection);
        // A session that could not be set up must not be used: a transaction on it might not be one.
        connection.query(session, (error) => void (error === null || streamOf(connection).destroy()));
      });
      return pool;
    },
  } as unknown as typeof mysql;
}

function streamOf(connection: mysql.PoolConnection): Duplex {
  return (connection as unknown as { stream: Duplex }).stream;
}

/** TypeORM writes every parameter into the text of the statement; large ones go beside it (see packet.ts). */
function sendLargeBinary(connection: mysql.PoolConnection): void {
  const query = connection.query.bind(connection) as (...rest: unknown[]) => unknown;
  const execute = connection.execute.bind(connection) as (...rest: unknown[]) => unknown;
  const choose = (...rest: unknown[]): unknown =>
    (Array.isArray(rest[1]) && isSentBinary(rest[1]) ? execute : query)(...rest);
  (connection as { query: unknown }).query = choose;
}

/** Asks the server what it is: MariaDB says so in its version. Throws the driver's error when it cannot be reached. */
export async function detectDialect(url: string): Promise<Exclude<Dialect, 'sqlite'>> {
  const { username, ...rest } = address(url);
  const connection = await mysqlPromise.createConnection({ ...rest, user: username, connectTimeout: 10_000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    const version = (rows as { version: string }[])[0]?.version ?? '';
    return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  } finally {
    await connection.end();
  }
}
