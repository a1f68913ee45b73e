import { afterEach, beforeEach, expect, it } from 'vitest';
import { Pruning } from '../../src/services/pruning.js';
import type { Database } from '../../src/database/index.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

const DAY = 24 * 60 * 60_000;
const NOW = 1_000 * DAY;

onBothDatabases('Pruning', (name) => {
  let store: Store;
  let database: Database;
  const prune = (): Promise<void> =>
    new Pruning(database, { historyMs: 90 * DAY, eventsMs: 7 * DAY }, () => NOW).run();

  beforeEach(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterEach(async () => {
    await database.close();
    await store.remove();
  });

  const body = (uuid: string, usedAt: number): Promise<unknown> =>
    database.run(
      `INSERT INTO command_bodies (uuid, request_type, sha256, fragment, used_at) VALUES (?, 'X', ?, ?, ?)`,
      [uuid, uuid, Buffer.from('<dict/>'), usedAt],
    );
  const command = (uuid: string, bodyUuid: string, answeredAt: number | null): Promise<unknown> =>
    database.run(
      `INSERT INTO commands (uuid, device_uuid, channel_uuid, queue_channel_uuid, request_type, status, queue_rank, source, body_uuid,
         queued_at, answered_at, delivery_count, not_now_count) VALUES (?, 'd', 'c', ?, 'X', ?, 0, 'API', ?, 1, ?, 0, 0)`,
      [
        uuid,
        answeredAt === null ? 'c' : null,
        answeredAt === null ? 'QUEUED' : 'ACKNOWLEDGED',
        bodyUuid,
        answeredAt,
      ],
    );
  const event = (at: number): Promise<unknown> =>
    database.run(`INSERT INTO events (type, data, created_at) VALUES ('ALERT', '{}', ?)`, [at]);
  const left = async (table: string, column = 'uuid'): Promise<string[]> =>
    (
      await database.query<{ k: string | number }>(`SELECT ${column} AS k FROM ${table} ORDER BY ${column}`)
    ).map((row) => String(row.k));

  it('deletes finished commands that are older than history is kept, and nothing that is active', async () => {
    await body('b', NOW);
    await command('old', 'b', NOW - 91 * DAY);
    await command('recent', 'b', NOW - 89 * DAY);
    await command('waiting', 'b', null);
    await prune();
    expect(await left('commands')).toEqual(['recent', 'waiting']);
  });

  it('deletes bodies that nobody used for a day, and none that a command refers to', async () => {
    await body('unused', NOW - 2 * DAY);
    await body('fresh', NOW);
    await body('referred', NOW - 200 * DAY);
    await command('waiting', 'referred', null);
    await prune();
    expect(await left('command_bodies')).toEqual(['fresh', 'referred']);
  });

  it('keeps a body that is used again between finding it and deleting it', async () => {
    await body('reused', NOW - 2 * DAY);
    const run = database.run.bind(database);
    database.run = async (sql, parameters) => {
      if (sql.startsWith('DELETE FROM command_bodies'))
        await run('UPDATE command_bodies SET used_at = ?', [NOW]);
      return run(sql, parameters);
    };
    await prune();
    expect(await left('command_bodies')).toEqual(['reused']);
  });

  it('deletes old events, but never the newest, by which cursors are judged', async () => {
    for (const age of [30, 20, 10]) await event(NOW - age * DAY);
    await prune();
    expect(await left('events', 'seq')).toHaveLength(1);
    await event(NOW - DAY);
    await prune();
    expect(await left('events', 'seq')).toHaveLength(1);
  });
});
