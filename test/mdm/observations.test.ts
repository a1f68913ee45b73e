import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { Catalogue } from './catalogue.js';
import { handedOut, useMdm } from './kit.js';

const MINUTE = 60;

onBothDatabases('What devices report corrects what is believed of them', (name) => {
  const mdm = useMdm(name);
  const catalogue = new Catalogue(mdm);

  async function withProfile() {
    const { device, uuid } = await mdm.enrolled();
    const { workflow, profiles } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    return { device, uuid, workflow, profile: profiles[0]! };
  }

  it('a profile that its user removed is installed again, on the same connection', async () => {
    const { device, uuid, profile } = await withProfile();
    device.state.profiles.delete(profile.identifier);
    await mdm.send(uuid, 'ProfileList');
    expect(handedOut(await device.connect())).toEqual(['ProfileList', 'InstallProfile']);
    expect(device.state.profiles.has(profile.identifier)).toBe(true);
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('after three corrections it is given up, and a person is told', async () => {
    const { device, uuid, profile } = await withProfile();
    for (let time = 1; time <= 4; time += 1) {
      device.state.profiles.delete(profile.identifier);
      await mdm.send(uuid, 'ProfileList');
      const expected = time <= 3 ? ['ProfileList', 'InstallProfile'] : ['ProfileList'];
      expect(handedOut(await device.connect())).toEqual(expected);
    }
    expect(await catalogue.items(uuid)).toMatchObject([
      { status: 'FAILED', reason: 'The device acknowledged it 3 times and does not have it.' },
    ]);
    expect(await catalogue.status(uuid)).toBe('FAILED');
    await mdm.services.deployments.retry([uuid]);
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('another revision on the device than the one acknowledged is replaced', async () => {
    const { device, uuid, profile } = await withProfile();
    const installed = device.state.profiles.get(profile.identifier)!;
    device.state.profiles.set(profile.identifier, { ...installed, uuid: 'from elsewhere' });
    await mdm.send(uuid, 'ProfileList');
    expect(handedOut(await device.connect())).toEqual(['ProfileList', 'InstallProfile']);
    expect(device.state.profiles.get(profile.identifier)?.uuid).toBe(installed.uuid);
  });

  it('a list that agrees changes nothing; other profiles on the device are left alone', async () => {
    const { device, uuid, profile } = await withProfile();
    const installed = device.state.profiles.get(profile.identifier)!;
    device.state.profiles.set('someone.else', { ...installed, identifier: 'someone.else' });
    const before = await catalogue.items(uuid);
    await mdm.send(uuid, 'ProfileList');
    expect(handedOut(await device.connect())).toEqual(['ProfileList']);
    expect(await catalogue.items(uuid)).toEqual(before);
  });

  it('a failed installation that is there after all counts as installed; a failed removal that is done as removed', async () => {
    const { device, uuid, workflow, profile } = await withProfile();
    const installed = device.state.profiles.get(profile.identifier)!;
    const refused = { error: [{ ErrorCode: 1, ErrorDomain: 'D', LocalizedDescription: 'No' }] };
    const listing = async (): Promise<[string[], string | undefined]> => {
      expect(await catalogue.itemStatuses(uuid)).toEqual(['FAILED']);
      await mdm.send(uuid, 'ProfileList');
      expect(handedOut(await device.connect())).toEqual(['ProfileList']);
      return [await catalogue.itemStatuses(uuid), await catalogue.status(uuid)];
    };
    device.behave('RemoveProfile', refused, 1);
    await catalogue.assign(uuid, null);
    await device.connect();
    device.state.profiles.clear();
    expect(await listing()).toEqual([['REMOVED'], 'UNASSIGNED']);
    device.behave('InstallProfile', refused, 1);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    device.state.profiles.set(profile.identifier, installed);
    expect(await listing()).toEqual([['INSTALLED'], 'CONVERGED']);
  });

  it('an application is acknowledged before it is there: it is missed only after half an hour', async () => {
    const { device, uuid } = await mdm.enrolled();
    const application = await catalogue.application();
    await catalogue.assign(uuid, await catalogue.workflow({ applicationUuids: [application] }));
    await device.connect();
    const [item] = await catalogue.items(uuid);
    expect(item).toMatchObject({ status: 'INSTALLED', identifier: expect.stringContaining('com.example') });
    device.state.applications.clear();
    await mdm.send(uuid, 'InstalledApplicationList');
    expect(handedOut(await device.connect())).toEqual(['InstalledApplicationList']);
    mdm.advance(31 * MINUTE);
    await mdm.send(uuid, 'InstalledApplicationList');
    expect(handedOut(await device.connect())).toEqual(['InstalledApplicationList', 'InstallApplication']);
    expect(device.state.applications.has(item?.identifier ?? '')).toBe(true);
  });

  it('the first device to install an application teaches the others what to remove', async () => {
    const first = await mdm.enrolled();
    const application = await catalogue.application();
    const workflow = await catalogue.workflow({ applicationUuids: [application] });
    await catalogue.assign(first.uuid, workflow);
    await first.device.connect();
    expect((await mdm.services.applications.get(application))?.bundleIdentifier).toEqual(expect.any(String));
    await catalogue.assign(first.uuid, null);
    expect(handedOut(await first.device.connect())).toEqual(['RemoveApplication']);
    expect(first.device.state.applications.size).toBe(0);
  });

  it('an identifier that no column holds does not stop the device', async () => {
    const { device, uuid } = await mdm.enrolled();
    device.behave('InstallApplication', { acknowledge: { Identifier: '😀'.repeat(600) } });
    await catalogue.assign(
      uuid,
      await catalogue.workflow({ applicationUuids: [await catalogue.application()] }),
    );
    const log = await device.connect();
    expect(log.exchanges.map(({ answer }) => answer.status)).toEqual([200, 200]);
    expect(await catalogue.itemStatuses(uuid)).toEqual(['INSTALLED']);
  });
});
