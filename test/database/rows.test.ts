import { describe, expect, it } from 'vitest';
import { insertRows, isDuplicate, onDuplicate, updateRows, insertIgnore } from '../../src/database/index.js';
import { chunks, chunksBySize, weightOf } from '../../src/database/sql.js';
import { onBothDatabases } from '../support/databases.js';
import { INSERT, useKit } from './kit.js';

onBothDatabases('Rows', (name) => {
  const kit = useKit(name);
  const insert = (rows: (string | number | Buffer | null)[][], into = 'INSERT INTO notes') =>
    kit.database.transaction((tx) => insertRows(tx, into, ['id', 'text', 'data'], rows));
  const sent = async (work: () => Promise<unknown>): Promise<string[]> => {
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql.split(' ')[0] ?? '');
    await work();
    kit.database.onStatement = undefined;
    return statements.filter((verb) => verb === 'INSERT' || verb === 'UPDATE');
  };
  const many = (count: number): number[][] => Array.from({ length: count }, (_, id) => [id]);

  it('are inserted in as few statements as their number allows', async () => {
    const rows = many(1_200).map(([id]) => [id!, 'x', null]);
    expect(await sent(() => insert(rows))).toHaveLength(3);
    expect((await kit.notes()).map((note) => Number(note.id))).toEqual(rows.map(([id]) => id));
  });

  it('are inserted in more statements when they are large', async () => {
    const rows = many(10).map(([id]) => [id!, 'x', Buffer.alloc(300_000, id)]);
    expect(await sent(() => insert(rows))).toHaveLength(4);
    const sizes = await kit.database.query<{ size: number }>('SELECT LENGTH(data) AS size FROM notes');
    expect(sizes.map((row) => Number(row.size))).toEqual(rows.map(() => 300_000));
  });

  it('are each given their own values, as few statements as their number allows', async () => {
    await insert(many(450).map(([id]) => [id!, 'old', null]));
    const updates = many(450).map(([id]) => ({ key: id!, set: { text: `new ${id}`, data: null } }));
    const options = { table: 'notes', keyColumn: 'id' };
    let affected = 0;
    const statements = await sent(async () => {
      affected = await kit.database.transaction((tx) => updateRows(tx, options, updates));
    });
    expect([statements.length, affected]).toEqual([3, 450]);
    expect((await kit.notes()).every((note) => note.text === `new ${note.id}`)).toBe(true);
  });

  it('are left alone when they do not meet the guard, and counted when they do, changed or not', async () => {
    await insert([
      [1, 'open', null],
      [2, 'shut', null],
      [3, 'open', null],
    ]);
    const options = { table: 'notes', keyColumn: 'id', guard: "text = 'open'" };
    const updates = [1, 2, 4].map((key) => ({ key, set: { text: 'open' } }));
    expect(await kit.database.transaction((tx) => updateRows(tx, options, updates))).toBe(1);
    expect((await kit.notes()).map((note) => note.text)).toEqual(['open', 'shut', 'open']);
  });

  it('may be no rows at all', async () => {
    expect(await sent(() => insert([]))).toEqual([]);
    expect(
      await kit.database.transaction((tx) => updateRows(tx, { table: 'notes', keyColumn: 'id' }, [])),
    ).toBe(0);
  });

  it('tell the first number of an insert where the table numbers them', async () => {
    const columns = ['type', 'data', 'created_at'];
    const event = (): Promise<{ insertId: number }[]> =>
      kit.database.transaction((tx) => insertRows(tx, 'INSERT INTO events', columns, [['x', '{}', 1]]));
    const [first] = await event();
    const [second] = await event();
    expect(second!.insertId - first!.insertId).toBe(1);
  });

  describe('with a key that is taken', () => {
    it('are told from every other failure', async () => {
      await kit.database.run(INSERT, [1, 'x']);
      const failureOf = (work: Promise<unknown>): Promise<unknown> =>
        work.then(
          () => undefined,
          (error: unknown) => error,
        );
      const plain = await failureOf(kit.database.run(INSERT, [1, 'y']));
      const inside = await failureOf(kit.database.transaction((tx) => tx.run(INSERT, [1, 'y'])));
      const other = await failureOf(kit.database.run('INSERT INTO notes (id, nothing) VALUES (1, 1)'));
      const empty = await failureOf(kit.database.run('INSERT INTO notes (id) VALUES (NULL)'));
      expect([plain, inside, other, empty].map(isDuplicate)).toEqual([true, true, false, false]);
    });

    it('step aside', async () => {
      await kit.database.run(INSERT, [1, 'first']);
      await insert(
        [
          [1, 'second', null],
          [2, 'new', null],
        ],
        `${insertIgnore(kit.database.dialect)} notes`,
      );
      expect((await kit.notes()).map((note) => note.text)).toEqual(['first', 'new']);
    });

    it('replace the columns they are told to', async () => {
      await kit.database.run(INSERT, [1, 'first']);
      const tail = onDuplicate(kit.database.dialect, ['id'], ['text']);
      await kit.database.transaction((tx) =>
        insertRows(
          tx,
          'INSERT INTO notes',
          ['id', 'text'],
          [
            [1, 'second'],
            [2, 'new'],
          ],
          tail,
        ),
      );
      expect((await kit.notes()).map((note) => note.text)).toEqual(['second', 'new']);
    });
  });
});

describe('Lists', () => {
  it('are cut by number', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });

  it('are cut by weight, and one that is heavy by itself goes alone', () => {
    const weights = [400_000, 400_000, 400_000, 5_000_000, 10, 10, 10];
    expect(chunksBySize(weights, 2, (weight) => weight)).toEqual([
      [400_000, 400_000],
      [400_000],
      [5_000_000],
      [10, 10],
      [10],
    ]);
  });

  it('weigh what is in them', () => {
    expect(weightOf(['abc', Buffer.alloc(10), 1, null, true])).toBe(3 + 10 + 8 * 3);
  });
});
