import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep } from '../../simulator/dep/index.js';
import { EventType } from '../../src/events/index.js';
import { believing, closeKept } from '../enrollment/apple.js';
import { closeDevices, installed, invite, told } from '../enrollment/kit.js';
import { handedOut, issueIdentity, useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { Joined } from './joined-kit.js';

/** Apple's clock goes with the server's. */
let clock = Date.now;
const fake = await FakeDep.start({ now: () => clock() });
const options = { ...believing(), DEP_URL: fake.url, DEP_SYNC_MINUTES: '1440' };
afterAll(() => fake.close());

onBothDatabases('One row before and after enrolment', (name) => {
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

  const statusOf = async (uuid: string): Promise<string | undefined> =>
    (await mdm.services.deployments.getMany([uuid]))[0]?.status;

  it('from Apple’s list to the home screen, configured by a nested workflow', async () => {
    const workflow = await world.nestedWorkflow();
    await world.rule('JBOX*', workflow);
    await world.announce('JBOX1');
    const expected = await world.only('JBOX1');
    expect(expected).toMatchObject({ enrollmentStatus: 'EXPECTED', udid: null, workflowUuid: workflow });
    expect(await statusOf(expected.uuid)).toBe('PENDING');
    expect(await world.record('JBOX1')).toMatchObject({ deviceUuid: expected.uuid, assignment: 'ASSIGNED' });
    const device = await world.automatically('JBOX1');
    expect((await device.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(await world.only('JBOX1')).toMatchObject({
      uuid: expected.uuid,
      udid: device.facts.udid,
      enrollmentStatus: 'ENROLLED',
      awaitingConfiguration: true,
      workflowUuid: workflow,
      createdAt: expected.createdAt,
    });
    expect(device.state.configured).toBe(false);
    expect(handedOut(await device.connect())).toEqual([
      'InstallProfile',
      'InstallProfile',
      'DeviceConfigured',
    ]);
    expect(device.state.configured).toBe(true);
    expect(await statusOf(expected.uuid)).toBe('CONVERGED');
    const changes = await mdm.events(EventType.DEVICE_CHANGED, expected.uuid);
    expect(changes.map(({ change }) => change)).toEqual([
      'DEP_ADDED',
      'WORKFLOW_ASSIGNED',
      'DEP_ASSIGNED',
      'AUTHENTICATED',
      'ENROLLED',
    ]);
  });

  it('a device that never answers is let out of Setup Assistant when the time is up', async () => {
    await world.rule('JSLOW*', await world.nestedWorkflow());
    await world.announce('JSLOW1');
    const device = await world.automatically('JSLOW1');
    await device.enroll({ awaitingConfiguration: true });
    const { uuid, awaitingUntil } = await world.only('JSLOW1');
    const queued = async (): Promise<string[]> =>
      (await mdm.queueOf(uuid)).map((command) => command.requestType);
    expect(await queued()).not.toContain('DeviceConfigured');
    mdm.advance((awaitingUntil?.getTime() ?? 0) / 1_000 - mdm.now() / 1_000 + 1);
    await mdm.restart();
    await expect.poll(queued).toContain('DeviceConfigured');
  });

  it('the same Authenticate twice at once, and by two certificates at once, make no second row', async () => {
    await world.rule('JTWICE*');
    await world.announce('JTWICE1', 'JTWICE2');
    const once = await world.automatically('JTWICE1');
    const same = await Promise.all([once.authenticate(), once.authenticate(), once.authenticate()]);
    expect(same.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await world.only('JTWICE1')).udid).toBe(once.facts.udid);
    const first = await world.automatically('JTWICE2');
    const { udid } = first.facts;
    const others = await Promise.all([1, 2].map(() => world.automatically('JTWICE2', { udid })));
    const answers = await Promise.all([first, ...others].map((device) => device.authenticate()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const row = await world.only('JTWICE2');
    expect(row).toMatchObject({ udid, uuid: (await world.record('JTWICE2')).deviceUuid });
  });

  it('two devices that say the same serial number have two rows, and one of them Apple’s record', async () => {
    await world.rule('JRACE*');
    await world.announce('JRACE1');
    const devices = await Promise.all([1, 2].map(() => world.automatically('JRACE1')));
    const answers = await Promise.all(devices.map((device) => device.authenticate()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const rows = await world.rows('JRACE1');
    expect(rows.map(({ udid }) => udid).sort()).toEqual(devices.map(({ facts }) => facts.udid).sort());
    expect(rows.map(({ uuid }) => uuid)).toContain((await world.record('JRACE1')).deviceUuid);
  });

  it('by a link that names the serial number, it is the same row as well', async () => {
    await world.announce('JLINK1', 'JLINK2');
    const before = await world.only('JLINK1');
    const { link } = await invite(mdm, { allowedSerialNumbers: ['JLINK1', 'JLINK2'] });
    const device = await installed(link, { serialNumber: 'JLINK1' });
    expect((await device.enroll()).status).toBe(200);
    expect(await world.only('JLINK1')).toMatchObject({ uuid: before.uuid, udid: device.facts.udid });
    expect((await world.only('JLINK2')).enrollmentStatus).toBe('EXPECTED');
  });

  it('a device that left is the same row when it comes back, and stays UNENROLLED until then', async () => {
    await world.rule('JLEFT*');
    await world.announce('JLEFT1');
    const device = await world.automatically('JLEFT1');
    await device.enroll();
    const { uuid } = await world.only('JLEFT1');
    await device.checkOut();
    await world.sync();
    expect(await world.only('JLEFT1')).toMatchObject({ uuid, enrollmentStatus: 'UNENROLLED' });
    const again = await world.automatically('JLEFT1', { udid: device.facts.udid });
    expect((await again.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(await world.only('JLEFT1')).toMatchObject({ uuid, enrollmentStatus: 'ENROLLED' });
  });

  it('a wiped device that is still enrolled needs leave to come back, also when Apple says that it is ours', async () => {
    const { enrollment } = await world.rule('JWIPE*');
    await world.announce('JWIPE1');
    const device = await world.automatically('JWIPE1');
    await device.enroll();
    const { uuid } = await world.only('JWIPE1');
    const wiped = () => world.automatically('JWIPE1', { udid: device.facts.udid });
    mdm.advance(1);
    expect(told(await (await wiped()).authenticate())).toMatch(/^400 .*enrolled with another certificate/);
    await mdm.services.devices.allowReenrollment([uuid]);
    expect((await (await wiped()).enroll()).status).toBe(200);
    mdm.advance(1);
    expect((await (await wiped()).authenticate()).status).toBe(400);
    await mdm.services.enrollmentProfiles.update(enrollment.uuid, { allowsReenrollment: true });
    expect((await (await wiped()).enroll()).status).toBe(200);
    expect((await world.only('JWIPE1')).uuid).toBe(uuid);
  });

  it('a repaired device (another UDID) takes the record along, and leaves the history where it was', async () => {
    const workflow = await world.nestedWorkflow();
    await world.rule('JBOARD*', workflow);
    await world.announce('JBOARD1');
    const device = await world.automatically('JBOARD1');
    await device.enroll();
    await device.connect();
    const before = await world.only('JBOARD1');
    const repaired = await world.automatically('JBOARD1');
    await repaired.enroll({ awaitingConfiguration: true });
    const [old, fresh] = await world.rows('JBOARD1');
    expect(old).toMatchObject({ uuid: before.uuid, udid: device.facts.udid, enrollmentStatus: 'ENROLLED' });
    expect(fresh).toMatchObject({ udid: repaired.facts.udid, workflowUuid: workflow });
    expect(await world.record('JBOARD1')).toMatchObject({
      deviceUuid: fresh?.uuid,
      givenWorkflowUuid: workflow,
    });
    expect(handedOut(await repaired.connect())).toContain('DeviceConfigured');
    expect((await device.idle()).status).toBe(200);
    expect(await statusOf(before.uuid)).toBe('CONVERGED');
  });

  it('somebody with a certificate of another authority gets a row of their own', async () => {
    await world.announce('JOTHER1');
    const before = await world.only('JOTHER1');
    const { uuid } = await mdm.enrolled({ serialNumber: 'JOTHER1', identity: issueIdentity() });
    expect((await world.rows('JOTHER1')).map((row) => row.uuid)).toEqual([before.uuid, uuid]);
    expect((await world.record('JOTHER1')).deviceUuid).toBe(before.uuid);
  });
});
