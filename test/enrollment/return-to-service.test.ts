import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPlist, isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';
import { EventType } from '../../src/events/index.js';
import { installProfile, type SimulatedDevice } from '../../simulator/device/index.js';
import { signDetached } from '../../simulator/cms-sign.js';
import { CHECK_IN_TYPE } from '../../simulator/device/wire.js';
import { useWorld } from '../graphql/world.js';
import type { Json } from '../support/server.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { profile as configuration } from '../simulator/kit.js';
import { newKey, ScepClient } from '../scep-door/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { closeDevices, installed, invite } from './kit.js';

const DAY = 24 * 3_600;
const WIFI = readFileSync('simulator/profiles/wifi.mobileconfig');
const NO = { Enabled: false };

onBothDatabases('Return to Service', (name) => {
  const mdm = useMdm(name);
  let wifiProfileUuid: string;
  beforeAll(async () => {
    wifiProfileUuid = (await mdm.services.profiles.create({ content: WIFI })).uuid;
  });
  afterAll(closeDevices);

  async function ask(device: SimulatedDevice): Promise<PlistDict> {
    const { status, body } = await device.checkIn('ReturnToService');
    if (status !== 200) throw new Error(`${status} ${body.toString()}`);
    const answer = parsePlist(body);
    const inside = isDict(answer) ? answer['ReturnToService'] : undefined;
    return isDict(inside) ? inside : {};
  }
  const enrolled = async (link: string, serialNumber: string): Promise<SimulatedDevice> => {
    const device = await installed(link, { serialNumber });
    expect((await device.enroll()).status).toBe(200);
    return device;
  };
  const allowedUntil = async (device: SimulatedDevice): Promise<number | undefined> =>
    (await mdm.services.devices.find({ udid: device.facts.udid }))?.reenrollmentAllowedUntil?.getTime();

  it('is answered with no, unless it was decided otherwise', async () => {
    const { link } = await invite(mdm);
    const device = await enrolled(link, 'C02NO');
    await device.setBootstrapToken();
    expect(await ask(device)).toEqual(NO);
    const { device: ofOthers } = await mdm.enrolled();
    expect(await ask(ofOthers)).toEqual(NO);
    expect(await allowedUntil(device)).toBeUndefined();
  });

  it('gives what the device comes back with: Wi-Fi, enrolment profile, bootstrap token; and it comes back', async () => {
    const { link, profile } = await invite(mdm, { returnToService: true, wifiProfileUuid, usesLeft: 2 });
    const device = await enrolled(link, 'c02back');
    const uuid = await mdm.uuidOf(device);
    const token = Buffer.from('a token of this device');
    await device.setBootstrapToken(token);
    const answer = await ask(device);
    expect(answer).toEqual({
      Enabled: true,
      WiFiProfileData: WIFI,
      MDMProfileData: expect.any(Buffer),
      BootstrapToken: token,
    });
    expect(await mdm.events(EventType.DEVICE_CHANGED, uuid)).toContainEqual({
      change: 'RETURNING_TO_SERVICE',
    });
    expect((await device.idle()).status).toBe(200);

    const { udid, serialNumber } = device.facts;
    const back = await installProfile(answer['MDMProfileData'] as Buffer, { udid, serialNumber });
    expect((await back.enroll()).status).toBe(200);
    expect(await mdm.uuidOf(back)).toBe(uuid);
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await back.connect())).toContain('SecurityInfo');
    expect((await device.idle()).status).toBe(400);
    expect((await back.getBootstrapToken()).token).toBeUndefined();
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({
      usesLeft: 0,
      usedCount: 2,
    });
    back.close();
  });

  it('gives an enrolment profile for this device alone', async () => {
    const { link } = await invite(mdm, { returnToService: true });
    const device = await enrolled(link, 'C02MINE');
    const answer = await ask(device);
    expect(Object.keys(answer)).toEqual(['Enabled', 'MDMProfileData']);
    const { udid, serialNumber } = device.facts;
    const thief = await installProfile(answer['MDMProfileData'] as Buffer, { serialNumber });
    expect((await thief.authenticate()).body.toString()).toMatch(/another device \(by UDID\)/);
    thief.close();
    const again = await ask(device);
    const swapped = await installProfile(again['MDMProfileData'] as Buffer, {
      udid,
      serialNumber: 'C02ELSE',
    });
    expect((await swapped.authenticate()).body.toString()).toMatch(/another device \(by serial number\)/);
    swapped.close();
  });

  it('lets the device in for a day, and not after that', async () => {
    const { link } = await invite(mdm, { returnToService: true });
    const device = await enrolled(link, 'C02LATE');
    await ask(device);
    expect(await allowedUntil(device)).toBeGreaterThan(mdm.now() + (DAY - 60) * 1_000);
    mdm.advance(DAY + 60);
    const { udid, serialNumber } = device.facts;
    const late = await installed(link, { udid, serialNumber });
    expect((await late.authenticate()).body.toString()).toMatch(/enrolled with another certificate/);
  });

  it('gives no enrolment profile that would not be good: used up, or for other serial numbers', async () => {
    const { enrollmentProfiles } = mdm.services;
    const used = await invite(mdm, { returnToService: true, usesLeft: 1 });
    expect(await ask(await enrolled(used.link, 'C02USED'))).toEqual({ Enabled: true });
    const other = await invite(mdm, { returnToService: true });
    const device = await enrolled(other.link, 'C02OUT');
    await enrollmentProfiles.update(other.profile.uuid, { allowedSerialNumbers: ['C02IN'] });
    expect(await ask(device)).toEqual({ Enabled: true });
  });

  it('follows the enrolment profile: switched off, or revoked, it is no', async () => {
    const { enrollmentProfiles } = mdm.services;
    const { link, profile } = await invite(mdm, { returnToService: true, wifiProfileUuid });
    const device = await enrolled(link, 'C02FOLLOW');
    expect((await ask(device))['Enabled']).toBe(true);
    await enrollmentProfiles.update(profile.uuid, { returnToService: false });
    expect(await ask(device)).toEqual(NO);
    await enrollmentProfiles.update(profile.uuid, { returnToService: true });
    expect((await ask(device))['Enabled']).toBe(true);
    await enrollmentProfiles.revoke(profile.uuid);
    expect(await ask(device)).toEqual(NO);
  });

  it('holds after a renewal of the certificate', async () => {
    const { link } = await invite(mdm, { returnToService: true });
    const device = await enrolled(link, 'C02RENEW');
    const scep = new ScepClient(mdm);
    const key = newKey();
    const reply = await scep.renew(device.identity, key);
    if (reply.status !== 'SUCCESS') throw new Error('not renewed');
    const renewed = mdm.device({
      udid: device.facts.udid,
      identity: { ...device.identity, certDer: reply.certificate, key },
    });
    expect((await ask(renewed))['Enabled']).toBe(true);
  });

  it('is no to a device that has left, that is not known, or to a user', async () => {
    const { link } = await invite(mdm, { returnToService: true });
    const device = await enrolled(link, 'C02LEFT');
    const user = device.user({ userId: 'u', shortName: 'u', longName: 'U' });
    const told = await user.checkIn('ReturnToService');
    expect(parsePlist(told.body)).toEqual({ ReturnToService: NO });
    await device.checkOut();
    expect(await ask(device)).toEqual(NO);
    expect(await ask(mdm.device())).toEqual(NO);
  });

  it('is refused to whoever is not the device, and an operator is told', async () => {
    const { link } = await invite(mdm, { returnToService: true });
    const device = await enrolled(link, 'C02VICTIM');
    const other = await enrolled(link, 'C02OTHER');
    const { body } = device.prepareCheckIn('ReturnToService');
    const { certDer, key } = other.identity;
    const headers = {
      'content-type': CHECK_IN_TYPE,
      'mdm-signature': signDetached(body, { certDer, key }).toString('base64'),
    };
    const answer = await device.sendRaw('/mdm/checkin', body, headers);
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).not.toContain('plist');
    const alerts = await mdm.events(EventType.ALERT, await mdm.uuidOf(device));
    expect(alerts).toContainEqual(
      expect.objectContaining({ alert: 'IDENTITY_REFUSED', message: 'ReturnToService' }),
    );
    expect(await allowedUntil(device)).toBeUndefined();
  });

  it('without an UDID is refused in words', async () => {
    const { device } = await mdm.enrolled({ userEnrollment: true });
    const answer = await device.checkIn('ReturnToService');
    expect([answer.status, answer.body.toString()]).toEqual([400, 'UDID is missing\n']);
  });

  it('takes a profile with a Wi-Fi in it, which stays while it is needed', async () => {
    const { profiles, enrollmentProfiles } = mdm.services;
    const clip = await profiles.create({ content: readFileSync('simulator/profiles/web-clip.mobileconfig') });
    for (const uuid of [clip.uuid, '01890000-0000-7000-8000-000000000000']) {
      await expect(invite(mdm, { wifiProfileUuid: uuid })).rejects.toMatchObject({
        code: 'INVALID',
        inputPath: ['wifiProfileUuid'],
      });
    }
    const payload = { PayloadType: 'com.apple.wifi.managed', PayloadVersion: 1, SSID_STR: 'x' };
    const content = configuration('org.example.second-wifi', {
      payloads: [{ ...payload, PayloadIdentifier: 'w', PayloadUUID: 'w' }],
    });
    const second = await profiles.create({ content });
    const { profile } = await invite(mdm, { name: 'Ward', wifiProfileUuid: second.uuid });
    await expect(profiles.delete(second.uuid)).rejects.toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('"Ward"'),
    });
    await enrollmentProfiles.update(profile.uuid, { wifiProfileUuid: null });
    await profiles.delete(second.uuid);
  });
});

onBothDatabases('Return to Service in GraphQL', (name) => {
  const world = useWorld(name);
  const FIELDS = 'enrollmentProfile { id returnToService wifiProfile { id } } userErrors { code path }';

  it('is a setting of the enrollment profile', async () => {
    const { server } = world;
    const content = WIFI.toString('base64');
    const upload = `mutation ($content: Base64!) { it: profileCreate(input: { content: $content }) { profile { id } } }`;
    const wifiProfileId = (await server.data(upload, { content })).it.profile.id;
    const create = `mutation ($input: EnrollmentProfileCreateInput!) { it: enrollmentProfileCreate(input: $input) { ${FIELDS} } }`;
    const update = `mutation ($input: EnrollmentProfileUpdateInput!) { it: enrollmentProfileUpdate(input: $input) { ${FIELDS} } }`;
    const plain = await server.data(create, { input: { name: 'Plain' } });
    expect(plain.it.enrollmentProfile).toMatchObject({ returnToService: false, wifiProfile: null });
    const { id } = plain.it.enrollmentProfile;
    const set = await server.data(update, { input: { id, returnToService: true, wifiProfileId } });
    expect(set.it.enrollmentProfile).toEqual({
      id,
      returnToService: true,
      wifiProfile: { id: wifiProfileId },
    });
    const other = await world.profile('org.example.no-wifi');
    const refused = await server.data(update, { input: { id, wifiProfileId: other } });
    expect(refused.it.userErrors).toEqual([{ code: 'INVALID', path: ['input', 'wifiProfileId'] }]);
    const cleared = await server.data(update, { input: { id, wifiProfileId: null } });
    expect(cleared.it.enrollmentProfile).toEqual({ id, returnToService: true, wifiProfile: null });
  });

  it('is also a way to erase a device, by its command: EraseDevice with a dictionary in it', async () => {
    const device = await world.enrolled({ platform: 'iOS' });
    const settings = {
      Enabled: true,
      WiFiProfileData: WIFI,
      BootstrapToken: Buffer.from('newer than the catalogue'),
    };
    const parameters = {
      ReturnToService: { Enabled: true, WiFiProfileData: WIFI.toString('base64') },
    };
    const send = `mutation ($input: CommandSendInput!) {
      commandSend(input: $input) { results { error { message } command { uuid } } userErrors { message path } }
    }`;
    const deviceIds = [await world.idOf(device)];
    const erase = (more: Json) => world.server.data(send, { input: { deviceIds, ...more } });
    const wrong = await erase({ requestType: 'EraseDevice', parameters: { ReturnToService: {} } });
    expect(wrong.commandSend.userErrors[0].path).toEqual([
      'input',
      'parameters',
      'ReturnToService',
      'Enabled',
    ]);
    await erase({ requestType: 'EraseDevice', parameters });
    const [first] = (await device.connect()).commands;
    expect(first?.body).toEqual({
      RequestType: 'EraseDevice',
      ReturnToService: { Enabled: true, WiFiProfileData: WIFI },
    });
    // A key that the catalogue does not know is data in a property list, and a text in JSON.
    await device.enroll({ awaitingConfiguration: false });
    const plist = buildPlist({ RequestType: 'EraseDevice', ReturnToService: settings }).toString('base64');
    await erase({ plist });
    const [second] = (await device.connect()).commands;
    expect(second?.body).toEqual({ RequestType: 'EraseDevice', ReturnToService: settings });
  });
});
