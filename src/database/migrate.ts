import { DatabaseSync } from 'node:sqlite';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Dialect } from './dialect.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Migration } from './migrations/migration.js';

const TABLE =
  'CREATE TABLE IF NOT EXISTS schema_migrations (name varchar(100) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)';

const PATIENCE_SECONDS = 120;

/**
 * Brings the schema up to date. Any number of processes may start at once: one migrates, the others wait for its lock and
 * find nothing left to do. MySQL commits every DDL statement by itself, so each step of a migration is harmless when it
 * was already taken, and a migration is recorded only after its last step: a process killed half-way is finished by the next.
 */
export async function migrate(source: DataSource, dialect: Dialect, address: string): Promise<void> {
  const runner = source.createQueryRunner();
  const unlock = await lock(runner, dialect, address);
  try {
    await runner.query(TABLE);
    const rows = (await runner.query('SELECT name FROM schema_migrations')) as { name: string }[];
    const applied = new Set(rows.map((row) => row.name));
    refuseNewer(applied);
    for (const migration of MIGRATIONS) {
      if (!applied.has(migration.name)) await apply(runner, dialect, migration);
    }
  } finally {
    await unlock();
    await runner.release();
  }
}

async function apply(runner: QueryRunner, dialect: Dialect, migration: Migration): Promise<void> {
  for (const step of migration.steps(dialect)) await step(runner);
  await runner.query('INSERT INTO schema_migrations (name, applied_at) VALUES (?, ?)', [
    migration.name,
    Date.now(),
  ]);
}

/** An older Pomona must not write into a schema it does not know. */
function refuseNewer(applied: ReadonlySet<string>): void {
  const known = new Set(MIGRATIONS.map((migration) => migration.name));
  const strange = [...applied].filter((name) => !known.has(name));
  if (strange.length === 0) return;
  throw new Error(
    `The database was migrated by a newer Pomona (it has ${strange.join(', ')}). Start that version, or restore a backup made before it.`,
  );
}

const MYSQL_LOCK = "CONCAT('pomona:', LEFT(SHA2(DATABASE(), 256), 40))";

async function lock(runner: QueryRunner, dialect: Dialect, address: string): Promise<() => Promise<void>> {
  if (dialect === 'sqlite') return lockFile(address);
  const [row] = await runner.query(`SELECT GET_LOCK(${MYSQL_LOCK}, ${PATIENCE_SECONDS}) AS held`);
  if (Number(row?.held) !== 1) throw heldTooLong();
  // A lost connection has freed the lock already.
  return () => runner.query(`SELECT RELEASE_LOCK(${MYSQL_LOCK})`).catch(() => undefined);
}

/** A small SQLite file beside the database whose exclusive transaction is the lock: the system frees it when its holder dies. */
async function lockFile(path: string): Promise<() => Promise<void>> {
  const file = new DatabaseSync(`${path}.migrating`);
  try {
    file.exec(`PRAGMA busy_timeout = ${PATIENCE_SECONDS * 1_000}`);
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    throw heldTooLong(error);
  }
  return async () => {
    file.exec('ROLLBACK');
    file.close();
  };
}

function heldTooLong(cause?: unknown): Error {
  return new Error(
    'Another process has been migrating this database for two minutes. Look at it, then start again.',
    {
      cause,
    },
  );
}
