import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { freshStore, type Store } from '../support/databases.js';

export interface Kit {
  readonly store: Store;
  readonly database: Database;
  /** The rows of the table `notes`, in order. */
  notes(): Promise<{ id: number; text: string | null }[]>;
}

/** One database for the file, with a table of its own (`notes`), emptied before each test. */
export function useKit(name: 'sqlite' | 'mysql'): Kit {
  let store: Store;
  let database: Database;
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    await database.run(
      'CREATE TABLE notes (id bigint NOT NULL PRIMARY KEY, text varchar(1000) NULL, data longblob NULL)',
    );
  });
  beforeEach(() => database.run('DELETE FROM notes'));
  afterAll(async () => {
    await database.close();
    await store.remove();
  });
  return {
    get store() {
      return store;
    },
    get database() {
      return database;
    },
    notes: () => database.query('SELECT id, text FROM notes ORDER BY id'),
  };
}

export const INSERT = 'INSERT INTO notes (id, text) VALUES (?, ?)';

/** A door that is shut until someone opens it. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
