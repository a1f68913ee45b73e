import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { commands } from '../../src/services/doctor/checks/commands.js';
import {
  databaseSettingsCheck,
  ofMysql,
  together,
} from '../../src/services/doctor/checks/database-settings.js';
import { databaseWrite } from '../../src/services/doctor/checks/database-write.js';
import { databaseKind } from '../../src/services/doctor/checks/database.js';
import { devices } from '../../src/services/doctor/checks/devices.js';
import { diskSpace, judgeSpace } from '../../src/services/doctor/checks/disk-space.js';
import { keyFiles } from '../../src/services/doctor/checks/key-files.js';
import { migrations } from '../../src/services/doctor/checks/migrations.js';
import { pushes } from '../../src/services/doctor/checks/pushes.js';
import { topic } from '../../src/services/doctor/checks/topic.js';
import { apiTokens } from '../../src/services/doctor/checks/api-tokens.js';
import { ApiTokens } from '../../src/services/api-tokens.js';
import { Role } from '../../src/entities/enums.js';
import { installationId } from '../../src/services/installation.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { look } from './kit.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2026-06-01T00:00:00Z');
const now = (): number => NOW;

onBothDatabases('what the doctor sees in the store', (name) => {
  let store: Store;
  let database: Database;
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });
  beforeEach(async () => {
    for (const table of ['devices', 'channels', 'device_contacts', 'pushes', 'commands', 'api_tokens'])
      await database.run(`DELETE FROM ${table}`);
  });

  const insert = (table: string, row: Record<string, string | number | boolean | null>): Promise<unknown> =>
    database.run(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(', ')})`,
      Object.values(row),
    );

  const device = async (pushTopic: string, seenDaysAgo: number, status = 'ENROLLED'): Promise<void> => {
    const uuid = uuidv7();
    await insert('devices', {
      uuid,
      enrollment_status: status,
      enrollment_kind: 'DEVICE',
      awaiting_configuration: false,
      created_at: 0,
      updated_at: 0,
    });
    await insert('channels', {
      uuid: uuidv7(),
      device_uuid: uuid,
      kind: 'DEVICE',
      enrollment_key: uuid,
      enabled: status === 'ENROLLED',
      push_topic: pushTopic,
      token_retired: false,
      tally: 1,
      repush_count: 0,
      created_at: 0,
    });
    await insert('device_contacts', { device_uuid: uuid, last_seen_at: NOW - seenDaysAgo * DAY_MS });
  };

  const push = (status: string, times: { due?: number; settled?: number }): Promise<unknown> =>
    insert('pushes', {
      uuid: uuidv7(),
      device_uuid: 'd',
      channel_uuid: 'c',
      owed_channel_uuid: null,
      status,
      attempts: 1,
      queued_at: 0,
      due_at: times.due ?? null,
      settled_at: times.settled ?? null,
    });

  it('the database is known, writable, durable and up to date', async () => {
    expect(await look(databaseKind(database))).toMatchObject({ status: 'OK' });
    expect(await look(databaseWrite(database))).toMatchObject({ status: 'OK' });
    expect(await look(databaseSettingsCheck(database))).toMatchObject({ status: 'OK' });
    expect(await look(migrations(database))).toMatchObject({ status: 'OK' });
  });

  it('a write leaves nothing behind', async () => {
    await look(databaseWrite(database));
    expect(await database.query("SELECT slot FROM installation WHERE slot = 'PROBE'")).toEqual([]);
  });

  it('a database that another version has changed', async () => {
    await insert('schema_migrations', { name: '9999-of-tomorrow', applied_at: 0 });
    expect((await look(migrations(database))).message).toContain('newer Pomona has changed');
    await database.run("DELETE FROM schema_migrations WHERE name = '9999-of-tomorrow'");
    const [first] = await database.query<{ name: string; applied_at: number }>(
      'SELECT name, applied_at FROM schema_migrations ORDER BY name LIMIT 1',
    );
    await database.run('DELETE FROM schema_migrations WHERE name = ?', [first!.name]);
    const found = await look(migrations(database));
    expect(found).toMatchObject({ status: 'FAILED', fix: expect.stringContaining('Restart') as string });
    expect(found.message).toContain(first!.name);
    await insert('schema_migrations', { ...first! });
  });

  it('devices that listen to another topic', async () => {
    const at = (current: string | undefined) => look(topic(database, () => current));
    expect(await at(undefined)).toMatchObject({ status: 'SKIPPED' });
    expect(await at('com.apple.mgmt.A')).toMatchObject({
      status: 'OK',
      message: 'No device is enrolled yet.',
    });
    await device('com.apple.mgmt.A', 0);
    await device('com.apple.mgmt.A', 0);
    await device('com.apple.mgmt.B', 0, 'UNENROLLED');
    expect(await at('com.apple.mgmt.A')).toMatchObject({ status: 'OK' });
    const found = await at('com.apple.mgmt.B');
    expect(found).toMatchObject({
      status: 'FAILED',
      fix: expect.stringContaining('Apple Account') as string,
    });
    expect(found.message).toContain('2 of 2 enrolled devices');
  });

  it('devices that are not seen', async () => {
    for (const days of [0, 1, 6, 6]) await device('t', days);
    for (const days of [8, 9]) await device('t', days);
    expect(await look(devices(database, now))).toMatchObject({
      status: 'OK',
      message: '2 of 6 enrolled devices were not seen for 7 days.',
    });
    await device('t', 30);
    await device('t', 30, 'UNENROLLED');
    expect(await look(devices(database, now))).toMatchObject({
      status: 'WARNING',
      message: '3 of 7 enrolled devices were not seen for 7 days.',
    });
  });

  it('pushes that are not sent', async () => {
    await push('QUEUED', { due: NOW - 9 * 60_000 });
    await push('QUEUED', { due: NOW + HOUR_MS });
    expect(await look(pushes(database, now))).toMatchObject({ status: 'OK' });
    await push('SENDING', { due: NOW - 11 * 60_000 });
    const found = await look(pushes(database, now));
    expect(found).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('11 minutes') as string,
    });
  });

  it('pushes that fail', async () => {
    const settled = NOW - HOUR_MS / 2;
    for (let count = 0; count < 4; count += 1) await push('FAILED', { settled });
    expect(await look(pushes(database, now))).toMatchObject({ status: 'OK' });
    await push('NOT_CONFIGURED', { settled });
    for (let count = 0; count < 9; count += 1) await push('FAILED', { settled: NOW - 2 * HOUR_MS });
    expect(await look(pushes(database, now))).toMatchObject({
      status: 'FAILED',
      message: '5 of the 5 pushes of the last hour failed.',
    });
    for (let count = 0; count < 15; count += 1) await push('DELIVERED', { settled });
    expect(await look(pushes(database, now))).toMatchObject({ status: 'WARNING' });
  });

  it('commands that wait long', async () => {
    const queue = (queuedAt: number, o: { status?: string; notBefore?: number; done?: boolean } = {}) =>
      insert('commands', {
        uuid: uuidv7(),
        device_uuid: 'd',
        channel_uuid: 'c',
        queue_channel_uuid: o.done === true ? null : 'c',
        request_type: 'x',
        status: o.status ?? 'QUEUED',
        queue_rank: 0,
        source: 'API',
        body_uuid: 'b',
        queued_at: queuedAt,
        not_before: o.notBefore ?? null,
        delivery_count: 0,
        not_now_count: 0,
      });
    expect((await look(commands(database, now))).message).toBe('No command waits to be handed out.');
    await queue(NOW - 30 * DAY_MS, { status: 'SENT' });
    await queue(NOW - 30 * DAY_MS, { done: true });
    await queue(NOW - 30 * DAY_MS, { notBefore: NOW + 1 });
    await queue(NOW - 30 * DAY_MS, { notBefore: NOW - 2 * HOUR_MS });
    expect(await look(commands(database, now))).toMatchObject({
      status: 'OK',
      message: '1 commands wait to be handed out, the oldest for 2 hours.',
    });
    await queue(NOW - 8 * DAY_MS);
    expect(await look(commands(database, now))).toMatchObject({ status: 'WARNING' });
  });

  it('API tokens that end', async () => {
    const tokens = new ApiTokens(database, now);
    const make = (days: number | null) =>
      tokens.create({
        name: `ends in ${days}`,
        role: Role.VIEWER,
        expiresAt: days === null ? null : new Date(NOW + days * DAY_MS),
      });
    await make(null);
    await make(31);
    const check = apiTokens((withinMs) => tokens.countEnding(withinMs));
    expect(await look(check)).toMatchObject({ status: 'OK' });
    await make(30);
    const { record } = await make(2);
    expect((await look(check)).message).toBe('2 API tokens end within 30 days.');
    await tokens.revoke(record.uuid);
    expect(await look(check)).toMatchObject({
      status: 'WARNING',
      message: '1 API token ends within 30 days.',
    });
  });

  it('one installation, whoever asks first', async () => {
    const other = await store.open();
    const ids = await Promise.all([database, other, database, other].map((on) => installationId(on, NOW)));
    expect(new Set(ids).size).toBe(1);
    await other.close();
  });

  it('keys that others can read', async () => {
    const key = join(store.dataDir, 'secret.key');
    const missing = join(store.dataDir, 'cursor.key');
    writeFileSync(key, 'x', { mode: 0o600 });
    expect(await look(keyFiles([key, missing]))).toMatchObject({ status: 'OK' });
    for (const mode of [0o640, 0o604]) {
      chmodSync(key, mode);
      const found = await look(keyFiles([key, missing]));
      expect(found).toMatchObject({
        status: 'FAILED',
        fix: expect.stringContaining('chmod 600 on secret.key') as string,
      });
      expect(found.message).toContain(`secret.key (${mode.toString(8)})`);
    }
    expect(await look(keyFiles([key], 'win32'))).toMatchObject({ status: 'SKIPPED' });
    rmSync(key);
  });

  it('the room on the disk', async () => {
    expect((await look(diskSpace(store.dataDir))).message).toMatch(/^[\d.]+ GiB are free/);
    const statuses = [99, 101, 1_025].map((mebibytes) => judgeSpace(mebibytes * 1024 * 1024).status);
    expect(statuses).toEqual(['FAILED', 'WARNING', 'OK']);
  });
});

it('settings of MySQL with which it loses or alters what it was given', () => {
  const good = {
    innodb_flush_log_at_trx_commit: '1',
    log_bin: '1',
    sync_binlog: '1',
    max_allowed_packet: '16777216',
    sql_mode: 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES',
  };
  const judged = (o: Record<string, string>) => {
    const { status, message, fix } = together(ofMysql({ ...good, ...o }));
    return [status, message.split(' ')[0], fix === null];
  };
  expect(judged({})).toEqual(['OK', 'The', true]);
  expect(judged({ log_bin: '0', sync_binlog: '0' })).toEqual(['OK', 'The', true]);
  expect(judged({ innodb_flush_log_at_trx_commit: '2' })).toEqual([
    'WARNING',
    'innodb_flush_log_at_trx_commit',
    false,
  ]);
  expect(judged({ sync_binlog: '0' })).toEqual(['WARNING', 'The', false]);
  expect(judged({ max_allowed_packet: '16777215' })).toEqual(['WARNING', 'max_allowed_packet', false]);
  expect(judged({ sql_mode: '' })).toEqual(['WARNING', 'sql_mode', false]);
  expect(judged({ sql_mode: 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES' })).toEqual([
    'FAILED',
    'sql_mode',
    false,
  ]);
});
