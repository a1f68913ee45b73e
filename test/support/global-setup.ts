import type { TestProject } from 'vitest/node';
import { findMariadb, startMariadb } from './mariadb.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the MySQL half of the tests runs; empty when there is nowhere. */
    mysqlUrl: string;
  }
}

/**
 * The MySQL half of the tests runs on `POMONA_TEST_MYSQL_URL` when given, else on a private MariaDB started here. With
 * neither it is skipped, and says so; in CI that is a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['POMONA_TEST_MYSQL_URL'];
  if (given !== undefined && given !== '') {
    project.provide('mysqlUrl', given);
    return undefined;
  }
  const binary = findMariadb();
  if (binary === undefined) {
    if (process.env['CI'] === 'true')
      throw new Error('CI needs MariaDB: install mariadb-server, or set POMONA_TEST_MYSQL_URL.');
    console.warn(
      '\n*** The MySQL half of the tests is SKIPPED: no mariadbd here and POMONA_TEST_MYSQL_URL is not set. ***\n',
    );
    project.provide('mysqlUrl', '');
    return undefined;
  }
  const server = await startMariadb(binary);
  project.provide('mysqlUrl', server.url);
  return () => server.stop();
}
