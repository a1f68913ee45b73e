import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DepServer } from '../../simulator/dep/index.js';
import type { DepAccount } from '../../src/entities/dep-account.js';
import type { DepDevice } from '../../src/entities/dep-device.js';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FETCH = '/server/devices';
const SYNC = '/devices/sync';

onBothDatabases('a sync on a bad day', (name) => {
  let world: DepWorld;
  let days = 0;
  beforeAll(async () => {
    world = await depWorld(name);
  });
  afterAll(() => world.close());

  interface Day {
    readonly server: DepServer;
    readonly account: DepAccount;
    readonly serials: readonly string[];
  }

  /** A server of its own with devices, two a page. */
  async function day(devices = 6): Promise<Day> {
    days += 1;
    const server = world.fake.addServer(`Day ${days}`);
    server.pageSize = 2;
    const account = await world.account(`Day ${days}`, server);
    const serials = Array.from({ length: devices }, (_, n) => `D${days}-${n}`);
    for (const serial of serials) server.devices.add(serial);
    return { server, account, serials };
  }

  const rows = async ({ account }: Day): Promise<DepDevice[]> =>
    (await world.devices()).filter(({ accountUuid }) => accountUuid === account.uuid);
  const present = async (of: Day): Promise<string[]> =>
    (await rows(of)).filter(({ removedAt }) => removedAt === null).map(({ serialNumber }) => serialNumber);
  const state = (of: Day): Promise<DepAccount> => world.dep.accounts.mustFind(of.account.uuid);
  const sync = (of: Day) => world.dep.sync.syncNow(of.account.uuid);
  const asked = (path: string): number => world.fake.requests.filter((one) => one.path === path).length;

  /** Lets the honest answers pass that come before the one that the mishap strikes. */
  function strike(path: string, nth: number, mishap: object): void {
    for (let n = 0; n < nth; n += 1) world.fake.mishap({ path, delayMs: 0 });
    world.fake.mishap({ path, ...mishap });
  }

  /** The clock syncs no other account from here on. */
  async function onlyDue(...of: readonly Day[]): Promise<void> {
    const marks = of.map(() => '?').join(', ');
    await world.database.run(
      `UPDATE dep_accounts SET next_sync_at = NULL WHERE uuid NOT IN (${marks})`,
      of.map(({ account }) => account.uuid),
    );
  }

  /** As on call: time passes, and it is tried again. */
  async function untilWell(of: Day): Promise<void> {
    for (let tries = 0; tries < 4; tries += 1) {
      const problem = await sync(of).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (problem === undefined) return;
      expect(problem).toMatchObject({ code: 'UPSTREAM_REFUSED' });
      world.pass(3 * 60 * MINUTE);
    }
    expect.fail('It did not get well.');
  }

  /** Here is what is at Apple, once, and nothing is amiss. */
  async function whole(of: Day): Promise<void> {
    const there = of.server.devices.list().map(({ serial_number }) => serial_number);
    expect(await present(of)).toEqual(there.sort());
    const [twice] = await world.database.query(
      'SELECT serial_number FROM devices GROUP BY serial_number HAVING COUNT(*) > 1',
    );
    expect(twice).toBeUndefined();
    expect(await state(of)).toMatchObject({
      phase: 'SYNC',
      failure: null,
      failures: 0,
      blocked: false,
      leaseHolder: null,
    });
  }

  /** Three devices more, one less, one changed: a sync of three pages. */
  function stir({ server, serials }: Day): void {
    world.pass(MINUTE);
    server.devices.remove(serials[0] ?? '');
    server.devices.modify(serials[1] ?? '', { asset_tag: 'changed' });
    for (const letter of ['A', 'B', 'C']) server.devices.add(`${serials[0]}${letter}`);
  }

  describe('ends whole after', () => {
    const cursors = ['EXPIRED_CURSOR', '"INVALID_CURSOR"', 'EXHAUSTED_CURSOR', 'CURSOR_REQUIRED'];
    const mishaps: [string, object][] = [
      ...cursors.map((body): [string, object] => [body, { status: 400, body }]),
      ['401 once', { status: 401, body: 'UNAUTHORIZED' }],
      ['FORBIDDEN', { status: 403, body: '"FORBIDDEN"' }],
      ['429', { status: 429, headers: { 'retry-after': '5' } }],
      ['503', { status: 503, headers: { 'retry-after': new Date().toUTCString() } }],
      ['terms not signed', { status: 403, body: 'T_C_NOT_SIGNED' }],
      ['a web page', { status: 200, body: '<html>Sign in</html>' }],
      ['half an answer in JSON', { status: 200, body: '{"cursor": "x", "more_to' }],
      ['an empty object', { status: 200, body: '{}' }],
      ['nothing at all', { status: 200, body: '' }],
      ['a connection lost before', { reset: true }],
      ['a connection lost in the middle', { cut: true }],
    ];
    const phases: [string, string, number][] = [
      ['the first page of a fetch', FETCH, 0],
      ['the second page of a fetch', FETCH, 1],
      ['the last page of a fetch', FETCH, 2],
      ['the first page of a sync', SYNC, 0],
      ['the last page of a sync', SYNC, 2],
    ];

    it.each(mishaps)('%s at each phase', async (_what, mishap) => {
      for (const [where, path, nth] of phases) {
        const of = await day();
        if (path === SYNC) {
          await sync(of);
          stir(of);
        }
        strike(path, nth, mishap);
        await untilWell(of);
        expect([where, (await present(of)).length]).toEqual([where, of.server.devices.size]);
        await whole(of);
      }
    });

    it('sessions that are forgotten before any request', async () => {
      const of = await day();
      world.fake.forgetSessions();
      const steps = [() => undefined, () => stir(of), () => of.server.devices.add(`D${days}-Z`)];
      for (const step of steps) {
        step();
        const work = sync(of);
        const seen = world.fake.requests.length;
        await new Promise<void>((resolve) => {
          const look = (): void => {
            if (world.fake.requests.length > seen) {
              world.fake.forgetSessions();
              resolve();
            } else setImmediate(look);
          };
          look();
        });
        expect(await work).toMatchObject({ cursor: expect.any(String) as string });
        await whole(of);
      }
    });
  });

  it('does not go round in a circle of cursors', async () => {
    const of = await day();
    const page = (cursor: string) =>
      JSON.stringify({ cursor, more_to_follow: true, fetched_until: '2026-01-01T00:00:00Z', devices: [] });
    for (let n = 0; n < 20; n += 1)
      world.fake.mishap({ path: FETCH, status: 200, body: page(n % 2 === 0 ? 'EVEN' : 'ODD') });
    const before = asked(FETCH);
    await expect(sync(of)).rejects.toThrow(/does not move on/);
    expect(asked(FETCH) - before).toBeLessThan(5);
    world.fake.calm();
    await sync(of);
    await whole(of);
  });

  it('takes no device away because of an answer that says nothing', async () => {
    const of = await day();
    await sync(of);
    world.fake.mishap({ path: FETCH, status: 200, body: '{"devices": [], "more_to_follow": false}' });
    await expect(world.dep.sync.syncNow(of.account.uuid, true)).rejects.toThrow(/makes no sense/);
    expect(await present(of)).toHaveLength(6);
    await sync(of);
    await whole(of);
  });

  it('takes a page of 2,500 rows, some of them twice, some odd', async () => {
    const of = await day(0);
    const row = (n: number, more: object = {}) => ({ serial_number: `d${days}-huge-${n}`, ...more });
    const devices = [
      ...Array.from({ length: 2_497 }, (_, n) =>
        row(n, { model: null, profile_status: 'undreamt of by us, and far too long for a column' }),
      ),
      row(5, { model: 'Later', op_type: 'modified', op_date: '2026-05-01T10:00:00.5+02:00' }),
      row(5, { model: 'Earlier', op_type: 'deleted', op_date: '2026-05-01T09:59:59.9+02:00' }),
      { serial_number: null },
    ];
    const body = JSON.stringify({ cursor: 'HUGE', more_to_follow: false, fetched_until: null, devices });
    world.fake.mishap({ path: FETCH, status: 200, body });
    const end = JSON.stringify({ cursor: 'HUGE2', more_to_follow: false, devices: [] });
    world.fake.mishap({ path: SYNC, status: 200, body: end });
    expect(await sync(of)).toMatchObject({ added: 2_497 });
    const found = await rows(of);
    expect(found).toHaveLength(2_497);
    expect(found.find(({ serialNumber }) => serialNumber === `D${days}-HUGE-5`)).toMatchObject({
      model: 'Later',
      removedAt: null,
      opDate: new Date('2026-05-01T08:00:00.500Z'),
    });
  });

  describe('believes the latest date, and', () => {
    const told = (...devices: object[]): void => {
      const body = JSON.stringify({ cursor: `C${Math.random()}`, more_to_follow: false, devices });
      world.fake.mishap({ path: SYNC, status: 200, body });
    };
    const op = (of: Day, op_type: string, at: number, more: object = {}) => ({
      serial_number: of.serials[0],
      op_type,
      op_date: new Date(at).toISOString(),
      ...more,
    });

    it('a deletion is not undone by an older change that is told after it', async () => {
      const of = await day(1);
      await sync(of);
      const now = world.now();
      told(op(of, 'deleted', now - 1_000));
      await sync(of);
      told(op(of, 'modified', now - 60_000, { color: 'OLD' }));
      await sync(of);
      expect(await present(of)).toEqual([]);
      world.pass(1_000);
      told(op(of, 'added', world.now(), { color: 'NEW' }));
      await sync(of);
      expect(await rows(of)).toMatchObject([{ removedAt: null, color: 'NEW' }]);
    });

    it('one in the future does not freeze the row', async () => {
      const of = await day(1);
      await sync(of);
      told(op(of, 'modified', world.now() + 10 * 365 * DAY, { color: 'FUTURE' }));
      await sync(of);
      expect(await rows(of)).toMatchObject([{ color: 'FUTURE' }]);
      world.pass(MINUTE);
      told(op(of, 'modified', world.now() - 1_000, { color: 'LATER' }));
      await sync(of);
      expect(await rows(of)).toMatchObject([{ color: 'LATER' }]);
      told(op(of, 'deleted', world.now()));
      await sync(of);
      expect(await present(of)).toEqual([]);
    });

    it('without one, the order in which it was told counts', async () => {
      const of = await day(1);
      await sync(of);
      told(
        { serial_number: of.serials[0], op_type: 'modified', op_date: 'soon', color: 'ONE' },
        { serial_number: of.serials[0], op_type: 'MODIFIED', op_date: null, color: 'TWO' },
      );
      await sync(of);
      expect(await rows(of)).toMatchObject([{ color: 'TWO', removedAt: null }]);
    });

    it('a fetch that is out of date does not take a device from the account it has moved to', async () => {
      const [one, two] = [await day(1), await day(0)];
      const serial = one.serials[0] ?? '';
      const stale = { ...one.server.devices.get(serial) };
      world.pass(MINUTE);
      one.server.devices.remove(serial);
      two.server.devices.add(serial);
      await sync(two);
      const cursor = 'unused';
      const body = JSON.stringify({ cursor, more_to_follow: false, devices: [stale] });
      world.fake.mishap({ path: FETCH, status: 200, body });
      told({ ...stale, op_type: 'deleted', op_date: new Date(world.now()).toISOString() });
      await sync(one);
      expect(await present(one)).toEqual([]);
      expect(await present(two)).toEqual([serial]);
    });
  });

  describe('is not kept from the other accounts by', () => {
    it('one whose token cannot be opened', async () => {
      const [broken, sound] = [await day(), await day()];
      await onlyDue(broken, sound);
      await world.database.run('UPDATE dep_accounts SET sealed_token = ?, next_sync_at = 0 WHERE uuid = ?', [
        Buffer.from('nonsense'),
        broken.account.uuid,
      ]);
      await world.dep.sync.syncDue();
      await whole(sound);
      const before = world.fake.requests.length;
      await world.dep.sync.syncDue();
      expect(world.fake.requests.length).toBe(before);
      await world.database.run('DELETE FROM dep_accounts WHERE uuid = ?', [broken.account.uuid]);
    });
  });

  describe('with a token that', () => {
    it('was renewed in place keeps its devices and goes on from its cursor', async () => {
      const of = await day();
      await sync(of);
      stir(of);
      const file = world.fake.token(of.server, of.account.certificate);
      world.fake.forgetSessions();
      await expect(sync(of)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
      expect(await state(of)).toMatchObject({ blocked: true, failure: 'UNAUTHORIZED' });
      const fetches = asked(FETCH);
      await world.dep.accounts.uploadToken(of.account.uuid, file);
      expect(await state(of)).toMatchObject({ blocked: false, failure: null });
      await sync(of);
      expect(asked(FETCH)).toBe(fetches);
      await whole(of);
    });

    it('has expired says so, is asked for nothing, and is renewed', async () => {
      const of = await day();
      await world.dep.accounts.uploadToken(
        of.account.uuid,
        world.fake.token(of.server, of.account.certificate, 1),
      );
      await sync(of);
      world.pass(2 * DAY);
      world.fake.forgetSessions();
      await expect(sync(of)).rejects.toThrow(/has expired/);
      expect(await state(of)).toMatchObject({ failure: 'TOKEN_EXPIRED', blocked: true });
      await world.dep.accounts.uploadToken(
        of.account.uuid,
        world.fake.token(of.server, of.account.certificate),
      );
      stir(of);
      await sync(of);
      await whole(of);
    });

    it('names a limit that is none is taken all the same', async () => {
      const of = await day();
      of.server.mostDevices = 1e12;
      await world.dep.accounts.uploadToken(
        of.account.uuid,
        world.fake.token(of.server, of.account.certificate),
      );
      expect((await state(of)).deviceLimit).toBe(1_000);
    });
  });

  it('lets Apple say 401 always once, and then waits', async () => {
    const of = await day();
    await onlyDue(of);
    world.fake.mishap({ status: 401, body: 'UNAUTHORIZED', times: 50 });
    await expect(sync(of)).rejects.toThrow(/clock/);
    const before = world.fake.requests.length;
    await world.dep.sync.syncDue();
    expect(world.fake.requests.length).toBe(before);
    world.fake.calm();
    world.pass(5 * 60 * MINUTE);
    await world.dep.sync.syncDue();
    await whole(of);
  });

  it('does not tell of a thousand new devices one by one', async () => {
    const many = await day(300);
    many.server.pageSize = 1_000;
    const count = async (change: string): Promise<number> =>
      (
        await world.database.query(
          `SELECT 1 AS one FROM events e JOIN dep_devices d ON d.device_uuid = e.device_uuid
            WHERE d.account_uuid = ? AND e.data LIKE ?`,
          [many.account.uuid, `%"${change}"%`],
        )
      ).length;
    await sync(many);
    expect(await count('DEP_ADDED')).toBe(0);
    const events = await world.database.query<{ data: string }>(
      `SELECT data FROM events WHERE type = 'DEP_SYNC' AND subject_uuid = ? ORDER BY seq`,
      [many.account.uuid],
    );
    expect(events.map(({ data }) => JSON.parse(data) as object).at(-1)).toMatchObject({
      state: 'DONE',
      added: 300,
    });
    world.pass(MINUTE);
    many.server.devices.add(`D${days}-more`);
    await sync(many);
    expect(await count('DEP_ADDED')).toBe(1);
    world.pass(MINUTE);
    many.server.devices.remove(`D${days}-more`);
    await sync(many);
    expect(await count('DEP_REMOVED')).toBe(1);
  });
});
