import mysql from 'mysql2/promise';
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { EventFeed, EventPump, EventType, Outbox, type PomonaEvent } from '../../src/events/index.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { event, subjects, useKit, type Kit } from './kit.js';

/** A process: its own view of the events, its own outbox and pump on them. */
class Member {
  readonly feed: EventFeed;
  readonly pump: EventPump;
  readonly outbox: Outbox;
  readonly errors: unknown[] = [];

  constructor(
    readonly database: Database,
    pollMs: number,
  ) {
    this.feed = new EventFeed(database);
    this.pump = new EventPump(this.feed, { pollMs, onError: (error) => this.errors.push(error) });
    this.outbox = new Outbox(() => this.pump.wake());
  }

  emit(subject: string): Promise<void> {
    return this.database.transaction(async (tx) => this.outbox.emit(tx, event(subject)));
  }
}

/** Listens, and can be waited for. */
async function listen(
  pump: EventPump,
): Promise<{ told: PomonaEvent[]; until(count: number): Promise<PomonaEvent[]>; stop(): void }> {
  const told: PomonaEvent[] = [];
  let look = (): void => undefined;
  const stop = await pump.listen((one) => {
    told.push(one);
    look();
  });
  const until = async (count: number): Promise<PomonaEvent[]> => {
    while (told.length < count) await new Promise<void>((resolve) => (look = resolve));
    return told;
  };
  return { told, until, stop };
}

onBothDatabases('The event pump', (name) => {
  const kit = useKit(name);
  const members: Member[] = [];
  const member = (): Member => {
    const made = new Member(kit.database, name === 'sqlite' ? 0 : 100);
    members.push(made);
    return made;
  };
  afterEach(() => {
    for (const one of members.splice(0)) {
      one.pump.stop();
      expect(one.errors).toEqual([]);
    }
  });
  const statementsDuring = async (work: () => Promise<void>): Promise<string[]> => {
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql);
    await work();
    kit.database.onStatement = undefined;
    return statements;
  };

  it('tells what is committed after one began to listen, and nothing before', async () => {
    const one = member();
    await one.emit('before');
    const { until } = await listen(one.pump);
    await one.emit('a');
    await one.emit('b');
    expect(subjects(await until(2))).toEqual(['a', 'b']);
  });

  it('tells everyone the same, and those who stopped nothing more', async () => {
    const one = member();
    const [first, second] = [await listen(one.pump), await listen(one.pump)];
    await one.emit('a');
    await Promise.all([first.until(1), second.until(1)]);
    first.stop();
    first.stop();
    await one.emit('b');
    expect(subjects(await second.until(2))).toEqual(['a', 'b']);
    expect(subjects(first.told)).toEqual(['a']);
  });

  it('tells exactly what the feed returns, in order, when very many are committed at once', async () => {
    const one = member();
    const { until } = await listen(one.pump);
    const count = 1_300;
    await Promise.all(
      Array.from({ length: 13 }, (_, block) =>
        kit.database.transaction(async (tx) => {
          one.outbox.emit(tx, ...Array.from({ length: 100 }, (_unused, index) => event(`${block}:${index}`)));
        }),
      ),
    );
    const told = await until(count);
    expect(told).toEqual(await one.feed.after(0, 5_000));
  });

  it('never sleeps over a commit', async () => {
    const one = member();
    const { until } = await listen(one.pump);
    // Each is committed when the one before has just been told: the moment at which a wake is easily lost.
    for (let n = 1; n <= 200; n += 1) {
      await one.emit(`${n}`);
      expect(await until(n)).toHaveLength(n);
    }
  });

  it('costs nothing while nobody listens', async () => {
    const one = member();
    const statements = await statementsDuring(async () => {
      for (let n = 0; n < 10; n += 1) one.pump.wake();
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(statements).toEqual([]);
    const { stop } = await listen(one.pump);
    stop();
    expect(await statementsDuring(async () => one.pump.wake())).toEqual([]);
  });

  it('begins anew for the next who listens, at what has not happened yet', async () => {
    const one = member();
    (await listen(one.pump)).stop();
    await one.emit('between');
    const { until } = await listen(one.pump);
    await one.emit('after');
    expect(subjects(await until(1))).toEqual(['after']);
  });

  it('goes on for those who come while the last is leaving', async () => {
    const one = member();
    const first = await listen(one.pump);
    const coming = listen(one.pump);
    first.stop();
    const second = await coming;
    const other = new Member(kit.database, 0);
    await other.emit('elsewhere');
    // SQLite has one process; there only its own commits wake it.
    if (name === 'sqlite') one.pump.wake();
    expect(subjects(await second.until(1))).toEqual(['elsewhere']);
  });

  it('does not let one listener that throws take anything from the others', async () => {
    const one = member();
    const failure = new Error('a bad listener');
    await one.pump.listen(() => {
      throw failure;
    });
    const { until } = await listen(one.pump);
    await one.emit('a');
    await one.emit('b');
    expect(subjects(await until(2))).toEqual(['a', 'b']);
    expect(one.errors.splice(0)).toEqual([failure, failure]);
  });

  it('lets people listen once the database is back', async () => {
    const one = member();
    let broken = true;
    const settled = one.feed.settled.bind(one.feed);
    one.feed.settled = () => (broken ? Promise.reject(new Error('gone')) : settled());
    await expect(listen(one.pump)).rejects.toThrow('gone');
    broken = false;
    const { until } = await listen(one.pump);
    await one.emit('a');
    expect(subjects(await until(1))).toEqual(['a']);
  });

  it('tells what happened while the database could not be read', async () => {
    const one = member();
    const { until } = await listen(one.pump);
    const after = one.feed.after.bind(one.feed);
    let broken = true;
    one.feed.after = (...rest) => (broken ? Promise.reject(new Error('gone')) : after(...rest));
    await one.emit('a');
    await expect.poll(() => one.errors.length).toBeGreaterThan(0);
    broken = false;
    expect(subjects(await until(1))).toEqual(['a']);
    one.errors.length = 0;
  });
});

onMysql('The event pumps of several processes', () => {
  const kit: Kit = useKit('mysql');

  it('all tell the same in the same order, and miss nothing, while both write and one commits late', async () => {
    const others = [await kit.store.open(), await kit.store.open()];
    const [one, two] = others.map((database) => new Member(database, 25)) as [Member, Member];
    const [first, second] = [await listen(one.pump), await listen(two.pump)];
    const late = await mysql.createConnection(kit.store.url!);
    await late.beginTransaction();

    const lateEvent = 'INSERT INTO events (type, subject_uuid, data, created_at) VALUES (?, ?, ?, ?)';
    const commits: Promise<void>[] = [];
    for (let n = 0; n < 60; n += 1) {
      commits.push(one.emit(`one ${n}`), two.emit(`two ${n}`));
      if (n === 20) await late.query(lateEvent, [EventType.ALERT, 'late', '{}', Date.now()]);
      if (n % 7 === 0) commits.push(failing(one), failing(two));
      if (n % 10 === 0) await Promise.all(commits);
    }
    await Promise.all(commits);
    expect(subjects(first.told)).not.toContain('late');
    await late.commit();

    const [a, b] = await Promise.all([first.until(121), second.until(121)]);
    expect(a).toEqual(b);
    expect(a).toEqual(await new EventFeed(kit.database).after(0, 1_000));
    expect(a.map((one_) => one_.seq)).toEqual(a.map((one_) => one_.seq).sort((x, y) => x - y));
    expect(new Set(subjects(a)).size).toBe(121);
    for (const process of [one, two]) {
      process.pump.stop();
      expect(process.errors).toEqual([]);
    }
    await late.end();
    await Promise.all(others.map((database) => database.close()));
  });

  it('start where nothing is missing: what is committed late is told to those who came before', async () => {
    const late = await mysql.createConnection(kit.store.url!);
    await late.beginTransaction();
    await late.query('INSERT INTO events (type, subject_uuid, data, created_at) VALUES (?, ?, ?, ?)', [
      EventType.ALERT,
      'late',
      '{}',
      Date.now(),
    ]);
    const one = new Member(kit.database, 25);
    await one.emit('early');
    const { until, stop } = await listen(one.pump);
    await late.commit();
    expect(subjects(await until(2))).toEqual(['late', 'early']);
    stop();
    await late.end();
  });
});

/** Takes numbers, and gives them up. */
async function failing(member: Member): Promise<void> {
  const work = member.database.transaction(async (tx) => {
    member.outbox.emit(tx, event('never'));
    tx.beforeCommit(() => Promise.reject(new Error('no')));
  });
  await work.catch(() => undefined);
}
