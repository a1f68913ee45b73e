import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep } from '../../simulator/dep/index.js';
import { EnrollmentStatus } from '../../src/entities/enums.js';
import { EventType } from '../../src/events/index.js';
import { Census } from '../../src/services/census.js';
import { devices as devicesCheck } from '../../src/services/doctor/checks/devices.js';
import { Pruning } from '../../src/services/pruning.js';
import { believing, closeKept } from '../enrollment/apple.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import { Joined } from './joined-kit.js';

let clock = Date.now;
const fake = await FakeDep.start({ now: () => clock() });
const options = { ...believing(), DEP_URL: fake.url, DEP_SYNC_MINUTES: '1440' };
afterAll(() => fake.close());

onBothDatabases('A device that Apple announced and that did not enrol yet', (name) => {
  const mdm = useMdm(name, options);
  let world: Joined;
  beforeAll(() => {
    clock = mdm.now;
    world = new Joined(mdm, fake);
  });
  afterAll(() => {
    closeKept();
    closeDevices();
  });

  const expected = async (serial: string): Promise<string> => {
    await world.announce(serial);
    return (await world.only(serial)).uuid;
  };
  const first = { limit: 100, backward: false };

  it('is found by its status, and by its serial number', async () => {
    const uuid = await expected('MFIND1');
    const order = { field: 'CREATED_AT', descending: false } as const;
    const filter = { enrollmentStatus: EnrollmentStatus.EXPECTED, search: 'mfind' };
    expect((await mdm.services.devices.list(filter, order, first)).rows.map((row) => row.uuid)).toEqual([
      uuid,
    ]);
    const enrolled = { ...filter, enrollmentStatus: EnrollmentStatus.ENROLLED };
    expect((await mdm.services.devices.list(enrolled, order, first)).rows).toEqual([]);
    expect((await mdm.services.devices.find({ serialNumber: 'MFIND1' }))?.uuid).toBe(uuid);
  });

  it('is sent nothing: commands, pushes and renewals say why, in words', async () => {
    const uuid = await expected('MSEND1');
    const [sent] = await mdm.services.commands.send([uuid], { requestType: 'SecurityInfo' }, ADMIN);
    const [renewal] = await mdm.services.renewals.request([uuid]);
    await expect(mdm.services.pushes.pushAndWait(uuid, 100)).rejects.toMatchObject({
      code: 'NOT_ENROLLED',
      message: expect.stringContaining('has not enrolled yet'),
    });
    for (const problem of [sent?.problem, renewal?.problem])
      expect(problem).toMatchObject({
        code: 'NOT_ENROLLED',
        message: expect.stringContaining('has not enrolled yet'),
      });
    expect(await mdm.query('SELECT 1 AS one FROM commands WHERE device_uuid = ?', [uuid])).toEqual([]);
  });

  it('takes workflows, loses them, and is counted among those that are on their way', async () => {
    const [one, other] = [await world.nestedWorkflow(), await world.nestedWorkflow()];
    const uuid = await expected('MFLOW1');
    const { deployments } = mdm.services;
    await deployments.assign([uuid], one);
    expect((await deployments.rollouts([one])).get(one)).toMatchObject({ total: 1, pending: 1 });
    expect(await deployments.plan([uuid], other)).toMatchObject([{ enrolled: false, changes: [{}, {}] }]);
    await deployments.assign([uuid], other);
    expect((await deployments.rollouts([one, other])).get(one)).toMatchObject({ total: 0 });
    expect((await deployments.retry([uuid])).retried).toEqual([]);
    expect(await deployments.itemsOf([uuid])).toEqual([]);
    await deployments.assign([uuid], null);
    expect((await deployments.getMany([uuid]))[0]?.status).toBe('UNASSIGNED');
    await deployments.assign([uuid], one);
    const device = await world.rule('MFLOW*').then(() => world.automatically('MFLOW1'));
    await device.enroll({ awaitingConfiguration: true });
    expect(handedOut(await device.connect()).filter((type) => type === 'InstallProfile')).toHaveLength(2);
    expect((await deployments.rollouts([one])).get(one)).toMatchObject({ total: 1, converged: 1 });
  });

  it('enrols by a link whose profile has a workflow, and keeps the one that waited for it', async () => {
    const [waiting, ofLink] = [await world.nestedWorkflow(), await world.nestedWorkflow()];
    const [kept, bare] = [await expected('MLINK1'), await expected('MLINK2')];
    await mdm.services.deployments.assign([kept], waiting);
    const allowedSerialNumbers = ['MLINK1', 'MLINK2'];
    const { link } = await invite(mdm, { allowedSerialNumbers, workflowUuid: ofLink });
    for (const serialNumber of allowedSerialNumbers)
      expect((await (await installed(link, { serialNumber })).enroll()).status).toBe(200);
    expect(await world.only('MLINK1')).toMatchObject({ uuid: kept, workflowUuid: waiting });
    expect(await world.only('MLINK2')).toMatchObject({ uuid: bare, workflowUuid: ofLink });
  });

  it('is no silent device to the doctor, one of its own kind to the metrics, and outlives pruning', async () => {
    const uuid = await expected('MWATCH1');
    mdm.advance(8 * 24 * 3_600);
    const { database } = mdm.app;
    const found = await devicesCheck(database, mdm.now).run(new AbortController().signal);
    const { devices } = await new Census(database, mdm.now).take();
    expect(found.message).toContain(`of ${devices.get(EnrollmentStatus.ENROLLED)} enrolled devices`);
    expect(devices.get(EnrollmentStatus.EXPECTED)).toBeGreaterThan(0);
    await new Pruning(database, { historyMs: 1, eventsMs: 1 }, mdm.now).run();
    expect((await world.only('MWATCH1')).uuid).toBe(uuid);
  });

  it('stays when Apple takes it away, and is the same row when it comes back or enrols all the same', async () => {
    const uuid = await expected('MGONE1');
    world.server.devices.remove('MGONE1');
    await world.sync();
    expect(await world.only('MGONE1')).toMatchObject({ uuid, enrollmentStatus: 'EXPECTED' });
    const { link } = await invite(mdm, { allowedSerialNumbers: ['MGONE1'] });
    await (await installed(link, { serialNumber: 'MGONE1' })).enroll();
    expect(await world.only('MGONE1')).toMatchObject({ uuid, enrollmentStatus: 'ENROLLED' });
    await world.announce('MGONE1');
    expect((await world.record('MGONE1')).removedAt).toBeNull();
    expect((await mdm.events(EventType.DEVICE_CHANGED, uuid)).map(({ change }) => change)).toContain(
      'DEP_ADDED',
    );
  });
});
