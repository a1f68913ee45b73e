import {
  databaseVersion,
  type Database,
  type DatabaseVersion,
  type Dialect,
} from '../../../database/index.js';
import { ok, warning, type Check } from '../check.js';

type Numbers = readonly [number, number, number];

/** The oldest that Pomona is tested with. SQLite: before 3.51.3 a write-ahead log could be reset wrongly and lose data. */
const LEAST: Readonly<Record<Dialect, Numbers>> = {
  sqlite: [3, 51, 3],
  mysql: [8, 0, 0],
  mariadb: [10, 11, 0],
};

const UPGRADE: Readonly<Record<Dialect, string>> = {
  sqlite: 'Run the Node.js that Pomona comes with (`npm start`), or a newer one: SQLite is part of it.',
  mysql: 'Upgrade to MySQL 8.0 or newer, after a backup.',
  mariadb: 'Upgrade to MariaDB 10.11 or newer, after a backup.',
};

/** The database answers, and is one that is known to work. */
export function databaseKind(database: Database): Check {
  const run = async () => {
    const { text, numbers } = await databaseVersion(database);
    const { dialect } = database;
    if (isAtLeast(numbers, LEAST[dialect])) return ok(`The database answers: ${dialect} ${text}.`);
    return warning(
      `The database is ${dialect} ${text}; Pomona is tested with ${LEAST[dialect].join('.')} and newer.`,
      UPGRADE[dialect],
    );
  };
  return { name: 'database', atStart: true, run };
}

function isAtLeast(numbers: DatabaseVersion['numbers'], least: Numbers): boolean {
  const differs = numbers.findIndex((number, index) => number !== least[index]);
  return differs === -1 || (numbers[differs] ?? 0) > (least[differs] ?? 0);
}
