import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

onBothDatabases('Schema', (name) => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore(name);
  });
  afterEach(() => store.remove());

  it('has no drift between migrations and entities', async () => {
    const database = await store.open();
    expect(await database.drift()).toEqual([]);
    await database.close();
  });

  it('is migrated once when six processes start at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => store.open()));
    const rows = await all[0]!.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name');
    expect(rows.map((row) => row.name)).toEqual(MIGRATIONS.map(({ name: one }) => one));
    await Promise.all(all.map((database) => database.close()));
  });

  it('is opened again without a change', async () => {
    await (await store.open()).close();
    const again = await store.open();
    expect(await again.drift()).toEqual([]);
    await again.close();
  });
});
