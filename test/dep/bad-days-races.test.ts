import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DepProfile } from '../../src/entities/dep-profile.js';
import type { SetupFields } from '../../src/services/dep/index.js';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ASSIGN = '/profile/devices';

onBothDatabases('on a bad day', (name) => {
  let world: DepWorld;
  beforeEach(async () => {
    world = await depWorld(name);
  });
  afterEach(() => world.close());

  async function profile(of = 'Phones', fields: SetupFields = {}): Promise<DepProfile> {
    const { profile: made } = await world.enrollmentProfiles.create({ name: `For ${of}` });
    return world.dep.profiles.create({ name: of, enrollmentProfileUuid: made.uuid, fields });
  }
  const rule = (to: DepProfile, patterns = {}) =>
    world.dep.rules.create({
      name: to.name,
      accountUuid: null,
      patterns,
      profileUuid: to.uuid,
      workflowUuid: null,
    });
  async function settle(dep = world.dep): Promise<void> {
    dep.worker.wake();
    await dep.worker.idle();
  }
  const asked = (path: string): number => world.fake.requests.filter((one) => one.path === path).length;
  /** Resolves when Apple has been asked for something once more; it may not have answered. */
  async function reached(path: string, work: () => unknown): Promise<void> {
    const seen = world.fake.arrived(path);
    work();
    while (world.fake.arrived(path) === seen) await new Promise(setImmediate);
  }
  /** Here is what is at Apple, once, with the profiles that Apple has. */
  async function whole(): Promise<void> {
    const devices = (await world.devices()).filter(({ removedAt }) => removedAt === null);
    const atApple = world.server.devices.list();
    expect(devices.map(({ serialNumber }) => serialNumber)).toEqual(
      atApple.map(({ serial_number }) => serial_number).sort(),
    );
    for (const { serialNumber, appleProfileUuid } of devices)
      expect([serialNumber, appleProfileUuid]).toEqual([
        serialNumber,
        world.server.devices.get(serialNumber)?.profile_uuid ?? null,
      ]);
    expect(await world.database.query('SELECT 1 AS one FROM devices')).toHaveLength(atApple.length);
  }
  const fill = (count: number): void => {
    for (let n = 0; n < count; n += 1) world.server.devices.add(`S${n}`);
  };

  describe('assigning', () => {
    it('asks once when Apple is throttling, however many devices wait', async () => {
      world.server.mostDevices = 10;
      fill(100);
      await rule(await profile());
      const account = await world.account();
      world.fake.mishap({ path: ASSIGN, status: 429, headers: { 'retry-after': '600' }, times: 50 });
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      expect(asked(ASSIGN)).toBe(1);
      world.pass(9 * MINUTE);
      await settle();
      expect(asked(ASSIGN)).toBe(1);
      expect((await world.devices()).every(({ assignment }) => assignment === 'PENDING')).toBe(true);
      world.fake.calm();
      world.pass(2 * MINUTE);
      await settle();
      expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
      await whole();
    });

    it('goes on at once when terms were signed, or the token was renewed', async () => {
      fill(3);
      const account = await world.account();
      await world.dep.sync.syncNow(account.uuid);
      world.pass(MINUTE);
      world.server.termsUnsigned = true;
      await rule(await profile());
      await world.dep.worker.idle();
      expect(await world.dep.accounts.mustFind(account.uuid)).toMatchObject({
        failure: 'TERMS_NOT_SIGNED',
        blocked: true,
      });
      const before = world.fake.requests.length;
      for (let n = 0; n < 5; n += 1) await settle();
      expect(world.fake.requests.length).toBe(before);
      world.server.termsUnsigned = false;
      world.pass(1_000);
      await world.dep.sync.syncNow(account.uuid);
      await world.dep.worker.idle();
      expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
      await world.dep.sync.syncNow(account.uuid);
      await whole();
    });

    it('a definition that Apple refuses does not keep the account, its sync or other profiles waiting', async () => {
      world.server.mostDevices = 2;
      fill(6);
      const account = await world.account();
      await rule(await profile('Odd'), { serialNumber: '*3' });
      world.fake.mishap({ path: '/profile', status: 400, body: '"FLAGS_INVALID"' });
      await rule(await profile('Good'));
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      const states = (await world.devices()).map(({ assignment }) => assignment);
      expect(states.filter((state) => state === 'ASSIGNED').length).toBeGreaterThan(0);
      expect(asked('/profile')).toBeLessThan(4);
      expect((await world.dep.accounts.mustFind(account.uuid)).failureMessage).toContain('FLAGS_INVALID');
      world.pass(2 * DAY);
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
    });

    it('tries what was throttled in part, word by word, until all have it', async () => {
      fill(8);
      await rule(await profile());
      const account = await world.account();
      world.server.retryAfterSeconds = 30;
      for (const n of [0, 1, 2]) world.server.outcome(`S${n}`, 'THROTTLED', n + 1);
      const odd = { devices: { s3: 'SUCCESS', S4: 'PERHAPS', S5: 7 }, retry_after_seconds: 'soon' };
      await world.dep.sync.syncNow(account.uuid);
      await world.dep.worker.idle();
      world.fake.mishap({ path: ASSIGN, status: 200, body: JSON.stringify(odd) });
      for (const pause of [40_000, 40_000, DAY, MINUTE, DAY, MINUTE]) {
        world.pass(pause);
        await settle();
      }
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
      await whole();
    });

    it.each([
      ['a connection lost before', { reset: true }],
      ['a connection lost after', { cut: true }],
      ['an answer that makes no sense', { status: 200, body: '[1, 2' }],
      ['another answer', { status: 200, body: '[]' }],
    ])('is whole after %s', async (_what, mishap) => {
      fill(3);
      await rule(await profile());
      const account = await world.account();
      world.fake.mishap({ path: ASSIGN, ...mishap });
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      world.pass(DAY);
      await settle();
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
      await whole();
    });
  });

  describe('two processes', () => {
    it('sync, judge and assign at once, and end with one of each', async () => {
      world.server.pageSize = 20;
      world.server.mostDevices = 25;
      fill(120);
      const [phones, macs] = [await profile('Phones'), await profile('Macs')];
      await rule(macs, { serialNumber: '*7' });
      await rule(phones);
      const account = await world.account();
      const other = await world.another();
      const both = [world.dep, other.dep];
      for (let round = 0; round < 2; round += 1) {
        const work = both.flatMap((dep) => [dep.sync.syncNow(account.uuid), settle(dep), settle(dep)]);
        await Promise.allSettled(work);
        world.server.devices.remove(`S${round}`);
        world.server.devices.add(`N${round}`);
        world.pass(MINUTE);
      }
      await world.dep.sync.syncNow(account.uuid);
      for (const dep of both) await settle(dep);
      await other.close();
      world.pass(10 * MINUTE);
      await settle();
      expect(
        (await world.devices()).every(
          ({ assignment, removedAt }) => removedAt !== null || assignment === 'ASSIGNED',
        ),
      ).toBe(true);
      const devices = (await world.devices()).filter(({ removedAt }) => removedAt === null);
      expect(devices).toHaveLength(120);
      const profileOf = (serial: string) =>
        world.server.profiles.get(world.server.devices.get(serial)?.profile_uuid ?? '');
      expect(profileOf('S7')?.['profile_name']).toBe('Macs');
      expect(profileOf('S8')?.['profile_name']).toBe('Phones');
    });

    it('and one that is slow: what it read after its lease was taken over changes nothing', async () => {
      fill(4);
      const account = await world.account();
      await world.dep.sync.syncNow(account.uuid);
      world.server.devices.modify('S1', { asset_tag: 'told to the slow one' });
      world.fake.mishap({ path: '/devices/sync', delayMs: 600 });
      let slow: Promise<unknown> = Promise.resolve();
      await reached('/devices/sync', () => {
        slow = world.dep.sync.syncNow(account.uuid).catch((error: unknown) => error);
      });
      world.pass(10 * MINUTE);
      const other = await world.another();
      await other.dep.sync.syncNow(account.uuid);
      const before = await world.dep.accounts.mustFind(account.uuid);
      const devices = await world.devices();
      const events = await world.database.query('SELECT 1 AS one FROM events');
      expect(await slow).toMatchObject({ code: 'CONFLICT' });
      expect(await world.dep.accounts.mustFind(account.uuid)).toEqual(before);
      expect(await world.devices()).toEqual(devices);
      expect(await world.database.query('SELECT 1 AS one FROM events')).toEqual(events);
      await other.close();
      await whole();
    });

    it("and one that is slow: what goes wrong for it is not the account's any more", async () => {
      const account = await world.account();
      world.fake.mishap({ path: '/server/devices', status: 503, delayMs: 600 });
      let slow: Promise<unknown> = Promise.resolve();
      await reached('/server/devices', () => {
        slow = world.dep.sync.syncNow(account.uuid).catch((error: unknown) => error);
      });
      world.pass(10 * MINUTE);
      const other = await world.another();
      await other.dep.sync.syncNow(account.uuid);
      const before = await world.dep.accounts.mustFind(account.uuid);
      expect(await slow).toMatchObject({ code: 'UPSTREAM_REFUSED' });
      expect(await world.dep.accounts.mustFind(account.uuid)).toEqual(before);
      await other.close();
    });
  });

  describe('meanwhile', () => {
    it('another token is uploaded: the sync by the former one writes nothing more', async () => {
      world.server.pageSize = 2;
      fill(6);
      const account = await world.account();
      const next = world.fake.addServer('Next');
      next.devices.add('NEXT');
      world.fake.mishap({ path: '/server/devices', delayMs: 0 });
      world.fake.mishap({ path: '/server/devices', delayMs: 500 });
      let running: Promise<unknown> = Promise.resolve();
      await reached('/server/devices', () => {
        running = world.dep.sync.syncNow(account.uuid).catch((error: unknown) => error);
      });
      await reached('/server/devices', () => undefined);
      await world.dep.accounts.uploadToken(account.uuid, world.fake.token(next, account.certificate), true);
      expect(await running).toMatchObject({ code: 'CONFLICT' });
      expect(await world.dep.accounts.mustFind(account.uuid)).toMatchObject({
        phase: 'FETCH',
        cursor: '',
        failure: null,
      });
      await world.dep.sync.syncNow(account.uuid);
      const present = (await world.devices()).filter(({ removedAt }) => removedAt === null);
      expect(present.map(({ serialNumber }) => serialNumber)).toEqual(['NEXT']);
    });

    it('the token is renewed: what the former one is refused for does not block the account', async () => {
      fill(2);
      await rule(await profile());
      const account = await world.account();
      world.fake.mishap({ path: ASSIGN, status: 403, body: 'ACCESS_DENIED', delayMs: 500 });
      await reached(ASSIGN, () => void world.dep.sync.syncNow(account.uuid));
      await world.dep.accounts.uploadToken(account.uuid, world.fake.token(world.server, account.certificate));
      await world.dep.worker.idle();
      expect(await world.dep.accounts.mustFind(account.uuid)).toMatchObject({
        blocked: false,
        failure: null,
      });
    });

    it('the account is renamed: both stay', async () => {
      world.server.pageSize = 2;
      fill(6);
      const account = await world.account();
      world.fake.mishap({ path: '/server/devices', delayMs: 200, times: 2 });
      let running: Promise<unknown> = Promise.resolve();
      await reached('/server/devices', () => (running = world.dep.sync.syncNow(account.uuid)));
      await world.dep.accounts.rename(account.uuid, 'Renamed');
      await running;
      expect(await world.dep.accounts.mustFind(account.uuid)).toMatchObject({
        name: 'Renamed',
        phase: 'SYNC',
      });
      await whole();
    });

    it('a profile is edited while Apple is told of it: devices end with the edited one', async () => {
      fill(3);
      const phones = await profile();
      await rule(phones);
      const account = await world.account();
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      world.fake.mishap({ path: ASSIGN, delayMs: 500 });
      await reached(
        ASSIGN,
        () => void world.dep.profiles.update(phones.uuid, { fields: { department: 'A' } }),
      );
      const other = await world.another();
      await world.dep.profiles.update(phones.uuid, { fields: { department: 'B' } });
      await settle(other.dep);
      await world.dep.worker.idle();
      await other.close();
      world.pass(10 * MINUTE);
      await settle();
      await world.dep.sync.syncNow(account.uuid);
      await settle();
      const departments = world.server.devices
        .list()
        .map(({ profile_uuid }) => world.server.profiles.get(profile_uuid ?? '')?.['department']);
      expect(departments).toEqual(['B', 'B', 'B']);
      await world.dep.sync.syncNow(account.uuid);
      await whole();
    });

    it('rules are edited again and again while devices are judged: the last word counts', async () => {
      fill(60);
      const [phones, macs] = [await profile('Phones'), await profile('Macs')];
      const first = await rule(phones);
      await rule(macs);
      const account = await world.account();
      const work = world.dep.sync.syncNow(account.uuid);
      for (let n = 0; n < 6; n += 1)
        await world.dep.rules.update(first.uuid, { position: n % 2 === 0 ? 1 : 0 });
      await world.dep.rules.update(first.uuid, { position: 1 });
      await work;
      await settle();
      world.pass(10 * MINUTE);
      await settle();
      const names = world.server.devices
        .list()
        .map(({ profile_uuid }) => world.server.profiles.get(profile_uuid ?? '')?.['profile_name']);
      expect(new Set(names)).toEqual(new Set(['Macs']));
    });

    it('two accounts tell the same new device at once: it is one device', async () => {
      const next = world.fake.addServer('Next');
      const [one, two] = [await world.account('One'), await world.account('Two', next)];
      for (let n = 0; n < 50; n += 1) {
        world.server.devices.add(`S${n}`);
        next.devices.add(`S${n}`);
      }
      const other = await world.another();
      const ends = await Promise.allSettled([
        world.dep.sync.syncNow(one.uuid),
        other.dep.sync.syncNow(two.uuid),
      ]);
      await other.close();
      expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      await world.dep.sync.syncNow(one.uuid);
      expect(await world.devices()).toHaveLength(50);
      expect(await world.database.query('SELECT 1 AS one FROM devices')).toHaveLength(50);
    });
  });

  it('secrets are in no event, no row in plain, and no error', async () => {
    const account = await world.account();
    const { consumer_key, access_token, access_secret, consumer_secret } = world.fake.secretsOf(world.server);
    world.fake.mishap({
      path: '/server/devices',
      status: 418,
      body: `no ${access_token} ${consumer_key} ${access_secret}`,
    });
    const error: unknown = await world.dep.sync.syncNow(account.uuid).catch((thrown: unknown) => thrown);
    const events = await world.database.query('SELECT * FROM events');
    const rows = await world.database.query('SELECT * FROM dep_accounts');
    const seen = JSON.stringify([events, rows, (error as Error).message]);
    for (const secret of [access_token, access_secret, consumer_secret]) expect(seen).not.toContain(secret);
    expect(seen).not.toContain('PRIVATE KEY');
  });
});
