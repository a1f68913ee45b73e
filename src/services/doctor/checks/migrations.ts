import { migrationsApart, type Database } from '../../../database/index.js';
import { failed, ok, type Check } from '../check.js';

/** The schema is the one this version writes to. Another process may have changed it since this one started. */
export function migrations(database: Database): Check {
  const run = async () => {
    const { missing, unknown } = await migrationsApart(database);
    if (unknown.length > 0)
      return failed(
        `A newer Pomona has changed the database (${unknown.join(', ')}).`,
        'Bring all processes that share the database to the same version of Pomona, the newest of them.',
      );
    if (missing.length > 0)
      return failed(
        `The database is of an older Pomona (${missing.join(', ')} is missing): was a backup put in its place?`,
        'Restart Pomona: it brings the database up to date when it starts.',
      );
    return ok('The schema of the database is that of this version.');
  };
  return { name: 'migrations', atStart: false, run };
}
