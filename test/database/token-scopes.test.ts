import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { initialSchema } from '../../src/database/migrations/0001-initial-schema.js';
import { detectDialect, mysqlSource, sqliteSource } from '../../src/database/options.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

onBothDatabases('Tokens made before there were scopes', (name) => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore(name);
  });
  afterEach(() => store.remove());

  /** A database as the first release left it, with a token of each role. */
  async function oldDatabase(): Promise<void> {
    const address = store.url ?? `${store.dataDir}/pomona.sqlite`;
    const dialect = name === 'sqlite' ? 'sqlite' : await detectDialect(address);
    const source =
      dialect === 'sqlite'
        ? sqliteSource(address, false)
        : mysqlSource({ url: address, dialect, poolSize: 1, autocommit: true });
    await source.initialize();
    const runner = source.createQueryRunner();
    for (const step of initialSchema.steps(dialect)) await step(runner);
    await runner.query('CREATE TABLE schema_migrations (name varchar(100) PRIMARY KEY, applied_at bigint)');
    await runner.query("INSERT INTO schema_migrations (name, applied_at) VALUES ('0001-initial-schema', 1)");
    for (const role of ['ADMIN', 'OPERATOR', 'VIEWER']) {
      await runner.query(
        `INSERT INTO api_tokens (uuid, name, role, sha256, created_at) VALUES ('${role}', '${role}', '${role}', '${role}', 1)`,
      );
    }
    await runner.release();
    await source.destroy();
  }

  const scopes = async (database: Database): Promise<Record<string, string>> => {
    const rows = await database.query<{ role: string; scopes: string }>(
      'SELECT role, scopes FROM api_tokens',
    );
    return Object.fromEntries(rows.map((row) => [row.role, row.scopes]));
  };

  it('keep what they could do, also when the step is taken twice', async () => {
    await oldDatabase();
    const kept = { ADMIN: 'SECRETS,DESTRUCTIVE', OPERATOR: 'SECRETS,DESTRUCTIVE', VIEWER: '' };
    const database = await store.open();
    expect(await scopes(database)).toEqual(kept);
    expect(await database.drift()).toEqual([]);
    await database.run("DELETE FROM schema_migrations WHERE name = '0002-api-token-scopes'");
    await database.close();
    const again = await store.open();
    expect(await scopes(again)).toEqual(kept);
    expect(await again.drift()).toEqual([]);
    await again.close();
  });
});
