import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { event, subjects, useKit } from './kit.js';

onBothDatabases('The outbox', (name) => {
  const kit = useKit(name);
  const all = async (): Promise<(string | null)[]> => subjects(await kit.feed.after(0, 5_000));

  it('writes events with the transaction that makes them true', async () => {
    await kit.database.transaction(async (tx) => {
      kit.outbox.emit(tx, event('a', { data: { n: 1, text: 'ü' }, deviceUuid: 'd' }));
      expect(await all()).toEqual([]);
    });
    const [first] = await kit.feed.after(0, 10);
    expect(first).toMatchObject({ subjectUuid: 'a', deviceUuid: 'd', data: { n: 1, text: 'ü' } });
    expect(Math.abs(first!.createdAt.getTime() - Date.now())).toBeLessThan(10_000);
    expect(kit.told).toBe(1);
  });

  it('writes nothing, and tells nobody, when the transaction fails', async () => {
    const failing = kit.database.transaction(async (tx) => {
      kit.outbox.emit(tx, event('a'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const failingLast = kit.database.transaction(async (tx) => {
      kit.outbox.emit(tx, event('b'));
      tx.beforeCommit(() => Promise.reject(new Error('no')));
    });
    await expect(failingLast).rejects.toThrow('no');
    expect([await all(), kit.told]).toEqual([[], 0]);
  });

  it('writes once what was emitted in work that had to be repeated', async () => {
    let runs = 0;
    await kit.database.transaction(async (tx) => {
      runs += 1;
      kit.outbox.emit(tx, event(`run ${runs}`));
      // As the drivers say it: a deadlock.
      if (runs < 3) throw Object.assign(new Error('Deadlock'), { errno: 1213 });
    });
    expect([await all(), kit.told]).toEqual([['run 3'], 1]);
  });

  it('keeps the order of a transaction, in as few statements as their number allows', async () => {
    let inserts = 0;
    kit.database.onStatement = (sql) => (inserts += sql.startsWith('INSERT') ? 1 : 0);
    await kit.database.transaction(async (tx) => {
      for (let n = 0; n < 1_100; n += 2) {
        kit.outbox.emit(tx, event(`${n}`), event(`${n + 1}`));
        if (n % 100 === 0) await tx.query('SELECT 1 AS one');
      }
      kit.outbox.emit(tx);
    });
    kit.database.onStatement = undefined;
    expect(await all()).toEqual(Array.from({ length: 1_100 }, (_, n) => `${n}`));
    expect([inserts, kit.told]).toEqual([3, 1]);
  });

  it('costs a transaction without events nothing', async () => {
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql);
    await kit.database.transaction(async (tx) => kit.outbox.emit(tx));
    kit.database.onStatement = undefined;
    expect(statements.filter((sql) => !/^(BEGIN IMMEDIATE|COMMIT)$/.test(sql))).toEqual([]);
    expect(kit.told).toBe(0);
  });
});
