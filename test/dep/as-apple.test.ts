import { afterEach, beforeEach, expect, it } from 'vitest';
import { DepClient } from '../../src/apple/dep/index.js';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { keyPair, tokenOf } from './kit.js';

const own = keyPair();
let fake: FakeDep, server: DepServer, at: number;

beforeEach(async () => {
  at = Date.parse('2026-11-23T08:00:00.000Z');
  fake = await FakeDep.start({ now: () => at });
  server = fake.addServer('Pomona');
  server.devices.add('A');
});
afterEach(() => fake.close());

const client = (protocolVersion = 10): DepClient =>
  new DepClient({
    baseUrl: fake.url,
    token: tokenOf(fake, server, own),
    userAgent: 'Pomona/test',
    protocolVersion,
    now: () => at,
  });

const FIELDS = { profileName: 'Phones', url: 'https://mdm.example.org/mdm/enroll/dep' };

it('a device from its box is told its profile, which counts as pushed from then on, also in the next sync', async () => {
  const dep = client();
  const { cursor } = await dep.fetchDevices(undefined, 100);
  expect(server.profileOf('A')).toBeUndefined();
  const uuid = await dep.defineProfile({ ...FIELDS, awaitDeviceConfigured: true });
  await dep.assignProfile(uuid, ['A']);
  at += 90_000;
  expect(server.profileOf('A')).toEqual({
    name: 'Phones',
    url: FIELDS.url,
    configurationWebUrl: undefined,
    awaitsConfiguration: true,
    supervised: true,
  });
  const { devices } = await dep.syncDevices(cursor, 100);
  expect(devices.map(({ profileStatus, profilePushedAt }) => [profileStatus, profilePushedAt])).toEqual([
    ['assigned', null],
    ['pushed', new Date('2026-11-23T08:01:30Z')],
  ]);
  await dep.assignProfile(uuid, ['A']);
  expect(server.devices.get('A')).not.toHaveProperty('profile_push_time');
  expect(server.profileOf('NOBODYS')).toBeUndefined();
});

it('what is taken away is gone from what a sync tells, too', async () => {
  const dep = client();
  const uuid = await dep.defineProfile(FIELDS);
  await dep.assignProfile(uuid, ['A']);
  const { cursor } = await dep.fetchDevices(undefined, 100);
  await dep.unassignProfile(['A']);
  const { devices } = await dep.syncDevices(cursor, 100);
  expect(devices).toMatchObject([{ profileStatus: 'removed', profileUuid: null, profileAssignedAt: null }]);
  expect(server.profileOf('A')).toBeUndefined();
});

it.each([
  [8, 'FAILED', undefined],
  [9, 'THROTTLED', undefined],
  [10, 'THROTTLED', 90_000],
])('protocol version %i says %s, and how long: %s', async (version, outcome, retryAfterMs) => {
  const dep = client(version);
  const uuid = await dep.defineProfile(FIELDS);
  server.outcome('A', 'THROTTLED');
  server.retryAfterSeconds = 90;
  expect(await dep.assignProfile(uuid, ['A'])).toEqual({ outcomes: { A: outcome }, retryAfterMs });
});

it('a profile that Apple does not know cannot be assigned, and what is no JSON is not read', async () => {
  await expect(client().assignProfile('UNKNOWN', ['A'])).rejects.toMatchObject({ status: 404 });
  const answer = await fetch(`${fake.url}/profile`, {
    method: 'POST',
    headers: { 'user-agent': 'Pomona/test' },
    body: '{"profile_name": ',
  });
  expect([answer.status, await answer.text()]).toEqual([400, 'MALFORMED_REQUEST_BODY']);
});
