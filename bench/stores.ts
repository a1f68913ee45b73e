import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { findMariadb, startMariadb, type PrivateMariadb } from '../simulator/mariadb.js';
import { Database } from '../src/database/index.js';
import type { DatabaseName } from './options.js';

/** Enough for the two million rows of `lookup`: the working set of a server is meant to fit. */
const BUFFER_POOL = '2G';

/** An empty database for one benchmark. */
export interface Store {
  readonly name: DatabaseName;
  readonly dataDir: string;
  /** For POMONA_DATABASE_URL; undefined for SQLite. */
  readonly url: string | undefined;
  open(): Promise<Database>;
  remove(): Promise<void>;
}

/** Where stores are made. `close` stops the private MariaDB, if one was started. */
export class Stores {
  #server: PrivateMariadb | undefined;
  #count = 0;

  /** @throws when there is no MariaDB on this machine and POMONA_TEST_MYSQL_URL names none */
  async fresh(name: DatabaseName): Promise<Store> {
    const dataDir = mkdtempSync(join(tmpdir(), 'pomona-bench-'));
    const cleanDir = (): void => rmSync(dataDir, { recursive: true, force: true });
    if (name === 'sqlite') {
      const open = (): Promise<Database> => Database.openSqlite(join(dataDir, 'pomona.sqlite'));
      return { name, dataDir, url: undefined, open, remove: async () => cleanDir() };
    }
    const server = await this.#mariadb();
    const schema = `pomona_bench_${process.pid}_${(this.#count += 1)}`;
    await onServer(server, `CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
    const url = new URL(`/${schema}`, server).href;
    const remove = async (): Promise<void> => {
      await onServer(server, `DROP DATABASE ${schema}`);
      cleanDir();
    };
    return { name, dataDir, url, open: () => Database.openMysql(url, 10), remove };
  }

  async close(): Promise<void> {
    await this.#server?.stop();
  }

  async #mariadb(): Promise<string> {
    const given = process.env['POMONA_TEST_MYSQL_URL'];
    if (given !== undefined && given !== '') return given;
    const binary = findMariadb();
    if (binary === undefined)
      throw new Error('There is no mariadbd here; set POMONA_TEST_MYSQL_URL, or run with --database sqlite.');
    this.#server ??= await startMariadb(binary, BUFFER_POOL);
    return this.#server.url;
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
