import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../src/database/index.js';
import { ApiToken } from '../../src/entities/api-token.js';
import { PomonaError } from '../../src/errors.js';
import { onBothDatabases } from '../support/databases.js';
import { gate, INSERT, useKit } from './kit.js';

onBothDatabases('Transactions', (name) => {
  const kit = useKit(name);

  describe('that overlap', () => {
    it('keep what others wrote meanwhile when one of them rolls back', async () => {
      const [begun, others] = [gate(), gate()];
      const a = kit.database.transaction(async (tx) => {
        await tx.run(INSERT, [1, 'A']);
        begun.open();
        // On SQLite the others wait for their turn; here they have been asked for, and cannot be answered yet.
        await Promise.race([others.passed, new Promise((resolve) => setTimeout(resolve, 30))]);
        throw new Error('A changed its mind');
      });
      await begun.passed;
      const b = kit.database.run(INSERT, [2, 'B']);
      const c = kit.database.transaction((tx) => tx.run(INSERT, [3, 'C']));
      void Promise.all([b, c]).then(others.open, others.open);
      await expect(a).rejects.toThrow('A changed its mind');
      await Promise.all([b, c]);
      expect(await kit.notes()).toMatchObject([{ text: 'B' }, { text: 'C' }]);
    });

    it('show nobody what is not committed', async () => {
      const [written, seen] = [gate(), gate()];
      const a = kit.database.transaction(async (tx) => {
        await tx.run(INSERT, [1, 'A']);
        written.open();
        await seen.passed;
      });
      await written.passed;
      expect(await kit.notes()).toEqual([]);
      seen.open();
      await a;
      expect(await kit.notes()).toHaveLength(1);
    });

    it('all arrive when a hundred of them run at once', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => index);
      const all = ids.map((id) =>
        kit.database.transaction(async (tx) => {
          await tx.run(INSERT, [id, 'x']);
          await new Promise((resolve) => setImmediate(resolve));
          if (id % 3 === 0) throw new Error('no');
        }),
      );
      const settled = await Promise.allSettled(all);
      const kept = ids.filter((_, index) => settled[index]?.status === 'fulfilled');
      expect((await kit.notes()).map((note) => Number(note.id))).toEqual(kept);
      expect(kept).toHaveLength(66);
    });
  });

  describe('that fail', () => {
    it('leave nothing behind for the next user of their connection', async () => {
      const fail = (): Promise<void> =>
        kit.database.transaction(async (tx) => {
          await tx.run(INSERT, [1, 'gone']);
          throw new Error('no');
        });
      // More than the pool has connections, so that every connection has had one.
      await Promise.allSettled(Array.from({ length: 25 }, fail));
      await Promise.all(
        Array.from({ length: 25 }, (_, id) =>
          kit.database.transaction((tx) => tx.run(INSERT, [100 + id, 'kept'])),
        ),
      );
      expect((await kit.notes()).map((note) => note.text)).toEqual(Array.from({ length: 25 }, () => 'kept'));
    });

    it('leave nothing behind when a statement failed rather than the work', async () => {
      const twice = kit.database.transaction(async (tx) => {
        await tx.run(INSERT, [1, 'once']);
        await tx.run(INSERT, [1, 'twice']);
      });
      await expect(twice).rejects.toThrow(/unique|duplicate/i);
      await kit.database.transaction(async () => undefined);
      expect(await kit.notes()).toEqual([]);
    });

    it('take with them what a forgotten promise still writes', async () => {
      let straggler: Promise<unknown> = Promise.resolve();
      const work = kit.database.transaction(async (tx) => {
        straggler = (async () => {
          await tx.run(INSERT, [1, 'in time']);
          for (let id = 2; id < 40; id += 1) await tx.run(INSERT, [id, 'late']);
        })();
        straggler.catch(() => undefined);
        await tx.query('SELECT 1 AS one');
        throw new Error('no');
      });
      await expect(work).rejects.toThrow('no');
      await expect(straggler).rejects.toThrow(/transaction has ended/);
      await Promise.all(
        Array.from({ length: 12 }, (_, id) =>
          kit.database.transaction((tx) => tx.run(INSERT, [100 + id, 'kept'])),
        ),
      );
      expect((await kit.notes()).filter((note) => note.text !== 'kept')).toEqual([]);
    });

    it('do not run what was to follow the commit', async () => {
      const ran: string[] = [];
      const failing = kit.database.transaction(async (tx) => {
        tx.beforeCommit(() => void ran.push('before'));
        tx.afterCommit(() => void ran.push('after'));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(ran).toEqual([]);
    });

    it('fail whole when the last thing before the commit fails', async () => {
      const ran: string[] = [];
      const failing = kit.database.transaction(async (tx) => {
        await tx.run(INSERT, [1, 'x']);
        tx.afterCommit(() => void ran.push('after'));
        tx.beforeCommit(async () => void (await tx.run(INSERT, [1, 'again'])));
      });
      await expect(failing).rejects.toThrow(/unique|duplicate/i);
      expect([ran, await kit.notes()]).toEqual([[], []]);
    });

    it('throw what the work threw', async () => {
      const error = new PomonaError('CONFLICT', 'taken');
      await expect(kit.database.transaction(() => Promise.reject(error))).rejects.toBe(error);
    });
  });

  it('run what follows the commit once the rows can be seen, in order', async () => {
    const seen: unknown[] = [];
    await kit.database.transaction(async (tx) => {
      tx.afterCommit(() => void seen.push(kit.notes()));
      tx.afterCommit(() => void seen.push('second'));
      await tx.run(INSERT, [1, 'x']);
      expect(seen).toEqual([]);
    });
    expect(await Promise.all(seen)).toEqual([[{ id: 1, text: 'x' }], 'second']);
  });

  it('refuse to be used after their end, by statements and by entities', async () => {
    let kept: Transaction | undefined;
    await kit.database.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.run(INSERT, [1, 'late'])).rejects.toThrow(/transaction has ended/);
    await expect(kept?.manager.findBy(ApiToken, {})).rejects.toThrow(/has ended|released/);
    await expect(kept?.manager.delete(ApiToken, { uuid: 'x' })).rejects.toThrow(/has ended|released/);
    expect(await kit.notes()).toEqual([]);
  });

  it('show every statement that is sent, those of entities too', async () => {
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql);
    await kit.database.transaction((tx) => tx.manager.findBy(ApiToken, {}));
    await kit.database.manager.findBy(ApiToken, {});
    kit.database.onStatement = undefined;
    expect(statements.filter((sql) => sql.startsWith('SELECT'))).toHaveLength(2);
  });
});
