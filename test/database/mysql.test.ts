import mysql, { type Connection } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onMysql } from '../support/databases.js';
import { Database, isUnavailable, type Transaction } from '../../src/database/index.js';
import { driverWithSession } from '../../src/database/options.js';
import { CommandBody } from '../../src/entities/command.js';
import { gate, INSERT, useKit } from './kit.js';

const UPDATE = 'UPDATE notes SET text = ? WHERE id = ?';

onMysql('MySQL and MariaDB', () => {
  const kit = useKit('mysql');
  let stranger: Connection;
  beforeEach(async () => {
    stranger = await mysql.createConnection(kit.store.url!);
    await kit.database.run('INSERT INTO notes (id, text) VALUES (1, ?), (2, ?)', ['one', 'two']);
  });
  afterEach(() => stranger.end());

  it('repeats the work that lost a deadlock, and nobody hears of it', async () => {
    const runs = { a: 0, b: 0 };
    const [a, b] = [gate(), gate()];
    const lock = async (tx: Transaction, who: 'a' | 'b', first: number, second: number): Promise<void> => {
      runs[who] += 1;
      await tx.run(UPDATE, [who, first]);
      (who === 'a' ? a : b).open();
      await Promise.all([a.passed, b.passed]);
      await tx.run(UPDATE, [who, second]);
    };
    await Promise.all([
      kit.database.transaction((tx) => lock(tx, 'a', 1, 2)),
      kit.database.transaction((tx) => lock(tx, 'b', 2, 1)),
    ]);
    expect(runs.a + runs.b).toBe(3);
    const notes = await kit.notes();
    expect(notes[0]?.text).toBe(notes[1]?.text);
    expect(notes[0]?.text).toBe(runs.a === 2 ? 'a' : 'b');
  });

  it('does not commit the rest when the work goes on after a deadlock took its beginning away', async () => {
    let runs = 0;
    const met = gate();
    await stranger.query('SET SESSION innodb_lock_wait_timeout = 20');
    await stranger.query(
      'INSERT INTO notes (id) SELECT seq FROM (SELECT 10 AS seq UNION SELECT 11 UNION SELECT 12) AS numbers',
    );
    await stranger.beginTransaction();
    // Has changed more rows than the other, so that the other is the one that is given up.
    for (const id of [2, 10, 11, 12]) await stranger.query(UPDATE, ['stranger', id]);
    const careless = kit.database.transaction(async (tx) => {
      runs += 1;
      await tx.run(UPDATE, [`beginning ${runs}`, 1]);
      met.open();
      await tx.run(UPDATE, ['mine', 2]).catch(() => undefined);
      await tx.run(INSERT, [3, `rest ${runs}`]);
    });
    await met.passed;
    await stranger.query(UPDATE, ['stranger', 1]);
    await stranger.commit();
    await careless;
    expect(runs).toBe(2);
    expect((await kit.notes()).slice(0, 3).map((note) => note.text)).toEqual([
      'beginning 2',
      'mine',
      'rest 2',
    ]);
  });

  it('repeats the work that waited too long for a lock, and nobody hears of it', async () => {
    let runs = 0;
    await stranger.beginTransaction();
    await stranger.query(UPDATE, ['stranger', 1]);
    const work = kit.database.transaction(async (tx) => {
      runs += 1;
      if (runs === 2) await stranger.commit();
      await tx.run('SET SESSION innodb_lock_wait_timeout = 1');
      await tx.run(INSERT, [3, `run ${runs}`]);
      await tx.run(UPDATE, ['mine', 1]);
    });
    await work;
    expect(runs).toBe(2);
    expect((await kit.notes()).map((note) => note.text)).toEqual(['mine', 'two', 'run 2']);
  });

  it('returns no connection to the pool with a transaction open', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        kit.database.transaction(async (tx) => {
          await tx.run(UPDATE, [`${index}`, index]);
          if (index % 2 === 0) throw new Error('no');
        }),
      ),
    );
    expect(settled.filter((one) => one.status === 'rejected')).toHaveLength(15);
    const [rows] = await stranger.query(
      'SELECT trx_id FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE()',
    );
    expect(rows).toEqual([]);
    expect((await stranger.query(UPDATE, ['free', 1]))[0]).toMatchObject({ affectedRows: 1 });
  });

  it('sets every session up before its first use, in both pools', async () => {
    const ask = 'SELECT @@autocommit AS autocommit, @@innodb_lock_wait_timeout AS wait, @@time_zone AS zone';
    const isolation = `SELECT @@${kit.database.dialect === 'mariadb' ? 'tx_isolation' : 'transaction_isolation'} AS isolation`;
    // A pool of its own: another test of this file changes the sessions of the other.
    const fresh = await Database.openMysql(kit.store.url!, 4);
    const readers = await Promise.all(Array.from({ length: 4 }, () => fresh.query(ask)));
    const writers = await Promise.all(
      Array.from({ length: 4 }, () => fresh.transaction((tx) => tx.query(ask))),
    );
    expect(readers).toEqual(Array.from({ length: 4 }, () => [{ autocommit: 1, wait: 5, zone: '+00:00' }]));
    expect(writers).toEqual(Array.from({ length: 4 }, () => [{ autocommit: 0, wait: 5, zone: '+00:00' }]));
    expect(await fresh.query(isolation)).toEqual([{ isolation: 'READ-COMMITTED' }]);
    await fresh.close();
  });

  it('uses no session that could not be set up', async () => {
    const options = { uri: kit.store.url!, connectionLimit: 1 };
    const pool = driverWithSession('SET SESSION nothing_of_the_kind = 1').createPool(options);
    const asked = (): Promise<unknown> =>
      new Promise((resolve) => pool.query('SELECT 1 AS one', (error) => resolve(isUnavailable(error))));
    expect([await asked(), await asked()]).toEqual([true, true]);
    await new Promise<unknown>((resolve) => pool.end(resolve));
  });

  describe('refuses before it is sent what the server would not take', () => {
    const most = async (): Promise<number> => {
      const [row] = await kit.database.query<{ bytes: number }>('SELECT @@max_allowed_packet AS bytes');
      return Number(row!.bytes);
    };
    const tooLarge = { code: 'PAYLOAD_TOO_LARGE' };
    const connections = async (): Promise<number[]> => {
      const rows = await Promise.all(
        Array.from({ length: 10 }, () =>
          kit.database.transaction((tx) => tx.query<{ id: number }>('SELECT CONNECTION_ID() AS id')),
        ),
      );
      return rows
        .flat()
        .map((row) => row.id)
        .sort((one, other) => one - other);
    };

    it('a statement, and the connection stays in use', async () => {
      const before = await connections();
      const bytes = await most();
      const send = (tx: Transaction): Promise<unknown> =>
        tx.run('INSERT INTO notes (id, data) VALUES (?, ?)', [5, Buffer.alloc(bytes, 1)]);
      await expect(kit.database.transaction(send)).rejects.toMatchObject(tooLarge);
      await expect(
        kit.database.run('INSERT INTO notes (id, data) VALUES (?, ?)', [5, Buffer.alloc(bytes, 1)]),
      ).rejects.toMatchObject(tooLarge);
      await expect(
        kit.database.query('SELECT LENGTH(?) AS bytes', [Buffer.alloc(bytes, 1)]),
      ).rejects.toMatchObject(tooLarge);
      expect(await connections()).toEqual(before);
      await kit.database.run(INSERT, [5, 'small']);
      expect(await kit.notes()).toHaveLength(3);
    });

    it('an entity', async () => {
      const body = {
        uuid: 'x',
        requestType: 'x',
        sha256: 'x',
        usedAt: new Date(),
        fragment: Buffer.alloc(await most(), 1),
      };
      await expect(
        kit.database.transaction((tx) => tx.manager.insert(CommandBody, body)),
      ).rejects.toMatchObject(tooLarge);
    });

    it('text that grows on the way: three bytes a character, and a backslash before each quote', async () => {
      const bytes = await most();
      const long = 'SELECT LENGTH(?) AS bytes';
      await expect(kit.database.query(long, ['語'.repeat(bytes / 2)])).rejects.toMatchObject(tooLarge);
      await expect(kit.database.query(long, ["'".repeat(bytes * 0.75)])).rejects.toMatchObject(tooLarge);
      expect(await kit.database.query(long, ['a'.repeat(bytes * 0.75)])).toEqual([{ bytes: bytes * 0.75 }]);
    });
  });

  it('takes bytes of nearly the size the server allows, exactly as they are', async () => {
    const [row] = await kit.database.query<{ bytes: number }>('SELECT @@max_allowed_packet AS bytes');
    const data = Buffer.alloc(Math.floor(Number(row!.bytes) * 0.9), 'Pomona\0\'"\\');
    const changed = await kit.database.transaction((tx) =>
      tx.run('UPDATE notes SET data = ?, text = ? WHERE id = CASE ? WHEN 1 THEN 1 ELSE 2 END', [
        data,
        'large',
        1,
      ]),
    );
    expect(changed.affected).toBe(1);
    const [kept] = await kit.database.query<{ same: number; text: string }>(
      'SELECT SHA2(data, 256) = SHA2(?, 256) AS same, text FROM notes WHERE id = ?',
      [data, 1],
    );
    expect(kept).toEqual({ same: 1, text: 'large' });
  });
});
