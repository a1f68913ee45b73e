import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { describe, inject } from 'vitest';
import { Database } from '../../src/database/index.js';

/** Where a test's database is, and how to open it (again). */
export interface Store {
  readonly name: 'sqlite' | 'mysql';
  /** For `POMONA_DATABASE_URL`; undefined for SQLite. */
  readonly url: string | undefined;
  /** For `POMONA_DATA_DIR`. */
  readonly dataDir: string;
  open(): Promise<Database>;
  remove(): Promise<void>;
}

/** A fresh, empty database of its own. */
export async function freshStore(name: 'sqlite' | 'mysql'): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pomona-test-'));
  const cleanDir = (): void => rmSync(dataDir, { recursive: true, force: true });
  if (name === 'sqlite') {
    return {
      name,
      url: undefined,
      dataDir,
      open: () => Database.openSqlite(join(dataDir, 'pomona.sqlite')),
      remove: async () => cleanDir(),
    };
  }
  const server = inject('mysqlUrl');
  const schema = `pomona_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await onServer(server, `CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
  const url = new URL(`/${schema}`, server).href;
  return {
    name,
    url,
    dataDir,
    open: () => Database.openMysql(url, 10),
    remove: async () => {
      await onServer(server, `DROP DATABASE ${schema}`);
      cleanDir();
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

/** Runs the same suite on SQLite and on MySQL/MariaDB; the second is skipped by name where there is none. */
export function onBothDatabases(title: string, suite: (name: 'sqlite' | 'mysql') => void): void {
  describe(`${title} [sqlite]`, () => {
    suite('sqlite');
  });
  onMysql(`${title} [mysql]`, () => {
    suite('mysql');
  });
}

/** Runs a suite that is about MySQL/MariaDB; skipped by name where there is none. */
export function onMysql(title: string, suite: () => void): void {
  const missing = inject('mysqlUrl') === '';
  describe.skipIf(missing)(`${title}${missing ? ' (skipped: no MariaDB on this machine)' : ''}`, () => {
    suite();
  });
}
