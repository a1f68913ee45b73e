import { describe, expect, it } from 'vitest';
import { Gather, GatherReads, type Database } from '../../src/database/index.js';
import { Device } from '../../src/entities/device.js';
import { apart, deadline, under } from '../../src/deadline.js';
import { PomonaError } from '../../src/errors.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { gate, useKit } from './kit.js';

const TOO_LATE = new PomonaError('TIMEOUT', 'Too late.');

/** The texts written so far. */
async function notes(database: Database): Promise<string[]> {
  const rows = await database.query<{ text: string }>('SELECT text FROM notes ORDER BY text');
  return rows.map(({ text }) => text);
}

const LATE = "INSERT INTO notes (id, text) SELECT 2, CONCAT('late', SLEEP(31))";
const write = (id: number, text: string): string => `INSERT INTO notes (id, text) VALUES (${id}, '${text}')`;

onBothDatabases('when the time is over', (name) => {
  const world = useKit(name);

  it('no statement begins', async () => {
    const statements: string[] = [];
    world.database.onStatement = (sql) => void statements.push(sql);
    await under(AbortSignal.abort(TOO_LATE), async () => {
      const { database } = world;
      await expect(database.query('SELECT 1')).rejects.toBe(TOO_LATE);
      await expect(database.prepared('SELECT 1', [])).rejects.toBe(TOO_LATE);
      await expect(database.run('DELETE FROM notes')).rejects.toBe(TOO_LATE);
      await expect(database.manager.find(Device)).rejects.toBe(TOO_LATE);
      await expect(database.transaction((tx) => tx.run('DELETE FROM notes'))).rejects.toBe(TOO_LATE);
    });
    world.database.onStatement = undefined;
    expect(statements.filter((sql) => !['BEGIN IMMEDIATE', 'ROLLBACK'].includes(sql))).toEqual([]);
  });

  it('a transaction is rolled back whole', async () => {
    const over = new AbortController();
    const work = under(over.signal, () =>
      world.database.transaction(async (tx) => {
        await tx.run(write(1, 'half'));
        over.abort(TOO_LATE);
      }),
    );
    await expect(work).rejects.toBe(TOO_LATE);
    expect(await notes(world.database)).toEqual([]);
    await world.database.transaction((tx) => tx.run(write(2, 'next')));
    expect(await notes(world.database)).toEqual(['next']);
  });

  it('what waits for its turn to be gathered is not done', async () => {
    const carriedOut: string[] = [];
    const [begun, goOn] = [gate(), gate()];
    const gather = new Gather<string, void>(world.database, { most: 10, waitMs: 0 }, async (jobs) => {
      carriedOut.push(...jobs);
      begun.open();
      await goOn.passed;
      return jobs.map(() => undefined);
    });
    const over = new AbortController();
    const first = under(over.signal, () => gather.submit('under way'));
    await begun.passed;
    const waiting = under(over.signal, () => gather.submit('waits'));
    const ofAnother = gather.submit('of another');
    over.abort(TOO_LATE);
    const late = under(over.signal, () => gather.submit('came too late'));
    const refused = Promise.all([waiting, late].map((job) => expect(job).rejects.toBe(TOO_LATE)));
    goOn.open();
    await Promise.all([first, ofAnother, refused]);
    expect(carriedOut).toEqual(['under way', 'of another']);
  });

  it('what follows a commit goes on, and so does what is shared with others', async () => {
    const over = new AbortController();
    const seen: unknown[] = [];
    const shared = new GatherReads<number, number>({ most: 10, atOnce: 1 }, async (questions) => {
      seen.push(deadline());
      return questions;
    });
    await under(over.signal, async () => {
      await world.database.transaction(async (tx) => tx.afterCommit(() => seen.push(deadline())));
      await shared.ask(1);
      seen.push(apart(() => deadline()));
      seen.push(deadline());
    });
    expect(seen).toEqual([undefined, undefined, undefined, over.signal]);
  });
});

onMysql('a statement that takes too long', () => {
  const world = useKit('mysql');

  const running = async (text: string): Promise<number> => {
    const rows = await world.database.query<{ n: number | string }>(
      `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE ? AND id <> CONNECTION_ID()`,
      [`%${text}%`],
    );
    return Number(rows[0]?.n);
  };
  /** Aborts once the server is at it. */
  const stopped = async (text: string, work: () => Promise<unknown>): Promise<void> => {
    const over = new AbortController();
    const outcome = under(over.signal, work).catch((error: unknown) => error);
    await expect.poll(() => running(text)).toBe(1);
    const aborted = performance.now();
    over.abort(TOO_LATE);
    expect(await outcome).toBe(TOO_LATE);
    expect(performance.now() - aborted).toBeLessThan(2_000);
    expect(await running(text)).toBe(0);
  };

  it.each([
    ['read', () => world.database.query('SELECT SLEEP(31), COUNT(*) FROM notes')],
    ['read, prepared', () => world.database.prepared('SELECT SLEEP(31), COUNT(*) FROM notes', [])],
    [
      'read by an entity manager',
      () => world.database.manager.query('SELECT SLEEP(31), COUNT(*) FROM notes'),
    ],
    ['written alone', () => world.database.run(LATE)],
    [
      'written in a transaction',
      () =>
        world.database.transaction(async (tx) => {
          await tx.run(write(1, 'before'));
          await tx.run(LATE);
        }),
    ],
    [
      'written by an entity manager in a transaction',
      () =>
        world.database.transaction(async (tx) => {
          await tx.run(write(1, 'before'));
          await tx.manager.query(LATE);
        }),
    ],
  ])('is ended when it is %s, and nothing of it stays', async (_how, work) => {
    await stopped('SLEEP(31)', work);
    expect(await notes(world.database)).toEqual([]);
  });

  it('leaves its connection fit for the next, many times over', async () => {
    for (let round = 0; round < 30; round += 1) {
      const over = new AbortController();
      const work = under(over.signal, () =>
        world.database.transaction(async (tx) => {
          await tx.run(write(1, 'half'));
          await tx.query('SELECT SLEEP(0.002)');
        }),
      ).catch((error: unknown) => error);
      setTimeout(() => over.abort(TOO_LATE), round / 5);
      const outcome = await work;
      const written = await notes(world.database);
      // Whole or not at all; and who is told that it is done finds it done.
      expect(written).toEqual(outcome === TOO_LATE ? [] : ['half']);
      await world.database.transaction((tx) => tx.run('DELETE FROM notes'));
      await Promise.all(Array.from({ length: 12 }, () => world.database.query('SELECT 1')));
    }
  });

  it('waits for a lock no longer than its time', async () => {
    await world.database.run(write(1, 'locked'));
    const [held, release] = [gate(), gate()];
    const holder = world.database.transaction(async (tx) => {
      await tx.query("SELECT text FROM notes WHERE text = 'locked' FOR UPDATE");
      held.open();
      await release.passed;
    });
    await held.passed;
    await stopped('DELETE FROM notes /* waits */', () =>
      world.database.transaction((tx) => tx.run('DELETE FROM notes /* waits */')),
    );
    release.open();
    await holder;
    expect(await notes(world.database)).toEqual(['locked']);
  });
});

describe('without a deadline', () => {
  it('nothing is looked at', () => {
    expect(deadline()).toBeUndefined();
  });
});
