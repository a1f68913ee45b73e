import { deflateSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/database/index.js';
import { insertRows, type SqlValue } from '../../src/database/index.js';
import { buildPlist } from '../../src/apple/plist/index.js';
import { mobileconfig } from './world.js';

/** Fills a database: `rows` each of devices, workflows, profiles and applications, with everything that belongs to them. */
export async function grow(database: Database, rows: number): Promise<void> {
  const numbers = Array.from({ length: rows }, (_, index) => index);
  const [devices, channels, workflows, profiles, revisions, applications] = Array.from({ length: 6 }, () =>
    numbers.map(() => uuidv7()),
  ) as string[][];
  const at = Date.now();
  const body = uuidv7();
  const table = (name: string, columns: string, values: readonly SqlValue[][]) =>
    database.transaction((tx) => insertRows(tx, `INSERT INTO ${name}`, columns.split(', '), values));
  await table(
    'profiles',
    'uuid, payload_identifier, payload_types, signed, size, sha256, revision, current_revision_uuid, created_at, updated_at',
    numbers.map((n) => [
      profiles![n]!,
      `org.example.p${n}`,
      '[]',
      0,
      1,
      String(n),
      1,
      revisions![n]!,
      at,
      at,
    ]),
  );
  await table(
    'profile_revisions',
    'uuid, profile_uuid, revision, payload_uuid, content, sha256, created_at',
    numbers.map((n) => [
      revisions![n]!,
      profiles![n]!,
      1,
      uuidv7(),
      mobileconfig(`org.example.p${n}`),
      String(n),
      at,
    ]),
  );
  await table(
    'applications',
    'uuid, name, itunes_store_id, revision, created_at, updated_at',
    numbers.map((n) => [applications![n]!, `App ${n}`, n + 1, 1, at, at]),
  );
  // A chain of six levels at the front; each level has the next and, when there are enough, others of its own.
  await table(
    'workflows',
    'uuid, name, revision, created_at, updated_at',
    numbers.map((n) => [workflows![n]!, `Level ${n}`, 1, at, at]),
  );
  await table(
    'workflow_profiles',
    'workflow_uuid, position, profile_uuid',
    numbers.map((n) => [workflows![n]!, 0, profiles![n]!]),
  );
  await table(
    'workflow_applications',
    'workflow_uuid, position, application_uuid',
    numbers.map((n) => [workflows![n]!, 0, applications![n]!]),
  );
  const includes = numbers.slice(0, 5).flatMap((n) => [
    [workflows![n]!, 0, workflows![n + 1]!],
    [workflows![n]!, 1, workflows![rows - 1 - (n % 3)]!],
  ]);
  await table('workflow_includes', 'workflow_uuid, position, included_uuid', includes);
  await database.run('UPDATE catalog_state SET revision = revision + 1');
  await table(
    'devices',
    'uuid, udid, serial_number, name, platform, enrollment_status, enrollment_kind, awaiting_configuration, workflow_uuid, created_at, updated_at',
    numbers.map((n) => [
      devices![n]!,
      `UDID-${n}`,
      `S${n}`,
      `Device ${n}`,
      'IOS',
      'ENROLLED',
      'DEVICE',
      0,
      workflows![n % 7]!,
      at + n,
      at,
    ]),
  );
  await table(
    'channels',
    'uuid, device_uuid, kind, enrollment_key, enabled, push_topic, push_token, push_magic, token_retired, tally, repush_count, created_at',
    numbers.map((n) => [
      channels![n]!,
      devices![n]!,
      'DEVICE',
      `UDID-${n}`,
      1,
      'topic',
      'ab',
      'magic',
      0,
      1,
      0,
      at,
    ]),
  );
  await table(
    'device_contacts',
    'device_uuid, last_seen_at',
    numbers.map((n) => [devices![n]!, at]),
  );
  await table(
    'deployments',
    'device_uuid, workflow_uuid, status, changed_at, dirty',
    numbers.map((n) => [devices![n]!, workflows![n % 7]!, 'PENDING', at, 0]),
  );
  await table('command_bodies', 'uuid, request_type, sha256, fragment, used_at', [
    [
      body,
      'SecurityInfo',
      'body',
      Buffer.from('<dict><key>RequestType</key><string>SecurityInfo</string></dict>'),
      at,
    ],
  ]);
  const commands = numbers.flatMap((n) => [0, 1, 2, 3].map((k) => ({ n, k, uuid: uuidv7() })));
  const report = deflateSync(buildPlist({ Status: 'Acknowledged', SecurityInfo: { PasscodePresent: true } }));
  await table(
    'commands',
    'uuid, device_uuid, channel_uuid, queue_channel_uuid, request_type, status, queue_rank, source, body_uuid, queued_at, delivery_count, not_now_count, answered_at, report',
    commands.map(({ n, k, uuid }) => {
      const done = k < 2;
      return [
        uuid,
        devices![n]!,
        channels![n]!,
        done ? null : channels![n]!,
        'SecurityInfo',
        done ? 'ACKNOWLEDGED' : 'QUEUED',
        0,
        'API',
        body,
        at,
        0,
        0,
        done ? at : null,
        done ? report : null,
      ];
    }),
  );
  await table(
    'deployment_items',
    'uuid, device_uuid, kind, subject_uuid, position, wanted_revision, status, command_uuid, corrections, changed_at',
    numbers.map((n) => [
      uuidv7(),
      devices![n]!,
      'PROFILE',
      profiles![n]!,
      0,
      revisions![n]!,
      'PENDING',
      commands[n * 4 + 2]!.uuid,
      0,
      at,
    ]),
  );
  await table(
    'pushes',
    'uuid, device_uuid, channel_uuid, status, attempts, queued_at, settled_at',
    numbers.flatMap((n) => [0, 1].map(() => [uuidv7(), devices![n]!, channels![n]!, 'DELIVERED', 1, at, at])),
  );
  const lists = {
    DEVICE_INFORMATION: { OSVersion: '18.1' },
    PROFILE_LIST: [{ identifier: 'a', payloadTypes: [] }],
    INSTALLED_APPLICATION_LIST: [{ identifier: 'b' }],
  };
  await table(
    'device_inventory',
    'device_uuid, kind, as_of, item_count, content',
    numbers.flatMap((n) =>
      Object.entries(lists).map(([kind, content]) => [
        devices![n]!,
        kind,
        at,
        1,
        deflateSync(JSON.stringify(content)),
      ]),
    ),
  );
}
