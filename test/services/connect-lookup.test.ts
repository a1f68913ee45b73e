import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertRows, type Database, type SqlValue } from '../../src/database/index.js';
import { ConnectLookup, type ConnectQuestion } from '../../src/services/commands/lookup.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

const NOW = 1_000_000;
const DEVICES = 40;

const certificate = (device: number): string => `certificate-${device}`;
const question = (device: number, changes: Partial<ConnectQuestion> = {}): ConnectQuestion => ({
  channelKey: `key-${device}`,
  certificate: certificate(device),
  commandUuid: '',
  kind: 'idle',
  now: NOW,
  ...changes,
});

onBothDatabases('What a connection needs to know', (name) => {
  let store: Store;
  let database: Database;
  let lookup: ConnectLookup;
  let statements = 0;
  const insert = (table: string, rows: readonly Record<string, SqlValue>[]) =>
    database.transaction((tx) =>
      insertRows(
        tx,
        `INSERT INTO ${table}`,
        Object.keys(rows[0] ?? {}),
        rows.map((row) => Object.values(row)),
      ),
    );

  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    const all = Array.from({ length: DEVICES }, (_, device) => device);
    await insert('devices', all.map(deviceRow));
    await insert('channels', all.map(channelRow));
    await insert('identities', all.map(identityRow));
    await insert('command_bodies', [
      {
        uuid: 'body',
        request_type: 'ProfileList',
        sha256: 'x',
        fragment: Buffer.from('<dict/>'),
        used_at: 1,
      },
    ]);
    await insert(
      'commands',
      all.map((device) => commandRow(device, {})),
    );
  });
  beforeEach(() => {
    lookup = new ConnectLookup(database);
    statements = 0;
    database.onStatement = () => (statements += 1);
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });

  it('is told to each device apart, however many share a statement', async () => {
    const facts = await Promise.all(
      Array.from({ length: DEVICES }, (_, device) => lookup.facts(question(device))),
    );
    expect(facts.map((one) => one?.next?.uuid)).toEqual(
      Array.from({ length: DEVICES }, (_, device) => `command-${device}`),
    );
    expect(facts.map((one) => one?.identityDeviceUuid)).toEqual(facts.map((one) => one?.deviceUuid));
    expect(statements).toBe(2);
  });

  it('is nothing for a channel that is not known, wherever it stands in the statement', async () => {
    const facts = await Promise.all(
      [question(900), question(1), question(901)].map((one) => lookup.facts(one)),
    );
    expect(facts.map((one) => one?.deviceUuid)).toEqual([undefined, 'device-1', undefined]);
    expect(statements).toBe(1);
  });

  it('goes by the certificate of each question, also when one device asks with two', async () => {
    const asked = [
      question(1),
      question(1, { certificate: certificate(2) }),
      question(1, { certificate: 'none' }),
    ];
    const facts = await Promise.all(asked.map((one) => lookup.facts(one)));
    expect(facts.map((one) => one?.identityDeviceUuid)).toEqual(['device-1', 'device-2', null]);
  });

  it('goes by the time and the reported command of each question', async () => {
    await insert('commands', [
      commandRow(3, { uuid: 'later', not_before: NOW + 10, expires_at: NOW + 20, queue_rank: -1 }),
    ]);
    const asked = [0, 10, 20].map((after) => question(3, { now: NOW + after }));
    const reported = question(3, { commandUuid: 'command-3', now: NOW + 15 });
    const facts = await Promise.all([...asked, reported].map((one) => lookup.facts(one)));
    expect(facts.map((one) => one?.next?.uuid)).toEqual(['command-3', 'later', 'command-3', 'later']);
    expect(facts.map((one) => one?.reported?.uuid)).toEqual([undefined, undefined, undefined, 'command-3']);
  });

  it('does not take a longer name for the one it begins with', async () => {
    const [facts] = await Promise.all([
      lookup.facts(
        question(4, { commandUuid: `command-4${'x'.repeat(80)}`, certificate: `${certificate(4)}x` }),
      ),
      lookup.facts(question(5)),
    ]);
    expect(facts).toMatchObject({ reported: undefined, identityDeviceUuid: null });
  });
});

function deviceRow(device: number): Record<string, SqlValue> {
  return {
    uuid: `device-${device}`,
    enrollment_status: 'ENROLLED',
    enrollment_kind: 'DEVICE',
    awaiting_configuration: 0,
    created_at: 1,
    updated_at: 1,
  };
}

function channelRow(device: number): Record<string, SqlValue> {
  return {
    uuid: `channel-${device}`,
    device_uuid: `device-${device}`,
    kind: 'DEVICE',
    enrollment_key: `key-${device}`,
    enabled: 1,
    token_retired: 0,
    tally: 1,
    repush_count: 0,
    created_at: 1,
  };
}

function identityRow(device: number): Record<string, SqlValue> {
  return {
    sha256: certificate(device),
    device_uuid: `device-${device}`,
    status: 'ACTIVE',
    subject: 'CN=device',
    serial: '1',
    not_before: 1,
    not_after: 1,
    bound_at: 1,
  };
}

function commandRow(device: number, changes: Record<string, SqlValue>): Record<string, SqlValue> {
  return {
    uuid: `command-${device}`,
    device_uuid: `device-${device}`,
    channel_uuid: `channel-${device}`,
    queue_channel_uuid: `channel-${device}`,
    request_type: 'ProfileList',
    status: 'QUEUED',
    queue_rank: 0,
    source: 'API',
    body_uuid: 'body',
    queued_at: 1,
    delivery_count: 0,
    not_now_count: 0,
    ...changes,
  };
}
