import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mysql from 'mysql2/promise';
import type { Store } from '../support/databases.js';

export type Row = Record<string, string | number | null>;

/** Looks into the database beside the server that runs on it. */
export interface Reader {
  /** Runs `look` on one state of the database, whatever is written meanwhile. */
  snapshot<T>(
    look: (query: (sql: string, parameters?: string[]) => Promise<Row[]>) => Promise<T>,
  ): Promise<T>;
}

export const readerOf = (store: Store): Reader => ({
  snapshot: (look) =>
    store.url === undefined ? onSqlite(join(store.dataDir, 'pomona.sqlite'), look) : onMysql(store.url, look),
});

async function onSqlite<T>(path: string, look: Parameters<Reader['snapshot']>[0]): Promise<T> {
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    file.exec('BEGIN');
    return (await look(async (sql, parameters = []) => file.prepare(sql).all(...parameters) as Row[])) as T;
  } finally {
    file.close();
  }
}

async function onMysql<T>(url: string, look: Parameters<Reader['snapshot']>[0]): Promise<T> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    return (await look(
      async (sql, parameters = []) => (await connection.query(sql, parameters))[0] as Row[],
    )) as T;
  } finally {
    await connection.end();
  }
}
