import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep } from '../../simulator/dep/index.js';
import { EventType } from '../../src/events/index.js';
import { believing, closeKept } from '../enrollment/apple.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { issueIdentity, useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { Joined } from './joined-kit.js';

let clock = Date.now;
const fake = await FakeDep.start({ now: () => clock() });
const options = { ...believing(), DEP_URL: fake.url, DEP_SYNC_MINUTES: '1440' };
afterAll(() => fake.close());

onBothDatabases('Two rows of one device', (name) => {
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

  /** A device that enrols by a link for anyone. */
  const byPlainLink = async (serialNumber: string, workflowUuid: string | null = null) => {
    const { link } = await invite(mdm, { workflowUuid });
    const device = await installed(link, { serialNumber });
    expect((await device.enroll()).status).toBe(200);
    return { device, uuid: await mdm.uuidOf(device) };
  };
  const deploymentsOf = (workflow: string) =>
    mdm.query<{ uuid: string }>(
      'SELECT device_uuid AS uuid FROM deployments WHERE workflow_uuid = ? ORDER BY 1',
      [workflow],
    );

  it('become one with the next sync, and the workflow that waited goes along', async () => {
    const workflow = await world.nestedWorkflow();
    await world.announce('KONE');
    const expected = await world.only('KONE');
    await mdm.services.deployments.assign([expected.uuid], workflow);
    const { device, uuid } = await byPlainLink('KONE');
    expect(await world.rows('KONE')).toHaveLength(2);
    await world.sync();
    expect(await world.only('KONE')).toMatchObject({ uuid, workflowUuid: workflow });
    expect((await world.record('KONE')).deviceUuid).toBe(uuid);
    expect(await deploymentsOf(workflow)).toEqual([{ uuid }]);
    expect(await mdm.events(EventType.DEVICE_CHANGED, uuid)).toContainEqual({
      change: 'DEP_JOINED',
      formerDeviceUuid: expected.uuid,
    });
    await device.connect();
    expect((await mdm.services.deployments.getMany([uuid]))[0]?.status).toBe('CONVERGED');
    await world.sync();
    expect((await world.only('KONE')).uuid).toBe(uuid);
  });

  it('and a workflow that it has already stays', async () => {
    const [waiting, own] = [await world.nestedWorkflow(), await world.nestedWorkflow()];
    await world.rule('KOWN', waiting);
    await world.announce('KOWN');
    const { uuid } = await byPlainLink('KOWN', own);
    await world.sync();
    expect(await world.only('KOWN')).toMatchObject({ uuid, workflowUuid: own });
    expect(await deploymentsOf(waiting)).toEqual([]);
    await world.rule('KNEWER', waiting);
    expect((await world.only('KOWN')).workflowUuid).toBe(own);
  });

  it('a workflow of a rule follows the rule also afterwards', async () => {
    const [first, second] = [await world.nestedWorkflow(), await world.nestedWorkflow()];
    await world.rule('KRULE', first);
    await world.announce('KRULE');
    const { uuid } = await byPlainLink('KRULE');
    await world.sync();
    expect(await world.only('KRULE')).toMatchObject({ uuid, workflowUuid: first });
    const rules = await mdm.services.dep.rules.list();
    const rule = rules.find(({ workflowUuid }) => workflowUuid === first);
    await mdm.services.dep.rules.update(rule?.uuid ?? '', { workflowUuid: second });
    await world.settle();
    expect((await world.only('KRULE')).workflowUuid).toBe(second);
  });

  it('whoever only sent Authenticate has nothing moved to it', async () => {
    await world.announce('KHALF');
    const expected = await world.only('KHALF');
    const { link } = await invite(mdm);
    await (await installed(link, { serialNumber: 'KHALF' })).authenticate();
    await world.sync();
    expect(await world.rows('KHALF')).toHaveLength(2);
    expect((await world.record('KHALF')).deviceUuid).toBe(expected.uuid);
  });

  it('nothing is taken from a device that is enrolled, until it leaves; then its history stays with it', async () => {
    const workflow = await world.nestedWorkflow();
    await world.rule('KTAKE', workflow);
    await world.announce('KTAKE');
    const first = await world.automatically('KTAKE');
    await first.enroll();
    await first.connect();
    const { uuid } = await world.only('KTAKE');
    const other = await byPlainLink('KTAKE');
    await world.sync();
    expect((await world.record('KTAKE')).deviceUuid).toBe(uuid);
    expect(await mdm.uuidOf(other.device)).not.toBe(uuid);
    const history = async () =>
      (await mdm.query('SELECT 1 FROM commands WHERE device_uuid = ?', [uuid])).length;
    const before = [await history(), (await mdm.services.deployments.itemsOf([uuid])).length];
    await first.checkOut();
    await world.sync();
    expect((await world.record('KTAKE')).deviceUuid).toBe(other.uuid);
    const [old, fresh] = await world.rows('KTAKE');
    expect(old).toMatchObject({ uuid, udid: first.facts.udid, enrollmentStatus: 'UNENROLLED' });
    expect(old?.workflowUuid).toBe(workflow);
    expect(fresh).toMatchObject({ uuid: other.uuid, workflowUuid: workflow });
    expect((await mdm.services.deployments.itemsOf([uuid])).length).toBe(before[1]);
    expect(await history()).toBe(before[0]);
  });

  it('the real one, which proves its number, takes the record from whoever only said it', async () => {
    const workflow = await world.nestedWorkflow();
    await world.rule('KREAL', workflow);
    await world.announce('KREAL');
    const claimed = await byPlainLink('KREAL');
    await world.sync();
    expect((await world.record('KREAL')).deviceUuid).toBe(claimed.uuid);
    const real = await world.automatically('KREAL');
    expect((await real.enroll({ awaitingConfiguration: true })).status).toBe(200);
    const uuid = await mdm.uuidOf(real);
    expect((await world.record('KREAL')).deviceUuid).toBe(uuid);
    expect((await world.rows('KREAL')).find((row) => row.uuid === uuid)?.workflowUuid).toBe(workflow);
  });

  it('of several that say it, the latest has it; and those of another authority count as well', async () => {
    await world.announce('KMANY');
    await byPlainLink('KMANY');
    const { uuid } = await mdm.enrolled({ serialNumber: 'KMANY', identity: issueIdentity() });
    await world.sync();
    expect((await world.record('KMANY')).deviceUuid).toBe(uuid);
    expect(await world.rows('KMANY')).toHaveLength(2);
  });

  it('a device whose row is known by its UDID takes along what was announced of it, and the empty row goes', async () => {
    const workflow = await world.nestedWorkflow();
    const { device, uuid } = await byPlainLink('KBEFORE');
    await device.checkOut();
    await mdm.app.database.run('UPDATE devices SET serial_number = NULL WHERE uuid = ?', [uuid]);
    await world.rule('KBEFORE', workflow);
    await world.announce('KBEFORE');
    expect((await world.only('KBEFORE')).enrollmentStatus).toBe('EXPECTED');
    const again = await world.automatically('KBEFORE', { udid: device.facts.udid });
    expect((await again.enroll()).status).toBe(200);
    expect(await world.only('KBEFORE')).toMatchObject({ uuid, workflowUuid: workflow });
    expect(await deploymentsOf(workflow)).toEqual([{ uuid }]);
  });

  it('a device that has a record keeps it, whatever serial number it says later; the sync goes on', async () => {
    await world.rule('KLIE*');
    await world.announce('KLIE1');
    const liar = await world.automatically('KLIE1');
    await liar.enroll();
    const { uuid } = await world.only('KLIE1');
    await mdm.app.database.run("UPDATE devices SET serial_number = 'KLIE2' WHERE uuid = ?", [uuid]);
    await world.announce('KLIE2');
    expect((await world.record('KLIE1')).deviceUuid).toBe(uuid);
    const second = await world.record('KLIE2');
    expect(second.deviceUuid).not.toBe(uuid);
    await world.sync();
    expect((await world.record('KLIE2')).deviceUuid).toBe(second.deviceUuid);
  });

  it('a workflow that is given to the row that goes, at the same moment, ends with the device or is refused', async () => {
    const workflow = await world.nestedWorkflow();
    const serials = ['KRACE1', 'KRACE2', 'KRACE3', 'KRACE4', 'KRACE5'];
    await world.announce(...serials);
    const gone = (await Promise.all(serials.map((serial) => world.only(serial)))).map(({ uuid }) => uuid);
    for (const serial of serials) await mdm.enrolled({ serialNumber: serial, identity: issueIdentity() });
    const assigning = gone.map(async (uuid) => {
      const { unknown } = await mdm.services.deployments.assign([uuid], workflow);
      return unknown.length === 0;
    });
    const [given] = await Promise.all([Promise.all(assigning), world.sync()]);
    for (const [index, serial] of serials.entries())
      expect([serial, (await world.only(serial)).workflowUuid]).toEqual([
        serial,
        given[index] ? workflow : null,
      ]);
    const orphans = `SELECT 1 AS one FROM deployments p LEFT JOIN devices d ON d.uuid = p.device_uuid WHERE d.uuid IS NULL`;
    expect(await mdm.query(orphans)).toEqual([]);
  });

  it('more than fit into one transaction, with flat effort', async () => {
    const serials = Array.from({ length: 450 }, (_, index) => `KBULK${index}`);
    await world.announce(...serials);
    const at = Date.now();
    await mdm.app.database.transaction(async (tx) => {
      for (const serial of serials) {
        await tx.run(
          `INSERT INTO devices (uuid, udid, serial_number, enrollment_status, enrollment_kind, awaiting_configuration, created_at, updated_at)
           VALUES (?, ?, ?, 'ENROLLED', 'DEVICE', 0, ?, ?)`,
          [
            `0199${serial.slice(5).padStart(4, '0')}-0000-7000-8000-000000000000`,
            `U-${serial}`,
            serial,
            at,
            at,
          ],
        );
      }
    });
    await world.sync();
    const joined = await mdm.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM dep_devices d JOIN devices v ON v.uuid = d.device_uuid
        WHERE d.serial_number LIKE 'KBULK%' AND v.enrollment_status = 'ENROLLED'`,
    );
    expect(Number(joined[0]?.count)).toBe(450);
    const left = await mdm.query(
      "SELECT 1 AS one FROM devices WHERE serial_number LIKE 'KBULK%' AND enrollment_status = 'EXPECTED'",
    );
    expect(left).toEqual([]);
  });
});
