import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { Catalogue } from './catalogue.js';
import { handedOut, issueIdentity, useMdm, type Enrolled } from './kit.js';

onBothDatabases('Setup Assistant', (name) => {
  const mdm = useMdm(name, { AWAITING_TIMEOUT_SECONDS: '600' });
  const catalogue = new Catalogue(mdm);

  /** A device that was wiped, has its workflow, and awaits configuration. */
  async function awaiting(profiles: number): Promise<Enrolled> {
    const { device, uuid } = await mdm.enrolled();
    if (profiles > 0) await catalogue.assign(uuid, (await catalogue.workflowOf(profiles)).workflow);
    await mdm.services.devices.allowReenrollment([uuid]);
    device.wipe({ identity: issueIdentity() });
    expect((await device.enroll()).status).toBe(200);
    return { device, uuid };
  }

  const isAwaiting = async (uuid: string): Promise<boolean | undefined> =>
    (await mdm.services.devices.find({ uuid }))?.awaitingConfiguration;

  it('fact 12: without a workflow the device is let go at once', async () => {
    const { device, uuid } = await awaiting(0);
    expect(await isAwaiting(uuid)).toBe(true);
    expect(handedOut(await device.connect())).toEqual(['DeviceConfigured']);
    expect([device.state.configured, await isAwaiting(uuid)]).toEqual([true, false]);
  });

  it('fact 12: with a workflow it is let go when everything is installed, on the same connection', async () => {
    const { device, uuid } = await awaiting(2);
    expect(handedOut(await device.connect())).toEqual([
      'InstallProfile',
      'InstallProfile',
      'DeviceConfigured',
    ]);
    expect([device.state.configured, await isAwaiting(uuid)]).toEqual([true, false]);
  });

  it('a device is let go when an item fails, too', async () => {
    const { device, uuid } = await awaiting(2);
    device.behave(
      'InstallProfile',
      { error: [{ ErrorCode: 1, ErrorDomain: 'D', LocalizedDescription: 'No' }] },
      1,
    );
    expect(handedOut(await device.connect())).toEqual([
      'InstallProfile',
      'InstallProfile',
      'DeviceConfigured',
    ]);
    expect([device.state.configured, await catalogue.status(uuid)]).toEqual([true, 'FAILED']);
  });

  it('a device is let go after a while although its workflow has not settled', async () => {
    const { device, uuid } = await awaiting(1);
    device.behave('InstallProfile', { notNow: true });
    expect(handedOut(await device.connect())).not.toContain('DeviceConfigured');
    mdm.advance(601);
    await mdm.restart();
    await mdm.until(async () => (await mdm.queueOf(uuid)).length === 2);
    const again = mdm.device({ identity: device.identity, udid: device.facts.udid });
    again.behave('InstallProfile', { notNow: true });
    await again.tokenUpdate({ awaitingConfiguration: true });
    expect(handedOut(await again.connect())).toContain('DeviceConfigured');
    expect(await isAwaiting(uuid)).toBe(false);
  });

  it('a DeviceConfigured that was refused is sent again', async () => {
    const { device, uuid } = await awaiting(0);
    device.behave(
      'DeviceConfigured',
      { error: [{ ErrorCode: 1, ErrorDomain: 'D', LocalizedDescription: 'No' }] },
      1,
    );
    expect(handedOut(await device.connect())).toEqual(['DeviceConfigured']);
    expect(await isAwaiting(uuid)).toBe(true);
    mdm.advance(301);
    await mdm.restart();
    await mdm.until(async () => (await mdm.queueOf(uuid)).length === 1);
  });

  it('a device that no longer awaits configuration is not told so', async () => {
    const { device } = await mdm.enrolled();
    await device.tokenUpdate();
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('a workflow assigned to a device that is being let go does not hold it back', async () => {
    const { device, uuid } = await awaiting(0);
    await catalogue.assign(uuid, (await catalogue.workflowOf(1)).workflow);
    expect(handedOut(await device.connect()).toSorted()).toEqual(['DeviceConfigured', 'InstallProfile']);
    expect(await isAwaiting(uuid)).toBe(false);
  });
});
