import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiToken } from '../../src/entities/api-token.js';
import { INSERT, useKit } from './kit.js';

const kit = useKit('sqlite');

/** A program of someone else's on the same file. */
function stranger(): DatabaseSync {
  return new DatabaseSync(join(kit.store.dataDir, 'pomona.sqlite'));
}

describe('SQLite', () => {
  it('writes through to the disk before a commit is answered', async () => {
    await kit.database.run(INSERT, [1, 'x']);
    const settings = await kit.database.transaction(async (tx) => ({
      writer: await tx.query('PRAGMA synchronous'),
      mode: await tx.query('PRAGMA journal_mode'),
    }));
    expect(settings).toEqual({ writer: [{ synchronous: 2 }], mode: [{ journal_mode: 'wal' }] });
    expect(await kit.database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  it('refuses a stray write beside a transaction at once, and the transaction does not notice', async () => {
    let took = Number.NaN;
    await kit.database.transaction(async (tx) => {
      await tx.run(INSERT, [1, 'x']);
      const before = performance.now();
      await expect(kit.database.query('INSERT INTO notes (id, text) VALUES (2, 2)')).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      await expect(kit.database.manager.delete(ApiToken, { uuid: 'x' })).rejects.toThrow(/readonly/);
      took = performance.now() - before;
    });
    expect(took).toBeLessThan(50);
    expect(await kit.notes()).toHaveLength(1);
  });

  it('goes on reading while a transaction is open', async () => {
    await kit.database.run(INSERT, [1, 'x']);
    await kit.database.transaction(async (tx) => {
      await tx.run(INSERT, [2, 'y']);
      expect(await kit.notes()).toHaveLength(1);
    });
  });

  describe('while someone else writes to the file', () => {
    const other: DatabaseSync[] = [];
    afterEach(() => {
      for (const one of other.splice(0)) one.close();
    });

    it('waits for them without holding up everything else', async () => {
      const holder = stranger();
      other.push(holder);
      holder.exec('BEGIN IMMEDIATE');
      let ticks = 0;
      const clock = setInterval(() => (ticks += 1), 5);
      const written = kit.database.run(INSERT, [1, 'x']);
      const read = await kit.notes();
      setTimeout(() => holder.exec('COMMIT'), 150);
      await written;
      clearInterval(clock);
      expect(read).toEqual([]);
      expect(ticks).toBeGreaterThan(2);
      expect(await kit.notes()).toHaveLength(1);
    });

    it('says that it is not available when they do not stop, and recovers', async () => {
      const holder = stranger();
      other.push(holder);
      holder.exec('BEGIN IMMEDIATE');
      await expect(kit.database.run(INSERT, [1, 'x'])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      holder.exec('ROLLBACK');
      await kit.database.run(INSERT, [1, 'x']);
      expect(await kit.notes()).toHaveLength(1);
    });
  });

  it('says that it is not available when the disk is full, keeps nothing half, and recovers', async () => {
    await kit.database.run('VACUUM');
    const [size] = await kit.database.transaction((tx) =>
      tx.query<{ page_count: number }>('PRAGMA page_count'),
    );
    await kit.database.transaction((tx) => tx.query(`PRAGMA max_page_count = ${size!.page_count + 2}`));
    const large = kit.database.transaction(async (tx) => {
      await tx.run(INSERT, [1, 'x']);
      await tx.run('INSERT INTO notes (id, data) VALUES (?, ?)', [2, Buffer.alloc(5_000_000, 1)]);
    });
    await expect(large).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await kit.notes()).toEqual([]);
    await kit.database.transaction((tx) => tx.query('PRAGMA max_page_count = 4294967294'));
    await kit.database.run('INSERT INTO notes (id, data) VALUES (?, ?)', [2, Buffer.alloc(5_000_000, 1)]);
    expect(await kit.database.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('does not commit the rest when the work goes on after a full disk took its beginning away', async () => {
    await kit.database.run('VACUUM');
    const [size] = await kit.database.transaction((tx) =>
      tx.query<{ page_count: number }>('PRAGMA page_count'),
    );
    await kit.database.transaction((tx) => tx.query(`PRAGMA max_page_count = ${size!.page_count + 2}`));
    const careless = kit.database.transaction(async (tx) => {
      await tx.run(INSERT, [1, 'beginning']);
      await tx
        .run('INSERT INTO notes (id, data) VALUES (?, ?)', [2, Buffer.alloc(5_000_000, 1)])
        .catch(() => undefined);
      await tx.run(INSERT, [3, 'rest']);
    });
    await expect(careless).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await kit.database.transaction((tx) => tx.query('PRAGMA max_page_count = 4294967294'));
    expect(await kit.notes()).toEqual([]);
  });
});
