import mysql, { type Connection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventFeed, EventType } from '../../src/events/index.js';
import { onBothDatabases, onMysql } from '../support/databases.js';
import { subjects, useKit } from './kit.js';

onBothDatabases('The event feed', (name) => {
  const kit = useKit(name);

  it('reads after a cursor, in order, and no more than asked', async () => {
    for (const subject of ['a', 'b', 'c', 'd']) await kit.emit(subject);
    const events = await kit.feed.after(0, 10);
    expect(subjects(events)).toEqual(['a', 'b', 'c', 'd']);
    expect(subjects(await kit.feed.after(events[1]!.seq, 10))).toEqual(['c', 'd']);
    expect(subjects(await kit.feed.after(events[0]!.seq, 2))).toEqual(['b', 'c']);
    expect(await kit.feed.after(events[3]!.seq, 10)).toEqual([]);
  });

  it('finds what matches, by type and by device', async () => {
    await kit.emit('a', { deviceUuid: 'one' });
    await kit.emit('b', { deviceUuid: 'two', type: EventType.ALERT });
    await kit.emit('c', { deviceUuid: 'one', type: EventType.ALERT });
    await kit.emit('d');
    const matching = async (filter: object, limit = 10): Promise<unknown> =>
      subjects(await kit.feed.matching(0, limit, filter));
    expect(await matching({})).toEqual(['a', 'b', 'c', 'd']);
    expect(await matching({ types: [EventType.ALERT] })).toEqual(['b', 'c']);
    expect(await matching({ deviceUuids: ['one'] })).toEqual(['a', 'c']);
    expect(
      await matching({ types: [EventType.ALERT, EventType.DEVICE_CHANGED], deviceUuids: ['one', 'two'] }, 2),
    ).toEqual(['a', 'b']);
    expect(await matching({ types: [EventType.ALERT], deviceUuids: ['one'] })).toEqual(['c']);
    expect(await matching({ types: [] })).toEqual([]);
    expect(await matching({ deviceUuids: [] })).toEqual([]);
  });

  it('knows its first and its last', async () => {
    expect([await kit.feed.oldest(), await kit.feed.latest(), await kit.feed.settled()]).toEqual([0, 0, 0]);
    const first = await kit.emit('a');
    const last = await kit.emit('b');
    expect([await kit.feed.oldest(), await kit.feed.latest(), await kit.feed.settled()]).toEqual([
      first,
      last,
      last,
    ]);
    expect(last).toBeGreaterThan(first);
  });
});

const INSERT = 'INSERT INTO events (type, subject_uuid, data, created_at) VALUES (?, ?, ?, ?)';
/** Longer ago than a transaction that is not frozen takes to commit. */
const LONG_AGO = 10_000;

onMysql('The event feed between writers', () => {
  const kit = useKit('mysql');
  const writers: Connection[] = [];
  const write = async (subject: string, ageMs = 0): Promise<Connection> => {
    const connection = await mysql.createConnection(kit.store.url!);
    writers.push(connection);
    await connection.beginTransaction();
    await connection.query(INSERT, [EventType.ALERT, subject, '{}', Date.now() - ageMs]);
    return connection;
  };
  beforeEach(async () => {
    for (const subject of ['1', '2', '3'])
      await kit.database.run(INSERT, [EventType.ALERT, subject, '{}', Date.now() - 3_600_000]);
  });
  afterEach(async () => {
    await Promise.all(writers.splice(0).map((connection) => connection.end()));
  });

  /** What a reader that begins now and one that has read before see after a cursor, by both ways of asking. */
  async function seen(cursor: number): Promise<(string | null)[]> {
    const feeds = [kit.feed, new EventFeed(kit.database)];
    const answers = await Promise.all(
      feeds.flatMap((feed) => [feed.after(cursor, 100), feed.matching(cursor, 100, {})]),
    );
    for (const answer of answers) expect(subjects(answer)).toEqual(subjects(answers[0]!));
    return subjects(answers[0]!);
  }

  it('does not pass one that is not committed yet, wherever the reader stands', async () => {
    const slow = await write('4');
    const quick = await write('5');
    await quick.commit();
    expect(await seen(0)).toEqual(['1', '2', '3']);
    expect(await seen(3)).toEqual([]);
    expect(await kit.feed.settled()).toBe(3);
    await slow.commit();
    expect(await seen(0)).toEqual(['1', '2', '3', '4', '5']);
    expect(await seen(3)).toEqual(['4', '5']);
  });

  it('does not pass one that is not committed yet however long it takes', async () => {
    const slow = await write('4', LONG_AGO);
    const quick = await write('5', LONG_AGO);
    await quick.commit();
    expect(await seen(3)).toEqual([]);
    await slow.commit();
    expect(await seen(3)).toEqual(['4', '5']);
  });

  it('waits at a number that may still be used, and passes it once it has waited enough', async () => {
    const failing = await write('4');
    await (await write('5', 2_000)).commit();
    await failing.rollback();
    expect(await seen(3)).toEqual([]);
    await expect.poll(() => seen(3), { timeout: 3_000 }).toEqual(['5']);
  });

  it('passes at once what was rolled back long ago', async () => {
    for (let gap = 0; gap < 20; gap += 1) {
      await (await write('lost', LONG_AGO)).rollback();
      await (await write(`${gap}`, LONG_AGO)).commit();
    }
    expect(await seen(3)).toHaveLength(20);
  });

  it('is not held up by someone who deletes old events', async () => {
    const pruning = await mysql.createConnection(kit.store.url!);
    writers.push(pruning);
    await (await write('lost', LONG_AGO)).rollback();
    await (await write('5', LONG_AGO)).commit();
    await pruning.beginTransaction();
    await pruning.query('DELETE FROM events WHERE seq IN (1, 2)');
    expect(await seen(3)).toEqual(['5']);
    await pruning.commit();
    expect(await seen(0)).toEqual(['3', '5']);
  });

  it('does not wait for numbers of events that are no longer kept', async () => {
    await kit.database.run('DELETE FROM events');
    await (await write('4')).commit();
    expect(await seen(3)).toEqual(['4']);
    await kit.database.run('DELETE FROM events');
    const slow = await write('5');
    await (await write('6')).commit();
    expect(await seen(4)).toEqual([]);
    await slow.commit();
    expect(await seen(4)).toEqual(['5', '6']);
  });

  it('asks about a number that is missing once, and never again', async () => {
    await (await write('lost', LONG_AGO)).rollback();
    await (await write('5', LONG_AGO)).commit();
    const statements: string[] = [];
    kit.database.onStatement = (sql) => statements.push(sql);
    await kit.feed.after(0, 10);
    const first = statements.splice(0).length;
    await kit.feed.after(0, 10);
    kit.database.onStatement = undefined;
    expect(first).toBeGreaterThan(2);
    expect(statements).toHaveLength(2);
  });
});
