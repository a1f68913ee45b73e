import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { Catalog } from '../../src/services/catalog/catalog.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

onBothDatabases('The catalogue', (name) => {
  let store: Store;
  let database: Database;
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });

  it('is read again after a reading that failed', async () => {
    const catalog = new Catalog(database);
    database.onStatement = (sql) => {
      if (/FROM ["`]workflows["`]/.test(sql)) throw new Error('not now');
    };
    await expect(catalog.current()).rejects.toThrow('not now');
    database.onStatement = undefined;
    expect((await catalog.current()).workflows.size).toBe(0);
  });
});
