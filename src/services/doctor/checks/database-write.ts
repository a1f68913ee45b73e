import { timeWrite, type Database } from '../../../database/index.js';
import { ok, warning, type Check } from '../check.js';

const SLOW_MS = 1_000;

/** The database can be written to, without long waits. What is written is taken back. */
export function databaseWrite(database: Database): Check {
  const run = async () => {
    const ms = Math.round(await timeWrite(database));
    if (ms < SLOW_MS) return ok(`A write took ${ms} ms, and was taken back.`);
    return warning(
      `A write took ${ms} ms.`,
      'Look what else writes to the database, how fast its disk is, and how far away the database server is.',
    );
  };
  return { name: 'database-write', atStart: false, run };
}
