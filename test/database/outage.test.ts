import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/database/index.js';
import { freshStore, type Store, onMysql } from '../support/databases.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { gate, INSERT } from './kit.js';

const gone = { code: 'UNAVAILABLE' };
const POOL = 4;

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it worked',
    (error: unknown) => error,
  );

onMysql('A database that goes away', () => {
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

  /** Whether everything works, on as many connections as the pools have. Those that broke unnoticed fail once. */
  async function works(): Promise<number> {
    await database.run('DELETE FROM notes');
    const all = Array.from({ length: POOL * 2 }, async (_, id) => {
      await database.query('SELECT 1 AS one');
      await database.transaction((tx) => tx.run(INSERT, [id, 'x']));
    });
    await Promise.all(all);
    return (await database.run('DELETE FROM notes')).affected;
  }
  const healed = (): Promise<unknown> => works().catch(String);
  const soon = { timeout: 5_000, interval: 20 };

  let ids = 1_000;
  const everything = (): Promise<unknown>[] => [
    database.query('SELECT 1 AS one'),
    database.run(INSERT, [(ids += 1), 'x']),
    database.transaction((tx) => tx.run(INSERT, [(ids += 1), 'x'])),
    ...Array.from({ length: POOL * 2 }, () => database.query('SELECT 1 AS one')),
  ];

  /** The codes of the failures of everything that can be asked for. */
  const failures = async (): Promise<unknown[]> => {
    const settled = await Promise.allSettled(everything());
    return settled.map((one) =>
      one.status === 'rejected' ? (one.reason as { code: unknown }).code : 'it worked',
    );
  };

  it('is not available when nothing listens, and works as soon as something does', async () => {
    await expect.poll(healed, soon).toBe(POOL * 2);
    await proxy.vanish();
    expect(new Set(await failures())).toEqual(new Set(['UNAVAILABLE']));
    expect(new Set(await failures())).toEqual(new Set(['UNAVAILABLE']));
    await proxy.restore();
    await expect.poll(healed, soon).toBe(POOL * 2);
  });

  it('is not available when connections are taken and dropped, and works when they are not', async () => {
    await expect.poll(healed, soon).toBe(POOL * 2);
    proxy.drop();
    expect(new Set(await failures())).toEqual(new Set(['UNAVAILABLE']));
    expect(new Set(await failures())).toEqual(new Set(['UNAVAILABLE']));
    await proxy.restore();
    await expect.poll(healed, soon).toBe(POOL * 2);
  });

  it('is not available to what is under way when the line is cut', async () => {
    await expect.poll(healed, soon).toBe(POOL * 2);
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
    await expect.poll(healed, soon).toBe(POOL * 2);
  });

  it('is not available when the server ends our sessions, and works again at once', async () => {
    await expect.poll(healed, soon).toBe(POOL * 2);
    const sessions = await Promise.all(
      Array.from({ length: POOL }, () =>
        database.transaction((tx) => tx.query<{ id: number }>('SELECT CONNECTION_ID() AS id')),
      ),
    );
    const work = database.transaction(async (tx) => {
      await tx.run(INSERT, [1, 'never']);
      for (const id of new Set(sessions.flat().map((row) => row.id))) await database.query(`KILL ${id}`);
      await tx.run(INSERT, [2, 'never']);
    });
    await expect(work).rejects.toMatchObject(gone);
    await expect.poll(healed, soon).toBe(POOL * 2);
  });

  it('survives a line that is cut at any moment of setting up a connection', async () => {
    for (let round = 0; round < 20; round += 1) {
      proxy.cut();
      const queries = failures();
      for (let turn = 0; turn < round * 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      proxy.cut();
      for (const code of await queries) expect(['UNAVAILABLE', 'it worked']).toContain(code);
      await database.run('DELETE FROM notes').catch(() => undefined);
    }
    await expect.poll(healed, soon).toBe(POOL * 2);
  });
});
