import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { EventFeed, EventPump } from '../../src/events/index.js';
import { createLog } from '../../src/log.js';
import { Metrics, metricsPage } from '../../src/metrics/index.js';
import { Census } from '../../src/services/census.js';
import { ServerStatus } from '../../src/services/server-status.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { samplesIn, type Samples } from './scrape.js';

onBothDatabases('the numbers that the database knows', (name) => {
  let store: Store;
  let database: Database;
  let now = 1_000_000_000_000;
  const { instruments } = new Metrics();
  let page: () => Promise<Samples>;

  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    const clock = (): number => now;
    const feed = new EventFeed(database);
    const text = metricsPage(instruments, {
      census: new Census(database, clock),
      services: { feed, pump: new EventPump(feed, { pollMs: 0, onError: () => undefined }) },
      server: new ServerStatus(database, [], () => 'http://localhost', clock),
      live: { connections: { socket: 3, stream: 1 }, subscriptions: 7 },
      log: createLog('silent'),
      now: clock,
    });
    page = async () => samplesIn(await text());
  });
  afterAll(() => store.remove());

  const statementsDuring = async (work: () => Promise<unknown>): Promise<number> => {
    let statements = 0;
    database.onStatement = () => (statements += 1);
    await work();
    database.onStatement = undefined;
    return statements;
  };

  it('are asked for once in ten seconds, however many scrape', async () => {
    const several = () => Promise.all([page(), page(), page()]);
    const first = await statementsDuring(several);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(6);
    now += 9_999;
    expect(await statementsDuring(several)).toBe(0);
    now += 1;
    expect(await statementsDuring(several)).toBeGreaterThan(0);
  });

  it('are 0, not absent, in an empty database', async () => {
    const samples = await page();
    for (const key of [
      'commands_waiting{status="QUEUED"}',
      'command_oldest_waiting_seconds',
      'pushes_waiting',
      'push_oldest_waiting_seconds',
      'devices{enrollment="ENROLLED"}',
      'deployments{status="CONVERGED"}',
      'event_position{point="told"}',
    ])
      expect([key, samples.get(`pomona_${key}`)]).toEqual([key, 0]);
    expect(samples.get('pomona_graphql_connections{transport="socket"}')).toBe(3);
    expect(samples.get('pomona_graphql_subscriptions')).toBe(7);
  });

  it('count the age of a command from when it could have been handed out', async () => {
    await database.transaction(async (tx) => {
      await tx.run(
        "INSERT INTO command_bodies (uuid, request_type, sha256, fragment, used_at) VALUES ('b', 'x', 'x', 'x', 0)",
      );
      const columns =
        'uuid, device_uuid, channel_uuid, queue_channel_uuid, request_type, status, queue_rank, source, body_uuid, queued_at, not_before, delivery_count, not_now_count';
      for (const [uuid, active, queuedAt, notBefore] of [
        ['far', 'c', now - 90_000, now + 1],
        ['due', 'c', now - 80_000, now - 30_000],
        ['new', 'c', now - 20_000, null],
        ['done', null, now - 99_000, null],
      ] as const) {
        await tx.run(
          `INSERT INTO commands (${columns}) VALUES (?, 'd', 'c', ?, 'x', 'QUEUED', 0, 'API', 'b', ?, ?, 0, 0)`,
          [uuid, active, queuedAt, notBefore],
        );
      }
    });
    const census = await new Census(database, () => now).take();
    expect(census.commands.oldest).toEqual(new Date(now - 30_000));
    expect(census.commands.counts).toEqual(new Map([['QUEUED', 3]]));
  });

  it('are left out, and said to be, when the database does not answer', async () => {
    await database.close();
    now += 60_000;
    const samples = await page();
    expect(samples.get('pomona_database_up')).toBe(0);
    const known = [...samples.keys()].filter((key) =>
      /^pomona_(commands_|command_|push|devices|event_)/.test(key),
    );
    expect(known).toEqual([]);
    expect(samples.get('pomona_graphql_subscriptions')).toBe(7);
  });
});
