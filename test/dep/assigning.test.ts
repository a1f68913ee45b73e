import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Device } from '../../src/entities/device.js';
import type { DepProfile } from '../../src/entities/dep-profile.js';
import { Workflows } from '../../src/services/catalog/workflows.js';
import type { SetupFields } from '../../src/services/dep/index.js';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

const DAY = 24 * 60 * 60_000;

onBothDatabases('profiles and rules', (name) => {
  let world: DepWorld;
  beforeEach(async () => {
    world = await depWorld(name);
  });
  afterEach(() => world.close());

  async function profile(of = 'Phones', fields: SetupFields = {}): Promise<DepProfile> {
    const { profile: made } = await world.enrollmentProfiles.create({ name: `For ${of}` });
    return world.dep.profiles.create({ name: of, enrollmentProfileUuid: made.uuid, fields });
  }

  async function settle(): Promise<void> {
    world.dep.worker.wake();
    await world.dep.worker.idle();
  }

  const rule = (to: DepProfile, patterns = {}, workflowUuid: string | null = null) =>
    world.dep.rules.create({
      name: to.name,
      accountUuid: null,
      patterns,
      profileUuid: to.uuid,
      workflowUuid,
    });

  const assigned = (): (string | undefined)[] =>
    ['S0', 'S1', 'S2'].map((serial) => {
      const uuid = world.server.devices.get(serial)?.profile_uuid;
      return uuid === undefined ? undefined : String(world.server.profiles.get(uuid)?.['profile_name']);
    });

  async function synced(devices = ['S0', 'S1', 'S2']): Promise<string> {
    const account = await world.account();
    for (const serial of devices) world.server.devices.add(serial);
    await world.dep.sync.syncNow(account.uuid);
    await settle();
    return account.uuid;
  }

  it('assign by the first rule that is about a device, also after a full fetch', async () => {
    const [phones, macs] = [
      await profile('Phones', { isSupervised: true, skipSetupItems: ['Siri'] }),
      await profile('Macs'),
    ];
    await rule(macs, { serialNumber: '*2' });
    await rule(phones, { deviceFamily: 'iphone' });
    await synced();
    expect(assigned()).toEqual(['Phones', 'Phones', 'Macs']);
    const sent = [...world.server.profiles.values()].find((one) => one['profile_name'] === 'Phones');
    expect(sent).toMatchObject({
      url: 'https://mdm.example.org/mdm/enroll/dep',
      is_supervised: true,
      skip_setup_items: ['Siri'],
    });
    expect(await world.devices()).toMatchObject([
      { assignment: 'ASSIGNED', choice: 'RULE', wantedProfileUuid: phones.uuid },
      { assignment: 'ASSIGNED' },
      { assignment: 'ASSIGNED', wantedProfileUuid: macs.uuid },
    ]);
    // Apple tells of our own assignments; nothing follows from that.
    const before = world.fake.requests.length;
    const account = (await world.devices())[0]?.accountUuid ?? '';
    await world.dep.sync.syncNow(account);
    await settle();
    expect(world.fake.requests.slice(before).map(({ path }) => path)).toEqual(['/devices/sync']);
  });

  it('follow an edit of a rule, of the order of rules, and of a profile', async () => {
    const [phones, macs] = [await profile('Phones'), await profile('Macs')];
    const first = await rule(phones);
    await synced();
    expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
    const second = await rule(macs, { serialNumber: 'S1' });
    await settle();
    expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
    await world.dep.rules.update(second.uuid, { position: 0 });
    await settle();
    expect(assigned()).toEqual(['Phones', 'Macs', 'Phones']);
    expect((await world.dep.rules.list()).map(({ uuid }) => uuid)).toEqual([second.uuid, first.uuid]);
    const before = world.server.devices.get('S0')?.profile_uuid;
    await world.dep.profiles.update(phones.uuid, { fields: { department: 'IT' } });
    await settle();
    const after = world.server.devices.get('S0')?.profile_uuid ?? '';
    expect(after).not.toBe(before);
    expect(world.server.profiles.get(after)).toMatchObject({ department: 'IT' });
    await world.dep.profiles.update(phones.uuid, { fields: {} });
    await settle();
    expect(world.server.devices.get('S0')?.profile_uuid).toBe(before);
  });

  it('leave alone what was chosen by hand, until it is given back', async () => {
    const [phones, macs] = [await profile('Phones'), await profile('Macs')];
    await rule(phones);
    await synced();
    const [s0, s1] = await world.devices();
    await world.dep.choosing.assign([s0?.deviceUuid ?? ''], macs.uuid);
    await world.dep.choosing.unassign([s1?.deviceUuid ?? '']);
    await world.dep.worker.idle();
    expect(assigned()).toEqual(['Macs', undefined, 'Phones']);
    expect(await world.devices()).toMatchObject([{ choice: 'MANUAL' }, { assignment: 'NONE' }, {}]);
    await world.dep.rules.create({
      name: 'again',
      accountUuid: null,
      patterns: {},
      profileUuid: phones.uuid,
      workflowUuid: null,
    });
    await settle();
    expect(assigned()).toEqual(['Macs', undefined, 'Phones']);
    await world.dep.choosing.followRules([s0?.deviceUuid ?? '', s1?.deviceUuid ?? '']);
    await world.dep.worker.idle();
    expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
    expect((await world.dep.choosing.assign(['nobody'], macs.uuid)).get('nobody')?.code).toBe('NOT_FOUND');
  });

  it('give a workflow before the device exists in MDM, and leave one that was chosen by hand', async () => {
    const workflows = new Workflows(world.database, world.catalog, world.deployments, () => Date.now());
    const [a, b] = [await workflows.create({ name: 'A' }), await workflows.create({ name: 'B' })];
    const phones = await profile();
    const made = await rule(phones, {}, a.uuid);
    await synced();
    const given = async (): Promise<(string | null)[]> =>
      (await world.database.manager.find(Device, { order: { serialNumber: 'ASC' } })).map(
        ({ workflowUuid }) => workflowUuid,
      );
    expect(await given()).toEqual([a.uuid, a.uuid, a.uuid]);
    const [s0, s1] = await world.devices();
    await world.deployments.assign([s0?.deviceUuid ?? ''], b.uuid);
    await world.deployments.assign([s1?.deviceUuid ?? ''], null);
    await world.dep.rules.update(made.uuid, { name: 'renamed' });
    await settle();
    expect(await given()).toEqual([b.uuid, null, a.uuid]);
    await world.dep.rules.update(made.uuid, { workflowUuid: b.uuid });
    await settle();
    expect((await given())[2]).toBe(b.uuid);
  });

  describe('when Apple says', () => {
    it('THROTTLED: after the time it names', async () => {
      await rule(await profile());
      world.server.outcome('S1', 'THROTTLED');
      world.server.retryAfterSeconds = 90;
      await synced();
      expect(assigned()).toEqual(['Phones', undefined, 'Phones']);
      expect((await world.devices())[1]).toMatchObject({ assignment: 'THROTTLED', assignAttempts: 1 });
      world.pass(80_000);
      await settle();
      expect(assigned()[1]).toBeUndefined();
      world.pass(20_000);
      await settle();
      expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
      expect((await world.devices())[1]).toMatchObject({ assignment: 'ASSIGNED', assignAttempts: 0 });
    });

    it('FAILED and NOT_ACCESSIBLE: again, later', async () => {
      await rule(await profile());
      world.server.outcome('S0', 'FAILED');
      world.server.outcome('S1', 'NOT_ACCESSIBLE');
      await synced();
      expect(await world.devices()).toMatchObject([
        { assignment: 'FAILED' },
        { assignment: 'NOT_ACCESSIBLE' },
        { assignment: 'ASSIGNED' },
      ]);
      world.pass(2 * DAY);
      await settle();
      expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
    });

    it.each([
      [503, 'later'],
      [403, 'T_C_NOT_SIGNED'],
    ])('%i %s to the whole request: nothing is lost, nothing hammered', async (status, body) => {
      await rule(await profile());
      world.fake.mishap({ path: '/profile/devices', status, body, times: 3 });
      const account = await synced();
      const tries = (): number =>
        world.fake.requests.filter(({ path }) => path === '/profile/devices').length;
      expect(tries()).toBe(1);
      await settle();
      expect(tries()).toBe(1);
      expect((await world.dep.accounts.mustFind(account)).failure).not.toBeNull();
      for (let n = 0; n < 8; n += 1) {
        world.pass(DAY);
        await settle();
      }
      expect(assigned()).toEqual(['Phones', 'Phones', 'Phones']);
    });

    it('that it does not know the profile any more: it is defined anew', async () => {
      await rule(await profile());
      await synced();
      world.server.profiles.clear();
      world.server.devices.add('S3');
      const account = (await world.devices())[0]?.accountUuid ?? '';
      await world.dep.sync.syncNow(account);
      await settle();
      world.pass(DAY);
      await settle();
      expect(world.server.devices.get('S3')?.profile_uuid).toBeDefined();
      expect(world.server.profiles.has(world.server.devices.get('S3')?.profile_uuid ?? '')).toBe(true);
    });
  });

  it('are told in requests of at most as many devices as Apple takes', async () => {
    world.server.mostDevices = 100;
    await rule(await profile());
    await synced(Array.from({ length: 250 }, (_, n) => `D${n}`));
    const sizes = world.fake.requests
      .filter(({ path }) => path === '/profile/devices')
      .map(({ body }) => (body as { devices: string[] }).devices.length);
    expect(sizes).toEqual([100, 100, 50]);
    expect((await world.devices()).every(({ assignment }) => assignment === 'ASSIGNED')).toBe(true);
  });

  it('are refused when they make no sense, in words', async () => {
    const phones = await profile();
    const { enrollmentProfileUuid } = phones;
    const create = (fields: SetupFields) =>
      world.dep.profiles.create({ name: 'X', enrollmentProfileUuid, fields });
    await expect(create({ isMdmRemovable: false, isSupervised: false })).rejects.toThrow(
      /Only a supervised device/,
    );
    await expect(create({ region: 'usa' })).rejects.toThrow(/ISO 3166/);
    await expect(create({ configurationWebUrl: 'http://x' })).rejects.toThrow(/https/);
    await expect(create({ skipSetupItems: ['A b'] })).rejects.toThrow(/no name of a pane/);
    await expect(create({ anchorCerts: ['%'] })).rejects.toThrow(/base64/);
    await expect(profile('Phones')).rejects.toMatchObject({ code: 'CONFLICT' });
    await rule(phones);
    await expect(world.dep.profiles.delete(phones.uuid)).rejects.toMatchObject({ code: 'IN_USE' });
    await expect(world.dep.rules.delete('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('disowning needs the serial numbers once more, and is what it says', async () => {
    await synced();
    const [s0, s1] = await world.devices();
    const uuids = [s0?.deviceUuid ?? '', s1?.deviceUuid ?? ''];
    await expect(world.dep.irrevocable.disown(uuids, ['S0'])).rejects.toThrow(/exactly these devices/);
    await expect(world.dep.irrevocable.disown(uuids, ['S0', 'S1', 'S2'])).rejects.toThrow(/exactly/);
    expect(world.server.devices.size).toBe(3);
    const outcome = await world.dep.irrevocable.disown(uuids, ['s1 ', 'S0']);
    expect([...outcome.values()]).toEqual([undefined, undefined]);
    expect(world.server.devices.size).toBe(1);
    expect((await world.devices()).filter(({ removedAt }) => removedAt !== null)).toHaveLength(2);
    await world.dep.irrevocable.lockActivation((await world.devices())[2]?.deviceUuid ?? '', 'Lost');
    expect(world.server.locked.has('S2')).toBe(true);
  });
});
