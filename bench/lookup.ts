import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { chunks, insertRows, type Database, type SqlValue } from '../src/database/index.js';
import { ConnectLookup, type ReportKind } from '../src/services/commands/lookup.js';
import type { Bench } from './bench.js';
import { measure, type Measure } from './measure.js';
import { printTable } from './table.js';

/** Of each device: what it has done in its life, and what waits for it. */
const FINISHED_EACH = 200;
const PENDING_EACH = 40;
const INSERTED_AT_ONCE = 10_000;

const COMMAND_COLUMNS = [
  'uuid', 'device_uuid', 'channel_uuid', 'queue_channel_uuid', 'request_type', 'status', 'queue_rank', 'source',
  'body_uuid', 'queued_at', 'sent_at', 'delivery_count', 'answered_at', 'not_now_count', 'report', 'report_size',
]; // prettier-ignore

/**
 * Which command is next, in a table with a history: a million finished commands and two hundred thousand pending ones. Asked
 * in this process, without HTTP, so that the look-up alone is seen; the CPU time is this process's.
 */
export const lookup: Bench = {
  name: 'lookup',
  async run({ database: name, options, stores }) {
    const store = await stores.fresh(name);
    const database = await store.open();
    try {
      const devices = Math.max(1, Math.round(options.rows / FINISHED_EACH));
      const targets = await fill(database, devices);
      const size = `${devices * FINISHED_EACH} finished and ${devices * PENDING_EACH} pending commands`;
      for (const kind of ['idle', 'answered'] as const) {
        const measures: Measure[] = [];
        for (const concurrency of options.concurrencies) {
          const round = asking(new ConnectLookup(database), targets, kind);
          measures.push(await measure({ concurrency, seconds: options.seconds, cpuMicros, round }));
        }
        printTable(`lookup (${name}, ${size}, after ${kind})`, 'look-up', measures);
      }
    } finally {
      await database.close();
      await store.remove();
    }
  },
};

interface Target {
  readonly deviceUuid: string;
  readonly channelUuid: string;
  readonly channelKey: string;
  readonly certificate: string;
  /** One of its pending commands, to be answered. */
  reported: string;
}

function asking(commands: ConnectLookup, targets: readonly Target[], kind: ReportKind): () => Promise<void> {
  return async () => {
    const target = targets[Math.floor(Math.random() * targets.length)];
    if (target === undefined) return;
    const { channelKey, certificate, reported } = target;
    const commandUuid = kind === 'idle' ? '' : reported;
    const facts = await commands.facts({ channelKey, certificate, commandUuid, kind, now: Date.now() });
    if (facts?.next === undefined) throw new Error(`Nothing was found for ${channelKey}.`);
  };
}

async function cpuMicros(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function fill(database: Database, count: number): Promise<Target[]> {
  const targets = Array.from({ length: count }, (_, index): Target => {
    const certificate = createHash('sha256').update(String(index)).digest('hex');
    return {
      deviceUuid: uuidv7(),
      channelUuid: uuidv7(),
      channelKey: `bench:${index}`,
      certificate,
      reported: '',
    };
  });
  await insertFleet(database, targets);
  const body = uuidv7();
  const bodyColumns = ['uuid', 'request_type', 'sha256', 'fragment', 'used_at'];
  const bodyRow = [
    body,
    'ProfileList',
    'bench',
    Buffer.from('<dict><key>RequestType</key><string>ProfileList</string></dict>'),
    Date.now(),
  ];
  await insert(database, 'command_bodies', bodyColumns, [bodyRow]);
  // One command of every device after the other, as time would have it.
  for (let nth = 0; nth < FINISHED_EACH + PENDING_EACH; nth += 1) {
    const rows = targets.map((target) => commandRow(target, body, nth < FINISHED_EACH));
    await insert(database, 'commands', COMMAND_COLUMNS, rows);
  }
  return targets;
}

function commandRow(target: Target, body: string, finished: boolean): SqlValue[] {
  const uuid = uuidv7();
  if (!finished) target.reported = uuid;
  const queue = finished ? null : target.channelUuid;
  const status = finished ? 'ACKNOWLEDGED' : 'QUEUED';
  const answeredAt = finished ? Date.now() : null;
  const report = finished ? randomBytes(200) : null;
  return [
    uuid, target.deviceUuid, target.channelUuid, queue, 'ProfileList', status, 0, 'API',
    body, Date.now(), answeredAt, finished ? 1 : 0, answeredAt, 0, report, report?.length ?? null,
  ]; // prettier-ignore
}

async function insertFleet(database: Database, targets: readonly Target[]): Promise<void> {
  const now = Date.now();
  const devices = targets.map(({ deviceUuid }) => [deviceUuid, 'ENROLLED', 'DEVICE', 0, now, now]);
  const deviceColumns = [
    'uuid',
    'enrollment_status',
    'enrollment_kind',
    'awaiting_configuration',
    'created_at',
    'updated_at',
  ];
  await insert(database, 'devices', deviceColumns, devices);
  const channels = targets.map((target) => [
    target.channelUuid,
    target.deviceUuid,
    'DEVICE',
    target.channelKey,
    1,
    0,
    1,
    0,
    now,
  ]);
  const channelColumns = [
    'uuid',
    'device_uuid',
    'kind',
    'enrollment_key',
    'enabled',
    'token_retired',
    'tally',
    'repush_count',
    'created_at',
  ];
  await insert(database, 'channels', channelColumns, channels);
  const identities = targets.map((target) => [
    target.certificate,
    target.deviceUuid,
    'ACTIVE',
    'CN=bench',
    '1',
    now,
    now,
    now,
  ]);
  const identityColumns = [
    'sha256',
    'device_uuid',
    'status',
    'subject',
    'serial',
    'not_before',
    'not_after',
    'bound_at',
  ];
  await insert(database, 'identities', identityColumns, identities);
}

async function insert(
  database: Database,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  for (const chunk of chunks(rows, INSERTED_AT_ONCE)) {
    await database.transaction((tx) => insertRows(tx, `INSERT INTO ${table}`, columns, chunk));
  }
}
