import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { Database } from '../../src/database/index.js';
import { freshStore, type Store } from '../support/databases.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { gate, INSERT } from './kit.js';

const gone = { code: 'UNAVAILABLE' };
const POOL = 4;

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it worked',
    (error: unknown) => error,
  );

describe.skipIf(inject('mysqlUrl') === '')('A database that goes away', () => {
  let store: Store;
  let proxy: TcpProxy;
  let database: Database;
  beforeAll(async () => {
    store = await freshStore('mysql');
    proxy = await TcpProxy.before(store.url!);
    database = await Database.openMysql(proxy.through(store.url!), POOL);
    await database.run('CREATE TABLE notes (id bigint NOT NULL PRIMARY KEY, text varchar(1000) NULL)');
  });
  afterEach(() => proxy.restore());
  afterAll(async () => {
    await database.close();
    await proxy.close();
    await store.remove();
  });

  /** Everything works, on as many connections as the pools have. Those that broke unnoticed fail once. */
  async function heals(): Promise<void> {
    const works = async (): Promise<string> => {
      await database.run('DELETE FROM notes');
      const all = Array.from({ length: POOL * 2 }, async (_, id) => {
        await database.query('SELECT 1 AS one');
        await database.transaction((tx) => tx.run(INSERT, [id, 'x']));
      });
      await Promise.all(all);
      return `${(await database.run('DELETE FROM notes')).affected} rows`;
    };
    await expect.poll(() => works().catch(String), { timeout: 5_000, interval: 20 }).toBe(`${POOL * 2} rows`);
  }

  let ids = 1_000;
  const everything = (): Promise<unknown>[] => [
    database.query('SELECT 1 AS one'),
    database.run(INSERT, [(ids += 1), 'x']),
    database.transaction((tx) => tx.run(INSERT, [(ids += 1), 'x'])),
    ...Array.from({ length: POOL * 2 }, () => database.query('SELECT 1 AS one')),
  ];

  async function allFail(): Promise<void> {
    for (const one of await Promise.allSettled(everything()))
      expect(one).toMatchObject({ status: 'rejected', reason: gone });
  }

  it('is not available when nothing listens, and works as soon as something does', async () => {
    await heals();
    await proxy.vanish();
    await allFail();
    await allFail();
    await proxy.restore();
    await heals();
  });

  it('is not available when connections are taken and dropped, and works when they are not', async () => {
    await heals();
    proxy.drop();
    await allFail();
    await allFail();
    await proxy.restore();
    await heals();
  });

  it('is not available to what is under way when the line is cut', async () => {
    await heals();
    const [begun, cut] = [gate(), gate()];
    const slow = failure(database.query('SELECT SLEEP(20) AS slept'));
    const work = failure(
      database.transaction(async (tx) => {
        await tx.run(INSERT, [1, 'never']);
        begun.open();
        await cut.passed;
        await tx.run(INSERT, [2, 'never']);
      }),
    );
    await begun.passed;
    proxy.cut();
    cut.open();
    expect([await slow, await work]).toMatchObject([gone, gone]);
    await expect.poll(() => database.query('SELECT id FROM notes').catch(String)).toEqual([]);
    await heals();
  });

  it('is not available when the server ends our sessions, and works again at once', async () => {
    await heals();
    const ids = await Promise.all(
      Array.from({ length: POOL }, () =>
        database.transaction((tx) => tx.query<{ id: number }>('SELECT CONNECTION_ID() AS id')),
      ),
    );
    const work = database.transaction(async (tx) => {
      await tx.run(INSERT, [1, 'never']);
      for (const id of new Set(ids.flat().map((row) => row.id))) await database.query(`KILL ${id}`);
      await tx.run(INSERT, [2, 'never']);
    });
    await expect(work).rejects.toMatchObject(gone);
    await heals();
  });

  it('survives a line that is cut at any moment of setting up a connection', async () => {
    for (let round = 0; round < 20; round += 1) {
      proxy.cut();
      const queries = Promise.allSettled(everything());
      for (let turn = 0; turn < round * 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      proxy.cut();
      const outcomes = await queries;
      for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toMatchObject(gone);
      await database.run('DELETE FROM notes').catch(() => undefined);
    }
    await heals();
  });
});
