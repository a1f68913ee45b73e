import { expect, it } from 'vitest';
import { Database, Gather, type Transaction } from '../../src/database/index.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { INSERT, useKit } from './kit.js';

interface Job {
  readonly id: number;
  readonly bad?: boolean;
}

onBothDatabases('Gather', (name) => {
  const kit = useKit(name);
  const batches: number[][] = [];
  const write = async (jobs: readonly Job[], tx: Transaction): Promise<string[]> => {
    batches.push(jobs.map((job) => job.id));
    for (const job of jobs) await tx.run(INSERT, [job.id, 'x']);
    const bad = jobs.find((job) => job.bad === true);
    if (bad !== undefined) throw new Error(`${bad.id} is bad`);
    return jobs.map((job) => `done ${job.id}`);
  };
  const gather = (most: number, waitMs = 0): Gather<Job, string> => {
    batches.length = 0;
    return new Gather(kit.database, { most, waitMs }, write);
  };
  const jobs = (count: number): Job[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));

  it('carries out in one transaction what was submitted together, in order, each with its own result', async () => {
    const all = gather(100);
    const results = await Promise.all(jobs(10).map((job) => all.submit(job)));
    expect(results).toEqual(jobs(10).map((job) => `done ${job.id}`));
    expect(batches).toEqual([jobs(10).map((job) => job.id)]);
  });

  it('takes no more than it may at once, and keeps the order across transactions', async () => {
    const all = gather(4);
    await Promise.all(jobs(10).map((job) => all.submit(job)));
    expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(batches.flat()).toEqual(jobs(10).map((job) => job.id));
  });

  it('waits for company when told to', async () => {
    const all = gather(100, 20);
    const first = all.submit({ id: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await Promise.all([first, all.submit({ id: 2 })]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('answers after the commit: what a job promised can be seen', async () => {
    const all = gather(100);
    await Promise.all(
      jobs(5).map(async (job) => {
        await all.submit(job);
        expect(await kit.database.query('SELECT id FROM notes WHERE id = ?', [job.id])).toHaveLength(1);
      }),
    );
  });

  it('fails one bad job alone', async () => {
    const all = gather(100);
    const some = jobs(6).map((job) => ({ ...job, bad: job.id === 3 }));
    const settled = await Promise.allSettled(some.map((job) => all.submit(job)));
    expect(settled.map((one) => one.status === 'fulfilled')).toEqual([true, true, false, true, true, true]);
    expect(settled[2]).toMatchObject({ reason: { message: '3 is bad' } });
    expect((await kit.notes()).map((note) => Number(note.id))).toEqual([1, 2, 4, 5, 6]);
    expect(batches.slice(1)).toEqual([[1], [2], [3], [4], [5], [6]]);
    expect(await all.submit({ id: 7 })).toBe('done 7');
  });

  it('drains: what was submitted is committed, also what came meanwhile', async () => {
    const all = gather(2);
    for (const job of jobs(5)) all.submit(job).catch(() => undefined);
    await all.drain();
    expect(await kit.notes()).toHaveLength(5);
  });
});

onMysql('Gather without a database', () => {
  const kit = useKit('mysql');

  it('tells everyone at once, and does not try each alone', async () => {
    const proxy = await TcpProxy.before(kit.store.url!);
    const database = await Database.openMysql(proxy.through(kit.store.url!), 2);
    await proxy.vanish();
    let attempts = 0;
    const all = new Gather<number, void>(database, { most: 100, waitMs: 0 }, async (ids, tx) => {
      attempts += 1;
      for (const id of ids) await tx.run(INSERT, [id, 'x']);
      return ids.map(() => undefined);
    });
    const settled = await Promise.allSettled(Array.from({ length: 50 }, (_, id) => all.submit(id)));
    for (const one of settled)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(attempts).toBe(1);
    await proxy.restore();
    await all.submit(51);
    expect(await kit.notes()).toHaveLength(1);
    await database.close();
    await proxy.close();
  });
});
