import { afterAll, expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import { installProfile, downloadProfile, LinkError, SimulatedDevice } from '../../simulator/device/index.js';
import { TOPIC } from '../apns/setup.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { profile as configuration } from '../simulator/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { closeDevices, installed, invite, told } from './kit.js';

const DAY = 24 * 3_600;

onBothDatabases('Binding', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  const alerts = async (claimed: string): Promise<string[]> =>
    (await mdm.events(EventType.ALERT))
      .filter((data) => data['claimed'] === claimed)
      .map((data) => String(data['alert']));

  /** Another device that speaks with the certificate of this one. */
  const impostor = (device: SimulatedDevice, udid?: string): SimulatedDevice =>
    mdm.device({ identity: device.identity, ...(udid === undefined ? {} : { udid }) });

  const uses = async (uuid: string): Promise<[number | null | undefined, number | undefined]> => {
    const profile = await mdm.services.enrollmentProfiles.get(uuid);
    return [profile?.usesLeft, profile?.usedCount];
  };

  it('a serial number that is not allowed is refused, and an operator is told', async () => {
    const { link, profile } = await invite(mdm, { allowedSerialNumbers: ['c02right', 'C02ALSO'] });
    const wrong = await installed(link, { serialNumber: 'C02WRONG' });
    expect(told(await wrong.authenticate())).toMatch(/^400 This serial number is not among/);
    expect(await alerts(wrong.facts.udid)).toEqual(['ENROLLMENT_REFUSED']);
    expect((await wrong.tokenUpdate()).status).toBe(200);
    expect(await mdm.uuidOf(wrong)).toBe('');
    expect((await (await installed(link, { serialNumber: 'C02RIGHT' })).enroll()).status).toBe(200);
    expect(await uses(profile.uuid)).toEqual([null, 1]);
  });

  it('a link for one serial number makes certificates for that one, also when the list is changed later', async () => {
    const { link, profile } = await invite(mdm, { allowedSerialNumbers: ['C02ONLY'] });
    const device = await installed(link, { serialNumber: 'C02OTHER' });
    await mdm.services.enrollmentProfiles.update(profile.uuid, { allowedSerialNumbers: [] });
    expect((await device.authenticate()).status).toBe(400);
  });

  it('a certificate speaks for one device: no other enrols with it, nor speaks with it', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    await device.enroll();
    const other = await mdm.enrolled();
    const thieves = [impostor(device), impostor(device, other.device.facts.udid)];
    for (const thief of thieves) {
      expect((await thief.authenticate()).status).toBe(400);
      expect((await thief.tokenUpdate()).status).toBe(400);
      expect(await alerts(thief.facts.udid)).toContain('IDENTITY_REFUSED');
    }
    expect((await thieves[1]!.idle()).status).toBe(400);
    expect((await device.idle()).status).toBe(200);
  });

  it('two devices that race with one certificate: one enrols', async () => {
    const { link, profile } = await invite(mdm);
    const device = await installed(link);
    const answers = await Promise.all([device.authenticate(), impostor(device).authenticate()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await uses(profile.uuid)).toEqual([null, 1]);
  });

  it('ten devices race for three uses: three enrol, and the count ends at zero', async () => {
    const { link, profile } = await invite(mdm, { usesLeft: 3 });
    const devices = await Promise.all(Array.from({ length: 10 }, () => installed(link)));
    const answers = await Promise.all(devices.map((device) => device.authenticate()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
    expect(await uses(profile.uuid)).toEqual([0, 3]);
  });

  it('a profile that was downloaded before its revocation enrols nothing, at whatever step', async () => {
    const { link, profile } = await invite(mdm);
    const device = await installed(link);
    const download = await downloadProfile(link);
    await mdm.services.enrollmentProfiles.revoke(profile.uuid);
    expect(told(await device.authenticate())).toMatch(/^400 .*revoked/);
    await expect(installProfile(download)).rejects.toThrow(LinkError);
  });

  it('a download is one certificate: the same profile on a second device gets none', async () => {
    const { link } = await invite(mdm);
    const download = await downloadProfile(link);
    await installProfile(download);
    await expect(installProfile(download)).rejects.toThrow('SCEP answers {"status":"FAILURE"');
    expect((await mdm.events(EventType.ALERT)).map((data) => data['alert'])).toContain('CHALLENGE_REUSED');
  });

  it('a certificate that was kept for more than a day enrols nothing', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    mdm.advance(DAY + 60);
    expect(told(await device.authenticate())).toMatch(/^400 .*within a day/);
  });

  it('a certificate that was revoked is refused, before its enrolment and after', async () => {
    const { link } = await invite(mdm);
    const [early, late] = [await installed(link), await installed(link)];
    await late.enroll();
    for (const device of [early, late]) {
      const [row] = await mdm.query<{ sha256: string }>(
        'SELECT sha256 FROM issued_certificates WHERE certificate = ?',
        [device.identity.certDer as never],
      );
      await mdm.services.authority.revoke(row!.sha256);
    }
    expect((await early.authenticate()).status).toBe(400);
    expect([(await late.idle()).status, (await late.authenticate()).status]).toEqual([400, 400]);
  });

  it('an enrolled device is not taken over by a link for anyone', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    await device.enroll();
    const { facts } = device;
    const thief = await installed(link, { udid: facts.udid, serialNumber: facts.serialNumber });
    expect(told(await thief.authenticate())).toMatch(/^400 .*enrolled with another certificate/);
    expect(await alerts(facts.udid)).toEqual(['TAKEOVER_REFUSED']);
    expect((await device.idle()).status).toBe(200);
  });

  it('a wiped device enrols again by a new link that names it; its former certificate is archived', async () => {
    const serialNumber = 'C02AGAIN';
    const first = await invite(mdm, { allowedSerialNumbers: [serialNumber], usesLeft: 1 });
    const device = await installed(first.link, { serialNumber });
    await device.enroll();
    await expect(installed(first.link)).rejects.toMatchObject({ status: 410 });
    mdm.advance(1);
    const second = await invite(mdm, { allowedSerialNumbers: [serialNumber], usesLeft: 1 });
    const wiped = await installed(second.link, { serialNumber, udid: device.facts.udid });
    expect((await wiped.enroll()).status).toBe(200);
    expect([(await device.idle()).status, (await device.authenticate()).status]).toEqual([400, 400]);
    expect((await wiped.idle()).status).toBe(200);
  });

  it('a device that left needs a link again: neither Authenticate nor TokenUpdate brings it back by itself', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    await device.enroll();
    await device.checkOut();
    expect(told(await device.authenticate())).toMatch(/^400 This device has left/);
    expect((await device.tokenUpdate()).status).toBe(400);
    const { udid, serialNumber } = device.facts;
    expect((await (await installed(link, { udid, serialNumber })).enroll()).status).toBe(200);
  });

  it('identities of an authority that the operator brought are bound as ever', async () => {
    const { device, uuid } = await mdm.enrolled();
    await device.checkOut();
    expect((await device.enroll()).status).toBe(200);
    expect(await mdm.uuidOf(device)).toBe(uuid);
  });

  it('an enrolment profile of another link, sent by an operator, renews nothing: by a link that names it, a device enrols anew', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    await device.enroll();
    const uuid = await mdm.uuidOf(device);
    const management = {
      PayloadType: 'com.apple.mdm',
      PayloadVersion: 1,
      PayloadIdentifier: 'm',
      PayloadUUID: 'm',
    };
    const again = configuration('pomona.enrollment', { payloads: [management] });
    await mdm.send(uuid, 'InstallProfile', { parameters: { Payload: again } });
    const { udid, serialNumber } = device.facts;
    const thief = await installed(link, { udid, serialNumber });
    expect((await thief.authenticate()).status).toBe(400);
    const named = await invite(mdm, { allowedSerialNumbers: [serialNumber] });
    const renewed = await installed(named.link, { udid, serialNumber });
    expect((await renewed.authenticate()).status).toBe(200);
    expect([(await device.idle()).status, (await renewed.idle()).status]).toEqual([400, 200]);
  });
});

onBothDatabases('The first workflow', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  const workflow = async (title: string): Promise<string> => {
    const content = configuration(`org.example.${title}`);
    const { uuid } = await mdm.services.profiles.create({ content });
    return (await mdm.services.workflows.create({ name: title, profileUuids: [uuid] })).uuid;
  };
  const workflowOf = async (uuid: string): Promise<string | null | undefined> =>
    (await mdm.services.devices.find({ uuid }))?.workflowUuid;

  it('is given when the device is enrolled, not when it authenticates, and is sent at once', async () => {
    const workflowUuid = await workflow('first');
    const { link } = await invite(mdm, { workflowUuid });
    const device = await installed(link);
    await device.authenticate();
    const uuid = await mdm.uuidOf(device);
    expect(await workflowOf(uuid)).toBeNull();
    await device.tokenUpdate();
    expect(await workflowOf(uuid)).toBe(workflowUuid);
    expect(handedOut(await device.connect())).toContain('InstallProfile');
    expect((await mdm.services.deployments.getMany([uuid]))[0]?.status).toBe('CONVERGED');
  });

  it('does not replace one that the device has', async () => {
    const [given, other] = [await workflow('given'), await workflow('other')];
    const { link } = await invite(mdm, { workflowUuid: other });
    const device = await installed(link);
    await device.authenticate();
    const uuid = await mdm.uuidOf(device);
    await mdm.services.deployments.assign([uuid], given);
    await device.tokenUpdate();
    expect(await workflowOf(uuid)).toBe(given);
  });

  it('cannot be deleted while a link gives it, and is not missed by whoever enrols after that', async () => {
    const workflowUuid = await workflow('gone');
    const { link, profile } = await invite(mdm, { workflowUuid });
    const device = await installed(link);
    await device.authenticate();
    await expect(mdm.services.workflows.delete(workflowUuid)).rejects.toMatchObject({ code: 'IN_USE' });
    await mdm.services.enrollmentProfiles.revoke(profile.uuid);
    await mdm.services.workflows.delete(workflowUuid);
    expect((await device.tokenUpdate()).status).toBe(200);
    expect(await workflowOf(await mdm.uuidOf(device))).toBeNull();
  });

  it('is for devices of this server’s authority: others are given none', async () => {
    const { uuid } = await mdm.enrolled({ topic: TOPIC });
    expect(await workflowOf(uuid)).toBeNull();
  });
});
