import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep } from '../../simulator/dep/index.js';
import { deviceByWebView } from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { LinkError, machineInfo, signAttributes } from '../../simulator/device/index.js';
import { AccountDrivenMode } from '../../src/entities/sign-in.js';
import { appleDevice, believing, closeKept, keep, serve } from '../enrollment/apple.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { Joined } from './joined-kit.js';

let clock = Date.now;
const fake = await FakeDep.start({ now: () => clock() });
const options = { ...believing(), DEP_URL: fake.url, DEP_SYNC_MINUTES: '1440' };
afterAll(() => fake.close());

onBothDatabases('Where Apple leads a device', (name) => {
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

  const ask = async (serialNumber: string): Promise<[number, string]> => {
    const o = { serialNumber };
    const body = new Uint8Array(signAttributes(machineInfo(factsBefore(o), o), appleDevice));
    const answer = await fetch(`${mdm.app.url}/mdm/enroll/dep`, { method: 'POST', body });
    return [answer.status, (await answer.text()).trim()];
  };
  const used = async (uuid: string) => (await mdm.services.enrollmentProfiles.get(uuid))?.usedCount;

  it('enrols the device, also when the profile is not marked for Setup Assistant and names others', async () => {
    const { enrollment } = await world.rule('LNAME*', null, { allowedSerialNumbers: ['SOMEBODY'] });
    await world.announce('LNAME1');
    const device = await world.automatically('LNAME1');
    expect((await device.enroll()).status).toBe(200);
    expect(await used(enrollment.uuid)).toBe(1);
  });

  it('before a profile that names it, which counts again once Apple has taken the device away', async () => {
    const named = await serve(mdm, { name: 'Named', allowedSerialNumbers: ['LBOTH1'] });
    const { enrollment } = await world.rule('LBOTH*');
    await world.announce('LBOTH1');
    await (await world.automatically('LBOTH1')).enroll();
    expect([await used(enrollment.uuid), await used(named.profile.uuid)]).toEqual([1, 0]);
    world.server.devices.remove('LBOTH1');
    await world.sync();
    expect((await mdm.services.enrollmentProfiles.findBySerial('LBOTH1'))?.uuid).toBe(named.profile.uuid);
  });

  it('takes one statement', async () => {
    let statements = 0;
    mdm.app.database.onStatement = () => (statements += 1);
    await mdm.services.enrollmentProfiles.findBySerial('LBOTH1');
    mdm.app.database.onStatement = undefined;
    expect(statements).toBe(1);
  });

  it('a device for which nobody has a rule is refused as ever, and one that Apple never told of', async () => {
    await world.announce('LNONE1');
    for (const serial of ['LNONE1', 'LNEVER'])
      expect(await ask(serial)).toEqual([
        403,
        'No enrollment profile names this serial number for automated enrollment.',
      ]);
  });

  it('a profile that was revoked, and one for people who sign in, enrol nobody from there', async () => {
    const { enrollment } = await world.rule('LGONE*');
    const signIn = await world.rule('LSIGN*');
    await world.announce('LGONE1', 'LSIGN1');
    const early = await world.automatically('LGONE1');
    await mdm.services.enrollmentProfiles.revoke(enrollment.uuid);
    await mdm.services.enrollmentProfiles.update(signIn.enrollment.uuid, {
      accountDriven: AccountDrivenMode.ADDE,
    });
    expect((await ask('LGONE1'))[1]).toContain('was revoked');
    expect((await ask('LSIGN1'))[1]).toContain('people who sign in');
    expect((await early.authenticate()).status).toBe(400);
  });

  it('what was downloaded before Apple led it elsewhere, to a profile that names others, enrols nothing', async () => {
    const { profile } = await world.rule('LELSE*', null, { allowedSerialNumbers: ['SOMEBODY'] });
    await world.announce('LELSE1');
    const device = await world.automatically('LELSE1');
    const other = await mdm.services.enrollmentProfiles.create({ name: 'Elsewhere' });
    await mdm.services.dep.profiles.update(profile.uuid, { enrollmentProfileUuid: other.profile.uuid });
    expect((await device.authenticate()).status).toBe(400);
    expect((await (await world.automatically('LELSE1')).enroll()).status).toBe(200);
    expect(await used(other.profile.uuid)).toBe(1);
  });

  it('a link to that profile is for those whom the profile names, also for a device that Apple leads there', async () => {
    const { enrollment } = await world.rule('LWORD*', null, { allowedSerialNumbers: ['SOMEBODY', 'ELSE'] });
    const { link = '' } = await mdm.services.enrollmentProfiles.update(enrollment.uuid, { newLink: true });
    await world.announce('LWORD1');
    const thief = await installed(link, { serialNumber: 'LWORD1' });
    expect((await thief.authenticate()).status).toBe(400);
  });

  it('shows its web view, too', async () => {
    await world.rule('LWEB*');
    await world.announce('LWEB1');
    const url = `${mdm.app.url}/enroll/setup`;
    const device = keep(await deviceByWebView(url, appleDevice, { serialNumber: 'LWEB1' }));
    expect((await device.enroll()).status).toBe(200);
    await expect(deviceByWebView(url, appleDevice, { serialNumber: 'LWEB9' })).rejects.toThrow(LinkError);
  });

  it('a profile for anyone, by a plain link, is none of this', async () => {
    await world.announce('LPLAIN1');
    const { link } = await invite(mdm);
    expect((await (await installed(link, { serialNumber: 'LPLAIN1' })).enroll()).status).toBe(200);
    expect((await ask('LPLAIN1'))[0]).toBe(403);
  });
});
