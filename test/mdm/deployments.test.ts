import { expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import type { ConnectionLog } from '../../simulator/device/index.js';
import { isDict, parsePlist } from '../../src/apple/plist/index.js';
import { onBothDatabases } from '../support/databases.js';
import { Catalogue } from './catalogue.js';
import { handedOut, useMdm } from './kit.js';

const refusal = {
  ErrorCode: 4001,
  ErrorDomain: 'MCInstallationErrorDomain',
  LocalizedDescription: 'Nein',
  USEnglishDescription: 'No room.',
};

/** What each command of a connection was about: profile identifiers, manifest URLs, identifiers to remove. */
function subjects(log: ConnectionLog): unknown[] {
  return log.commands.map(({ body }) => {
    if (!Buffer.isBuffer(body['Payload'])) return body['ManifestURL'] ?? body['Identifier'];
    const payload = parsePlist(body['Payload']);
    return isDict(payload) ? payload['PayloadIdentifier'] : undefined;
  });
}

onBothDatabases('Deployments', (name) => {
  const mdm = useMdm(name);
  const catalogue = new Catalogue(mdm);

  it('installs the effective set in its order: inclusions first, depth first, then its own; the first of twins wins', async () => {
    const { device, uuid } = await mdm.enrolled();
    const [a, b, c, d] = await catalogue.profiles(4);
    const url = 'https://example.com/order.plist';
    const application = await catalogue.application(url);
    const deepest = await catalogue.workflow({ profileUuids: [c!.uuid] });
    const middle = await catalogue.workflow({ profileUuids: [b!.uuid, c!.uuid], includedUuids: [deepest] });
    const top = await catalogue.workflow({
      applicationUuids: [application],
      profileUuids: [a!.uuid, b!.uuid, d!.uuid],
      includedUuids: [middle, deepest],
    });
    await catalogue.assign(uuid, top);
    const log = await device.connect();
    expect(subjects(log)).toEqual([c, b, a, d].map((profile) => profile?.identifier).concat(url));
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('assigning twice changes nothing', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(2);
    await catalogue.assign(uuid, workflow);
    const everything = async () => [
      await mdm.queueOf(uuid),
      await catalogue.items(uuid),
      await mdm.events(EventType.DEVICE_CHANGED, uuid),
    ];
    const before = await everything();
    await catalogue.assign(uuid, workflow);
    expect(await everything()).toEqual(before);
    await device.connect();
    await catalogue.assign(uuid, workflow);
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('plan says what assigning will do, and writes nothing', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow, profiles } = await catalogue.workflowOf(2);
    const [plan] = await mdm.services.deployments.plan([uuid], workflow);
    expect(plan?.changes.map(({ action, wanted }) => [action, wanted?.identifier])).toEqual(
      profiles.map(({ identifier }) => ['INSTALL', identifier]),
    );
    expect(await catalogue.items(uuid)).toEqual([]);
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('an edit of the workflow, or of one that it includes, reaches its devices', async () => {
    const { device, uuid } = await mdm.enrolled();
    const [own, included, later] = await catalogue.profiles(3);
    const inner = await catalogue.workflow({ profileUuids: [included!.uuid] });
    const outer = await catalogue.workflow({ profileUuids: [own!.uuid], includedUuids: [inner] });
    await catalogue.assign(uuid, outer);
    await device.connect();
    await mdm.services.workflows.update(inner, { profileUuids: [later!.uuid] });
    await catalogue.untilQueued(uuid, 2);
    expect(subjects(await device.connect())).toEqual([later?.identifier, included?.identifier]);
    expect([...device.state.profiles.keys()].toSorted()).toEqual(
      [own!.identifier, later!.identifier].toSorted(),
    );
    await mdm.services.workflows.update(outer, { profileUuids: [], includedUuids: [] });
    await catalogue.untilQueued(uuid, 2);
    await device.connect();
    expect(device.state.profiles.size).toBe(0);
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('a replaced profile is installed again in its new revision', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow, profiles } = await catalogue.workflowOf(1);
    const [profile] = profiles;
    await catalogue.assign(uuid, workflow);
    await device.connect();
    await catalogue.replace(profile!, 'second');
    await catalogue.untilQueued(uuid, 1);
    expect(await catalogue.itemStatuses(uuid)).toEqual(['PENDING']);
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
    expect(device.state.profiles.get(profile!.identifier)?.uuid).toBe('second');
    expect(await catalogue.itemStatuses(uuid)).toEqual(['INSTALLED']);
  });

  it('a profile replaced while its first revision waits is sent once, in the second', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow, profiles } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    const [first] = await mdm.queueOf(uuid);
    await catalogue.replace(profiles[0]!, 'second');
    await mdm.until(async () => (await mdm.status(first!)) === 'CANCELLED');
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
    expect(device.state.profiles.get(profiles[0]!.identifier)?.uuid).toBe('second');
  });

  it('what is no longer wanted is removed; what was never sent is forgotten without a word', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(2);
    await catalogue.assign(uuid, workflow);
    await catalogue.assign(uuid, null);
    expect(handedOut(await device.connect())).toEqual([]);
    expect(await catalogue.status(uuid)).toBe('UNASSIGNED');
    await catalogue.assign(uuid, workflow);
    await device.connect();
    expect(device.state.profiles.size).toBe(2);
    await catalogue.assign(uuid, null);
    expect(await catalogue.status(uuid)).toBe('PENDING');
    expect(handedOut(await device.connect())).toEqual(['RemoveProfile', 'RemoveProfile']);
    expect([device.state.profiles.size, await catalogue.status(uuid)]).toEqual([0, 'UNASSIGNED']);
    expect(await catalogue.itemStatuses(uuid)).toEqual(['REMOVED', 'REMOVED']);
  });

  it('another workflow keeps what both have, removes what only the first has, and adds the rest', async () => {
    const { device, uuid } = await mdm.enrolled();
    const [both, first, second] = await catalogue.profiles(3);
    await catalogue.assign(uuid, await catalogue.workflow({ profileUuids: [both!.uuid, first!.uuid] }));
    await device.connect();
    await catalogue.assign(uuid, await catalogue.workflow({ profileUuids: [second!.uuid, both!.uuid] }));
    expect(subjects(await device.connect())).toEqual([second?.identifier, first?.identifier]);
    expect([...device.state.profiles.keys()].toSorted()).toEqual(
      [both!.identifier, second!.identifier].toSorted(),
    );
  });

  it('a refusal is shown in the device’s own words, and asked again only when told to', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(2);
    device.behave('InstallProfile', { error: [refusal] }, 1);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    const [refused, installed] = await catalogue.items(uuid);
    expect([refused?.status, refused?.reason]).toEqual([
      'FAILED',
      'No room. (MCInstallationErrorDomain 4001)',
    ]);
    expect([installed?.status, await catalogue.status(uuid)]).toEqual(['INSTALLED', 'FAILED']);
    expect((await mdm.services.deployments.rollouts([workflow])).get(workflow)).toMatchObject({
      total: 1,
      failed: 1,
    });
    expect(handedOut(await device.connect())).toEqual([]);
    expect(await mdm.services.deployments.retry([uuid])).toEqual({ retried: [uuid], unknown: [] });
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('a cancelled command leaves its item failed, and says so', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    const [command] = await mdm.queueOf(uuid);
    await mdm.services.commands.cancel([command!.uuid]);
    expect(await catalogue.items(uuid)).toMatchObject([
      { status: 'FAILED', reason: 'Cancelled by an operator.' },
    ]);
    await mdm.until(async () => (await catalogue.status(uuid)) === 'FAILED');
    expect(handedOut(await device.connect())).toEqual([]);
  });

  it('a cancelled installation that the device carried out all the same is removed when it is not wanted', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    device.behave('InstallProfile', { late: true }, 1);
    const { commands } = await device.connect();
    await mdm.services.commands.cancel(commands.map((command) => command.uuid));
    await device.sendLate();
    await catalogue.assign(uuid, null);
    await device.connect();
    expect(device.state.profiles.size).toBe(0);
  });

  it('a late acknowledgement of a withdrawn installation is followed by a removal', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    device.behave('InstallProfile', { late: true }, 1);
    const { commands } = await device.connect();
    await mdm.until(async () => (await catalogue.itemStatuses(uuid))[0] === 'SENT');
    // As after a crash: that the command was handed out is not known any more.
    await mdm.app.database.run("UPDATE deployment_items SET status = 'PENDING' WHERE device_uuid = ?", [
      uuid,
    ]);
    await catalogue.assign(uuid, null);
    expect(await mdm.status(commands[0]!)).toBe('CANCELLED');
    expect(await catalogue.itemStatuses(uuid)).toEqual(['REMOVED']);
    const log = await device.sendLate();
    if (handedOut(log).length === 0) await catalogue.untilQueued(uuid, 1);
    await device.connect();
    expect([device.state.profiles.size, await catalogue.itemStatuses(uuid)]).toEqual([0, ['REMOVED']]);
  });

  it('what was put off with NotNow is forgotten without a word when it is no longer wanted', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(1);
    device.behave('InstallProfile', { notNow: true }, 1);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    await catalogue.assign(uuid, null);
    expect(handedOut(await device.connect())).toEqual([]);
    expect(await catalogue.status(uuid)).toBe('UNASSIGNED');
  });

  it('re-enrolment installs everything anew', async () => {
    const { device, uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(2);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    device.wipe();
    await device.enroll({ awaitingConfiguration: false });
    expect(handedOut(await device.connect())).toEqual(['InstallProfile', 'InstallProfile']);
    expect(await catalogue.status(uuid)).toBe('CONVERGED');
  });

  it('a device that is not enrolled is given its workflow when it enrols', async () => {
    const { device, uuid } = await mdm.enrolled();
    await device.checkOut();
    const { workflow } = await catalogue.workflowOf(1);
    await catalogue.assign(uuid, workflow);
    expect(await mdm.queueOf(uuid)).toEqual([]);
    await device.enroll();
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
  });

  it('unknown devices are named and do not stop the others; an unknown workflow is refused', async () => {
    const { uuid } = await mdm.enrolled();
    const { workflow } = await catalogue.workflowOf(1);
    const unknown = crypto.randomUUID();
    expect(await mdm.services.deployments.assign([unknown, uuid], workflow)).toEqual({ unknown: [unknown] });
    expect(await catalogue.itemStatuses(uuid)).toEqual(['PENDING']);
    await expect(catalogue.assign(uuid, unknown)).rejects.toMatchObject({ code: 'INVALID' });
  });
});
