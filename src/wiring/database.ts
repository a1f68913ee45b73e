import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { Database } from '../database/index.js';

/** The store that is configured, its schema up to date. */
export function openDatabase(config: Config): Promise<Database> {
  if (config.DATABASE_URL !== undefined) return Database.openMysql(config.DATABASE_URL, config.DATABASE_POOL);
  return Database.openSqlite(sqlitePath(config));
}

/** Where the SQLite file is, when that is the store. */
export function sqlitePath(config: Pick<Config, 'DATA_DIR'>): string {
  return join(config.DATA_DIR, 'pomona.sqlite');
}
