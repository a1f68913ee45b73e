import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

onBothDatabases('what is no longer there', (name) => {
  let world: DepWorld;
  beforeEach(async () => {
    world = await depWorld(name);
  });
  afterEach(() => world.close());

  it('a process that is stopped ends its sync after a page, and gives the account free', async () => {
    const account = await world.account();
    world.server.pageSize = 2;
    for (let n = 0; n < 6; n += 1) world.server.devices.add(`S${n}`);
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
    world.fake.mishap({ path: '/server/devices', until });
    const { done } = await world.dep.sync.start(account.uuid);
    world.dep.sync.stop();
    goOn();
    await expect(done).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(world.dep.sync.syncNow(account.uuid)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await world.dep.accounts.mustFind(account.uuid)).leaseHolder).toBeNull();
    const other = await world.another();
    await other.dep.sync.syncNow(account.uuid);
    await other.close();
    expect(await world.devices()).toHaveLength(6);
  });

  it('a profile can be deleted that only devices shall have which Apple no longer tells of', async () => {
    const account = await world.account();
    world.server.devices.add('S1');
    await world.dep.sync.syncNow(account.uuid);
    const { profile: enrollment } = await world.enrollmentProfiles.create({ name: 'Any' });
    const profile = await world.dep.profiles.create({
      name: 'Standard',
      enrollmentProfileUuid: enrollment.uuid,
      fields: {},
    });
    const [device] = await world.devices();
    await world.dep.choosing.assign([device?.deviceUuid ?? ''], profile.uuid);
    await world.dep.worker.idle();
    await expect(world.dep.profiles.delete(profile.uuid)).rejects.toMatchObject({ code: 'IN_USE' });
    world.pass(60_000);
    world.server.devices.remove('S1');
    await world.dep.sync.syncNow(account.uuid);
    await world.dep.profiles.delete(profile.uuid);
    world.pass(60_000);
    // When it comes back, nothing is wanted of it that is no more.
    world.server.devices.add('S1');
    await world.dep.sync.syncNow(account.uuid);
    await world.dep.worker.idle();
    expect(await world.devices()).toMatchObject([
      { wantedProfileUuid: null, choice: null, assignment: 'NONE' },
    ]);
  });
});
