import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Device } from '../../src/entities/device.js';
import { EnrollmentStatus } from '../../src/entities/enums.js';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

const DAY = 24 * 60 * 60_000;

onBothDatabases('the sync of an account', (name) => {
  let world: DepWorld;
  beforeEach(async () => {
    world = await depWorld(name);
  });
  afterEach(() => world.close());

  const serials = async (): Promise<string[]> =>
    (await world.devices())
      .filter(({ removedAt }) => removedAt === null)
      .map(({ serialNumber }) => serialNumber);
  const paths = (): string[] => world.fake.requests.map(({ path, status }) => `${path} ${status}`);

  it('fetches all pages, then syncs what changed', async () => {
    const account = await world.account();
    world.server.pageSize = 4;
    for (let n = 0; n < 10; n += 1) world.server.devices.add(`S${n}`, { asset_tag: `tag ${n}` });
    expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ fetched: 10, added: 10, modified: 0 });
    expect(await serials()).toHaveLength(10);
    world.server.devices.remove('S3');
    world.server.devices.modify('S4', { asset_tag: 'new' });
    world.server.devices.add('S10');
    expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ added: 1, modified: 1, deleted: 1 });
    const devices = await world.devices();
    expect(devices.find(({ serialNumber }) => serialNumber === 'S4')?.assetTag).toBe('new');
    expect(devices.find(({ serialNumber }) => serialNumber === 'S3')?.removedAt).not.toBeNull();
    const after = await world.dep.accounts.mustFind(account.uuid);
    expect(after).toMatchObject({ phase: 'SYNC', failure: null, leaseHolder: null });
    expect(after.syncedAt).not.toBeNull();
  });

  it('makes one device row for each, and knows those that are there already', async () => {
    const account = await world.account();
    const at = new Date();
    const enrolled = Object.assign(new Device(), {
      uuid: '01900000-0000-7000-8000-000000000001',
      udid: 'UDID-1',
      serialNumber: 'KNOWN',
      enrollmentStatus: EnrollmentStatus.ENROLLED,
      enrollmentKind: 'DEVICE',
      awaitingConfiguration: false,
      createdAt: at,
      updatedAt: at,
    });
    await world.database.transaction((tx) => tx.manager.insert(Device, enrolled));
    world.server.devices.add('KNOWN');
    world.server.devices.add('NEW', { device_family: 'iPad', os: 'iPadOS', model: 'iPad Air' });
    await world.dep.sync.syncNow(account.uuid);
    const devices = await world.database.manager.find(Device, { order: { serialNumber: 'ASC' } });
    expect(devices).toHaveLength(2);
    expect(devices[0]).toMatchObject({ uuid: enrolled.uuid, enrollmentStatus: 'ENROLLED' });
    expect(devices[1]).toMatchObject({
      serialNumber: 'NEW',
      platform: 'IPADOS',
      enrollmentStatus: 'EXPECTED',
    });
    expect((await world.devices()).map(({ deviceUuid }) => deviceUuid).sort()).toEqual(
      devices.map(({ uuid }) => uuid).sort(),
    );
  });

  it('believes the latest op_date, in whatever order it is told', async () => {
    const account = await world.account();
    world.server.devices.add('S1', { color: 'RED' });
    await world.dep.sync.syncNow(account.uuid);
    world.pass(60_000);
    world.server.devices.modify('S1', { color: 'BLUE' });
    world.server.devices.repeat('S1', 'deleted', Date.now() - DAY);
    await world.dep.sync.syncNow(account.uuid);
    expect(await world.devices()).toMatchObject([{ color: 'BLUE', removedAt: null }]);
    world.server.devices.repeat('S1', 'deleted', Date.now() - DAY);
    await world.dep.sync.syncNow(account.uuid);
    expect(await world.devices()).toMatchObject([{ color: 'BLUE', removedAt: null }]);
  });

  it('keeps the history of a device that leaves, and knows it again', async () => {
    const account = await world.account();
    world.server.devices.add('S1');
    await world.dep.sync.syncNow(account.uuid);
    const [before] = await world.devices();
    world.server.devices.remove('S1');
    world.pass(60_000);
    await world.dep.sync.syncNow(account.uuid);
    world.pass(60_000);
    world.server.devices.add('S1');
    expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ added: 1 });
    expect(await world.devices()).toMatchObject([{ deviceUuid: before?.deviceUuid, removedAt: null }]);
    expect(await world.database.manager.count(Device)).toBe(1);
  });

  it('lets a device move from one account to another, whichever tells first', async () => {
    const other = world.fake.addServer('Other');
    const [one, two] = [await world.account('One'), await world.account('Two', other)];
    world.server.devices.add('S1');
    await world.dep.sync.syncNow(one.uuid);
    await world.dep.sync.syncNow(two.uuid);
    world.pass(60_000);
    world.server.devices.remove('S1');
    other.devices.add('S1');
    await world.dep.sync.syncNow(two.uuid);
    await world.dep.sync.syncNow(one.uuid);
    expect(await world.devices()).toMatchObject([{ accountUuid: two.uuid, removedAt: null }]);
  });

  describe('goes on after', () => {
    it('EXPIRED_CURSOR: all is fetched anew, and what is gone is gone', async () => {
      const account = await world.account();
      world.server.devices.add('S1');
      world.server.devices.add('S2');
      await world.dep.sync.syncNow(account.uuid);
      world.pass(8 * DAY);
      world.server.devices.remove('S1');
      world.server.devices.add('S3');
      expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ added: 1, deleted: 1 });
      expect(await serials()).toEqual(['S2', 'S3']);
    });

    it.each(['INVALID_CURSOR', '"INVALID_CURSOR"', 'CURSOR_REQUIRED', 'EXHAUSTED_CURSOR'])(
      '%s at a sync: all is fetched anew',
      async (body) => {
        const account = await world.account();
        world.server.devices.add('S1');
        await world.dep.sync.syncNow(account.uuid);
        world.fake.mishap({ path: '/devices/sync', status: 400, body });
        await world.dep.sync.syncNow(account.uuid);
        expect(paths().filter((one) => one === '/server/devices 200')).toHaveLength(2);
        expect(await serials()).toEqual(['S1']);
      },
    );

    it('EXHAUSTED_CURSOR at a fetch: with a sync', async () => {
      const account = await world.account();
      world.server.pageSize = 1;
      world.server.devices.add('S1');
      world.server.devices.add('S2');
      world.fake.mishap({ path: '/server/devices', delayMs: 0 });
      world.fake.mishap({ path: '/server/devices', delayMs: 0 });
      await world.dep.sync.syncNow(account.uuid);
      await world.database.run(`UPDATE dep_accounts SET phase = 'FETCH'`);
      await world.dep.sync.syncNow(account.uuid);
      expect(paths().filter((one) => one === '/server/devices 400')).toHaveLength(1);
      expect(await serials()).toEqual(['S1', 'S2']);
    });

    it('a lost connection: the page that was lost is asked for again', async () => {
      const account = await world.account();
      world.server.pageSize = 2;
      for (let n = 0; n < 6; n += 1) world.server.devices.add(`S${n}`);
      world.fake.mishap({ path: '/server/devices', delayMs: 0 });
      world.fake.mishap({ path: '/server/devices', cut: true });
      await expect(world.dep.sync.syncNow(account.uuid)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
      expect(await serials()).toHaveLength(2);
      expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ fetched: 4 });
      expect(await serials()).toHaveLength(6);
    });
  });

  it('does not go round in circles when the cursor does not move', async () => {
    const account = await world.account();
    const page = JSON.stringify({
      cursor: 'SAME',
      more_to_follow: true,
      fetched_until: '2026-01-01T00:00:00Z',
      devices: [],
    });
    world.fake.mishap({ path: '/server/devices', status: 200, body: page, times: 100 });
    await expect(world.dep.sync.syncNow(account.uuid)).rejects.toThrow(/does not move on/);
    expect(world.fake.requests.length).toBeLessThan(6);
  });

  it('does not go round in circles when no cursor is ever right', async () => {
    const account = await world.account();
    world.server.devices.add('S1');
    await world.dep.sync.syncNow(account.uuid);
    const before = world.fake.requests.length;
    world.fake.mishap({ path: '/devices/sync', status: 400, body: 'EXPIRED_CURSOR', times: 100 });
    await expect(world.dep.sync.syncNow(account.uuid)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(world.fake.requests.length - before).toBeLessThan(6);
  });

  it.each([
    [403, 'T_C_NOT_SIGNED', 'TERMS_NOT_SIGNED', true],
    [403, 'ACCESS_DENIED', 'ACCESS_DENIED', true],
    [403, 'token_expired', 'TOKEN_EXPIRED', true],
    [401, 'UNAUTHORIZED', 'UNAUTHORIZED', true],
    [429, 'SLOW_DOWN', 'THROTTLED', false],
    [503, '', 'UNAVAILABLE', false],
  ])(
    'keeps %i %s with the account, tells it once, and does not hammer',
    async (status, body, failure, blocked) => {
      const account = await world.account();
      world.fake.mishap({ status, body, times: 100, headers: { 'retry-after': '600' } });
      for (let n = 0; n < 2; n += 1)
        await expect(world.dep.sync.syncNow(account.uuid)).rejects.toMatchObject({
          code: 'UPSTREAM_REFUSED',
        });
      const after = await world.dep.accounts.mustFind(account.uuid);
      expect(after).toMatchObject({ failure, blocked, failures: 2, leaseHolder: null });
      expect((after.nextSyncAt?.getTime() ?? 0) - after.updatedAt.getTime()).toBeGreaterThanOrEqual(600_000);
      const before = world.fake.requests.length;
      await world.dep.sync.syncDue();
      expect(world.fake.requests.length).toBe(before);
      const alerts = await world.database.query(`SELECT 1 AS one FROM events WHERE type = 'ALERT'`);
      expect(alerts).toHaveLength(blocked ? 1 : 0);
      world.pass(DAY);
      expect((await world.dep.accounts.mustFind(account.uuid)).failure).toBe(failure);
    },
  );

  it('is taken by one process alone', async () => {
    const account = await world.account();
    world.server.pageSize = 5;
    for (let n = 0; n < 40; n += 1) world.server.devices.add(`S${n}`);
    const other = await world.another();
    const results = await Promise.allSettled([
      world.dep.sync.syncNow(account.uuid),
      other.dep.sync.syncNow(account.uuid),
    ]);
    await other.close();
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CONFLICT' },
    });
    expect(await serials()).toHaveLength(40);
  });

  it('is taken over when the process that held it died', async () => {
    const account = await world.account();
    await world.database.run(`UPDATE dep_accounts SET lease_holder = 'somebody', lease_until = ?`, [
      Date.now() + 60_000,
    ]);
    await expect(world.dep.sync.syncNow(account.uuid)).rejects.toMatchObject({ code: 'CONFLICT' });
    world.pass(5 * 60_000);
    expect(await world.dep.sync.syncNow(account.uuid)).toMatchObject({ fetched: 0 });
  });
});
