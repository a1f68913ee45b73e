import { X509Certificate } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import {
  deviceAutomatically,
  deviceByWebView,
  machineInfo,
  pressButton,
  signAttributes,
  type SimulatedDevice,
  type UnenrolledOptions,
} from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { APPLE_DEVICE_CA } from '../../src/apple/machine-info/index.js';
import { handedOut, useMdm } from '../mdm/kit.js';
import { profile as configuration } from '../simulator/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { appleDevice, believing, closeKept, keep, refusals, serve, tokenOf } from './apple.js';
import { told } from './kit.js';

const options = believing();

it('the authority that is shipped is the one Apple publishes', () => {
  const { subject, issuer, fingerprint256, publicKey, ca } = new X509Certificate(APPLE_DEVICE_CA);
  expect(subject.split('\n')).toEqual([
    'C=US',
    'O=Apple Inc.',
    'OU=Apple iPhone',
    'CN=Apple iPhone Device CA',
  ]);
  expect(issuer).toContain('CN=Apple iPhone Certification Authority');
  expect(fingerprint256).toBe(
    '76:F2:7D:00:E1:33:3B:C8:8D:E0:E2:91:6C:38:C9:A7:F2:B7:57:74:C2:5A:79:4C:09:2A:80:E3:C4:C6:6C:CE',
  );
  expect([publicKey.asymmetricKeyDetails?.modulusLength, ca]).toEqual([1024, true]);
});

onBothDatabases('Automated enrolment', (name) => {
  const mdm = useMdm(name, options);
  afterAll(closeKept);

  const door = (): string => `${mdm.app.url}/mdm/enroll/dep`;
  const automatically = async (o: UnenrolledOptions, url = door()): Promise<SimulatedDevice> =>
    keep(await deviceAutomatically(url, appleDevice, o));
  /** What the door answers to a device, or to another MachineInfo. */
  const ask = async (
    o: UnenrolledOptions,
    { url = door(), ...init }: RequestInit & { url?: string } = {},
  ): Promise<{ status: number; type: string; text: string }> => {
    const body = new Uint8Array(signAttributes(machineInfo(factsBefore(o), o), appleDevice));
    const answer = await fetch(url, { method: 'POST', body, ...init });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, text: await answer.text() };
  };

  it('from Setup Assistant to the end of it, with the workflow installed', async () => {
    const content = configuration(`org.example.${name}`);
    const { uuid: profileUuid } = await mdm.services.profiles.create({ content });
    const { uuid: workflowUuid } = await mdm.services.workflows.create({
      name: 'Classroom',
      profileUuids: [profileUuid],
    });
    const { profile } = await serve(mdm, { allowedSerialNumbers: ['dmpauto1'], workflowUuid });
    const device = await automatically({ serialNumber: 'DMPAUTO1' });
    expect((await device.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(handedOut(await device.connect())).toEqual(['InstallProfile', 'DeviceConfigured']);
    expect(device.state.configured).toBe(true);
    const uuid = await mdm.uuidOf(device);
    expect((await mdm.services.deployments.getMany([uuid]))[0]?.status).toBe('CONVERGED');
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({ usedCount: 1 });
  });

  it('a device that was erased from here enrols again, and is configured anew', async () => {
    const { profile } = await serve(mdm, { allowedSerialNumbers: ['DMPERASED'] });
    const first = await automatically({ serialNumber: 'DMPERASED' });
    expect((await first.enroll()).status).toBe(200);
    const uuid = await mdm.uuidOf(first);
    await mdm.send(uuid, 'EraseDevice');
    expect(handedOut(await first.connect())).toEqual(['EraseDevice']);
    const again = await automatically({ serialNumber: 'DMPERASED', udid: first.facts.udid });
    expect((await again.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(handedOut(await again.connect())).toEqual(['DeviceConfigured']);
    expect(await mdm.uuidOf(again)).toBe(uuid);
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({ usedCount: 2 });
  });

  it('what a device is given enrols that device alone, by both its numbers', async () => {
    await serve(mdm, { allowedSerialNumbers: ['DMPBOTH1', 'DMPBOTH2'] });
    const device = await automatically({ serialNumber: 'DMPBOTH1' });
    const { udid } = device.facts;
    const others = [{ serialNumber: 'DMPBOTH2', udid }, { serialNumber: 'DMPBOTH1' }];
    for (const other of others) {
      const thief = mdm.device({ ...other, identity: device.identity });
      expect(told(await thief.authenticate())).toMatch(/^400 .*another device/);
    }
    expect((await device.enroll()).status).toBe(200);
  });

  it('takes the MachineInfo from the header of a GET, too, whatever the base64 is written with', async () => {
    await serve(mdm, { allowedSerialNumbers: ['DMPHEADER'] });
    const facts = factsBefore({ serialNumber: 'DMPHEADER' });
    const signed = signAttributes(machineInfo(facts), appleDevice);
    for (const encoding of ['base64', 'base64url'] as const) {
      const headers = { 'x-apple-aspen-deviceinfo': signed.toString(encoding) };
      const answer = await fetch(door(), { headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'application/x-apple-aspen-config',
      ]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('does not mind what the body is called', async () => {
    await serve(mdm, { allowedSerialNumbers: ['DMPTYPES'] });
    const o = { serialNumber: 'DMPTYPES' };
    for (const type of ['application/pkcs7-signature', 'application/json', 'text/plain', 'x', '']) {
      expect(await ask(o, { headers: { 'content-type': type } })).toMatchObject({ status: 200 });
    }
  });

  it('a serial number that no profile names enrols nothing, and an operator is told', async () => {
    const answer = await ask({ serialNumber: 'DMPNOBODY' });
    expect(answer).toMatchObject({ status: 403, type: 'text/plain; charset=utf-8' });
    expect(answer.text).toContain('No enrollment profile names this serial number');
    expect(await refusals(mdm, 'DMPNOBODY')).toHaveLength(1);
  });

  it('a profile that names a serial number serves Setup Assistant only when it is marked', async () => {
    const invited = await serve(mdm, { allowedSerialNumbers: ['DMPMARK'], servesAutomatedEnrollment: false });
    const o = { serialNumber: 'DMPMARK' };
    const byToken = `${door()}/${tokenOf(invited)}`;
    expect([(await ask(o)).status, (await ask(o, { url: byToken })).status]).toEqual([403, 403]);
    const { enrollmentProfiles } = mdm.services;
    const { uuid } = invited.profile;
    await enrollmentProfiles.update(uuid, { servesAutomatedEnrollment: true });
    expect([(await ask(o)).status, (await ask(o, { url: byToken })).status]).toEqual([200, 200]);
    await enrollmentProfiles.update(uuid, { allowedSerialNumbers: ['DMPOTHER'] });
    expect((await ask(o)).status).toBe(403);
    expect((await ask({ serialNumber: 'DMPOTHER' })).status).toBe(200);
    await enrollmentProfiles.update(uuid, { servesAutomatedEnrollment: false });
    expect((await ask({ serialNumber: 'DMPOTHER' })).status).toBe(403);
  });

  it('a token in the address names the profile, which may be for any device or for some', async () => {
    const any = await serve(mdm);
    const some = await serve(mdm, { allowedSerialNumbers: ['DMPSOME'] });
    const device = await automatically({ serialNumber: 'DMPANY' }, `${door()}/${tokenOf(any)}`);
    expect((await device.enroll()).status).toBe(200);
    const url = `${door()}/${tokenOf(some)}`;
    expect((await ask({ serialNumber: 'DMPANY2' }, { url })).status).toBe(403);
    expect((await ask({ serialNumber: 'DMPSOME' }, { url })).status).toBe(200);
    expect((await ask({ serialNumber: 'DMPSOME' }, { url: `${door()}/nothing` })).status).toBe(404);
  });

  it('a profile that was revoked, has expired or is used up enrols nobody, also who has it already', async () => {
    const serials = ['DMPGONE1', 'DMPGONE2', 'DMPGONE3'];
    const revoked = await serve(mdm, { allowedSerialNumbers: serials.slice(0, 1) });
    const ending = { allowedSerialNumbers: serials.slice(1, 2), expiresAt: new Date(mdm.now() + 60_000) };
    await serve(mdm, ending);
    await serve(mdm, { allowedSerialNumbers: serials.slice(2), usesLeft: 1 });
    const early = await automatically({ serialNumber: 'DMPGONE1' });
    const last = await automatically({ serialNumber: 'DMPGONE3' });
    await mdm.services.enrollmentProfiles.revoke(revoked.profile.uuid);
    await last.enroll();
    mdm.advance(61);
    expect((await early.authenticate()).status).toBe(400);
    const answers = await Promise.all(serials.map((serialNumber) => ask({ serialNumber })));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(answers.map(({ text }) => text.trim())).toEqual([
      'No enrollment profile names this serial number for automated enrollment.',
      'The enrollment profile for this device has expired.',
      'The enrollment profile for this device has been used as often as it could be.',
    ]);
  });

  it('a serial number enrols by one profile, until that one lets it go', async () => {
    const first = await serve(mdm, { name: 'First', allowedSerialNumbers: ['DMPONE'] });
    await expect(serve(mdm, { allowedSerialNumbers: ['DMPTWO', 'DMPONE'] })).rejects.toMatchObject({
      code: 'CONFLICT',
      inputPath: ['allowedSerialNumbers'],
      message: expect.stringContaining('DMPONE enrols by the enrollment profile "First" already'),
    });
    await mdm.services.enrollmentProfiles.revoke(first.profile.uuid);
    const races = [1, 2, 3].map(() => serve(mdm, { allowedSerialNumbers: ['DMPONE'] }));
    const outcomes = await Promise.allSettled(races);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('ten thousand serial numbers are kept and looked up one at a time', async () => {
    const allowedSerialNumbers = Array.from({ length: 10_000 }, (_, index) => `MANY${index}`);
    const { profile } = await serve(mdm, { allowedSerialNumbers });
    expect((await ask({ serialNumber: 'MANY9999' })).status).toBe(200);
    await mdm.services.enrollmentProfiles.update(profile.uuid, {
      allowedSerialNumbers: allowedSerialNumbers.slice(0, 5_000),
    });
    const statuses = [
      (await ask({ serialNumber: 'MANY9999' })).status,
      (await ask({ serialNumber: 'MANY1' })).status,
    ];
    expect(statuses).toEqual([403, 200]);
  });

  it('an enrolled device is not taken over by who says to be it, unless the profile or an admin allows it', async () => {
    const o = { serialNumber: 'DMPWIPED' };
    const { profile } = await serve(mdm, { allowedSerialNumbers: [o.serialNumber] });
    const device = await automatically(o);
    await device.enroll({ awaitingConfiguration: true });
    await device.connect();
    const again = { ...o, udid: device.facts.udid };
    mdm.advance(1);
    const wiped = await automatically(again);
    expect(told(await wiped.authenticate())).toMatch(/^400 .*enrolled with another certificate/);
    expect((await device.idle()).status).toBe(200);
    await mdm.services.enrollmentProfiles.update(profile.uuid, { allowsReenrollment: true });
    const late = await automatically(again);
    expect((await late.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(handedOut(await late.connect())).toEqual(['DeviceConfigured']);
    expect((await device.idle()).status).toBe(400);
    const elsewhere = await automatically({ ...o, udid: 'ANOTHER-UDID' });
    expect((await elsewhere.authenticate()).status).toBe(200);
  });

  it('an operating system that is too old is told to update itself when it understands, and in words when not', async () => {
    await serve(mdm, {
      allowedSerialNumbers: ['DMPOLD', 'DMPOLDPAD'],
      minimumOsVersions: { ios: '18.1.1', macos: '15' },
    });
    const old = { serialNumber: 'DMPOLD', osVersion: '18.1' };
    const update = await ask(old);
    expect(update).toMatchObject({ status: 403, type: expect.stringMatching(/^application\/json/) });
    expect(JSON.parse(update.text)).toMatchObject({
      code: 'com.apple.softwareupdate.required',
      details: { OSVersion: '18.1.1' },
    });
    const words = await ask({ ...old, canRequestSoftwareUpdate: false });
    expect(words).toMatchObject({ status: 403, type: 'text/plain; charset=utf-8' });
    expect(words.text).toContain('has to be updated to 18.1.1');
    const silent = await ask({
      ...old,
      canRequestSoftwareUpdate: false,
      attributes: { OS_VERSION: undefined },
    });
    expect(silent.status).toBe(403);
    for (const [o, status] of [
      [{ osVersion: '18.1.1' }, 200],
      [{ osVersion: '18.2' }, 200],
      [{ osVersion: '26.0' }, 200],
      [{ osVersion: '18.1.0.9' }, 403],
      [{ osVersion: '9.9.9' }, 403],
      [{ osVersion: '' }, 403],
      [{ platform: 'macOS', osVersion: '14.7.1' }, 403],
      [{ platform: 'macOS', osVersion: '15.0' }, 200],
      [{ productName: 'iPad14,1', osVersion: '12.0' }, 200],
    ] as const) {
      expect([o, (await ask({ ...o, serialNumber: 'DMPOLD' })).status]).toEqual([o, status]);
    }
  });

  it('the web view shows whose management it is, and hands the profile out once, to that device', async () => {
    await serve(mdm, { allowedSerialNumbers: ['DMPWEB'], organization: 'Orchard & Sons' });
    const webUrl = `${mdm.app.url}/enroll/setup`;
    const device = keep(await deviceByWebView(webUrl, appleDevice, { serialNumber: 'DMPWEB' }));
    expect((await device.enroll({ awaitingConfiguration: true })).status).toBe(200);
    const facts = factsBefore({ serialNumber: 'DMPWEB' });
    const signed = signAttributes(machineInfo(facts), appleDevice).toString('base64');
    const page = await fetch(webUrl, { headers: { 'x-apple-aspen-deviceinfo': signed } });
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain('Orchard &amp; Sons will manage this device');
    const answers = await Promise.all([1, 2, 3].map(() => pressButton(webUrl, html)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
  });

  it('a web view is over after half an hour, with its profile, and for who never began it', async () => {
    const { profile } = await serve(mdm, { allowedSerialNumbers: ['DMPVIEW'] });
    const webUrl = `${mdm.app.url}/enroll/setup`;
    const signed = signAttributes(machineInfo(factsBefore({ serialNumber: 'DMPVIEW' })), appleDevice);
    const show = async (): Promise<string> =>
      (await fetch(webUrl, { headers: { 'x-apple-aspen-deviceinfo': signed.toString('base64') } })).text();
    const early = await show();
    mdm.advance(30 * 60);
    expect((await pressButton(webUrl, early)).status).toBe(403);
    const late = await show();
    await mdm.services.enrollmentProfiles.revoke(profile.uuid);
    const answer = await pressButton(webUrl, late);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    for (const body of ['', 'visit=', 'visit=x', `visit=${'x'.repeat(5_000)}`, 'a=b&visit=%00']) {
      expect((await fetch(`${webUrl}/profile`, { method: 'POST', body })).status).toBe(403);
    }
    expect((await fetch(webUrl)).status).toBe(400);
  });

  it('the web view asks for an update as well, and takes the token of a profile', async () => {
    const invited = await serve(mdm, { minimumOsVersions: { ios: '99' } });
    const webUrl = `${mdm.app.url}/enroll/setup/${tokenOf(invited)}`;
    const signed = signAttributes(machineInfo(factsBefore({})), appleDevice).toString('base64');
    const headers = { 'x-apple-aspen-deviceinfo': signed };
    const answer = await fetch(webUrl, { headers });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      403,
      'com.apple.softwareupdate.required',
    ]);
    expect((await fetch(`${webUrl}x`, { headers })).status).toBe(404);
  });
});
