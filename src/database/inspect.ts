import type { Database } from './database.js';
import { MIGRATIONS } from './migrations/index.js';

/** What the database server says of itself. */
export interface DatabaseVersion {
  /** As it says it, for example `10.11.6-MariaDB-1`. */
  readonly text: string;
  /** Major, minor and patch. */
  readonly numbers: readonly [number, number, number];
}

/** Asks for the version. Throws UNAVAILABLE. */
export async function databaseVersion(database: Database): Promise<DatabaseVersion> {
  const asked = database.dialect === 'sqlite' ? 'sqlite_version()' : 'VERSION()';
  const [row] = await database.query<{ version: string }>(`SELECT ${asked} AS version`);
  const text = row?.version ?? '';
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return { text, numbers: [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)] };
}

/** Milliseconds since 1970 by the clock of the database server; undefined where that is this machine's. Throws UNAVAILABLE. */
export async function databaseClock(database: Database): Promise<number | undefined> {
  if (database.dialect === 'sqlite') return undefined;
  const [row] = await database.query<{ seconds: number | string }>(
    'SELECT UNIX_TIMESTAMP(NOW(3)) AS seconds',
  );
  return row === undefined ? undefined : Number(row.seconds) * 1_000;
}

/** Settings on which it depends whether what was written is kept, by the names they have there. */
export type DatabaseSettings = Readonly<Record<string, string>>;

/** Asks the connection that writes. Throws UNAVAILABLE. */
export function databaseSettings(database: Database): Promise<DatabaseSettings> {
  return database.dialect === 'sqlite' ? sqliteSettings(database) : mysqlSettings(database);
}

function sqliteSettings(database: Database): Promise<DatabaseSettings> {
  return database.transaction(async (tx) => {
    const [synchronous] = await tx.query<{ synchronous: number }>('PRAGMA synchronous');
    const [journal] = await tx.query<{ journal_mode: string }>('PRAGMA journal_mode');
    return {
      synchronous: String(synchronous?.synchronous ?? ''),
      journal_mode: journal?.journal_mode ?? '',
    };
  });
}

async function mysqlSettings(database: Database): Promise<DatabaseSettings> {
  const [row = {}] = await database.query<Record<string, string | number>>(
    `SELECT @@innodb_flush_log_at_trx_commit AS innodb_flush_log_at_trx_commit, @@max_allowed_packet AS max_allowed_packet,
       @@sql_mode AS sql_mode, @@log_bin AS log_bin, @@sync_binlog AS sync_binlog`,
  );
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}

/** Migrations of this version that the database has not seen, and those it has seen that this version does not know. */
export async function migrationsApart(
  database: Database,
): Promise<{ readonly missing: string[]; readonly unknown: string[] }> {
  const rows = await database.query<{ name: string }>('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map(({ name }) => name));
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  return {
    missing: [...known].filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}

/** Thrown to take back what was written; never leaves this file. */
class TakenBack extends Error {}

/** Writes a row and takes it back. Milliseconds that took, the wait for other writers included. Throws UNAVAILABLE. */
export async function timeWrite(database: Database): Promise<number> {
  const begun = performance.now();
  try {
    await database.transaction(async (tx) => {
      await tx.run('INSERT INTO installation (slot, uuid, created_at) VALUES (?, ?, ?)', ['PROBE', '', 0]);
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  return performance.now() - begun;
}
