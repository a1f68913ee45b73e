import { afterAll, expect, it } from 'vitest';
import {
  deviceOverTheAir,
  installProfile,
  OverTheAirFlow,
  profileServiceAnswer,
  requestIdentity,
  scepIn,
  signAttributes,
  type UnenrolledOptions,
} from '../../simulator/device/index.js';
import { createAppleDeviceAuthority, issueAppleDevice } from '../../simulator/pki.js';
import { isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';
import { fingerprint } from '../../src/apple/identity/index.js';
import { handedOut, issueIdentity, useMdm } from '../mdm/kit.js';
import { profile as configuration } from '../simulator/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { appleDevice, believing, closeKept, keep, refusals } from './apple.js';
import { invite, told } from './kit.js';

const options = believing();
const HOUR = 3_600;

onBothDatabases('Over-the-air enrolment', (name) => {
  const mdm = useMdm(name, options);
  afterAll(closeKept);

  const flowOf = (o: UnenrolledOptions = {}): OverTheAirFlow => new OverTheAirFlow(appleDevice, o);
  const text = async (answer: Response): Promise<string> => `${answer.status} ${await answer.text()}`;
  const bytes = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

  /** A device that has its certificate, and stands before phase 3. */
  async function identified(link: string, o: UnenrolledOptions = {}) {
    const flow = flowOf(o);
    const { url, challenge } = await flow.begin(link);
    return { flow, url, challenge, identity: await flow.identify(url, challenge) };
  }

  it('from the link through three phases to the end, with the workflow installed', async () => {
    const content = configuration(`org.example.${name}`);
    const { uuid: profileUuid } = await mdm.services.profiles.create({ content });
    const workflow = await mdm.services.workflows.create({ name: 'Air', profileUuids: [profileUuid] });
    const { link, profile } = await invite(mdm, {
      workflowUuid: workflow.uuid,
      allowedSerialNumbers: ['c02air'],
      usesLeft: 1,
    });
    const device = keep(await deviceOverTheAir(link, appleDevice, { serialNumber: 'C02AIR' }));
    expect((await device.enroll({ awaitingConfiguration: true })).status).toBe(200);
    expect(handedOut(await device.connect())).toEqual(['InstallProfile', 'DeviceConfigured']);
    const uuid = await mdm.uuidOf(device);
    expect((await mdm.services.deployments.getMany([uuid]))[0]?.status).toBe('CONVERGED');
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({
      usesLeft: 0,
      usedCount: 1,
    });
  });

  it('phase 1 asks for the attributes, with a challenge of its own each time', async () => {
    const { link } = await invite(mdm, { name: 'By air', organization: 'Orchard' });
    const answer = await fetch(`${link}/ota`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'application/x-apple-aspen-config',
      'no-store',
    ]);
    const service = parsePlist(await bytes(answer)) as PlistDict;
    expect(service).toMatchObject({
      PayloadType: 'Profile Service',
      PayloadVersion: 1,
      PayloadDisplayName: 'By air',
      PayloadOrganization: 'Orchard',
      PayloadContent: {
        URL: `${link}/ota`,
        DeviceAttributes: ['UDID', 'SERIAL', 'PRODUCT', 'VERSION', 'IMEI', 'MEID'],
        Challenge: expect.stringMatching(/^[\w-]{43}$/),
      },
    });
    const again = parsePlist(await bytes(await fetch(`${link}/ota`)));
    expect(isDict(again) && again['PayloadUUID']).toBe(service['PayloadUUID']);
    expect(isDict(again) && again['PayloadContent']).not.toEqual(service['PayloadContent']);
  });

  it('what phase 3 hands out enrols that device alone, and the certificate of phase 2 no other either', async () => {
    const { link } = await invite(mdm);
    const { flow, url, challenge, identity } = await identified(link);
    const device = keep(await flow.finish(url, challenge, identity));
    const { udid, serialNumber } = device.facts;
    for (const other of [{ udid }, { serialNumber }, {}]) {
      for (const certificate of [device.identity, identity]) {
        const thief = mdm.device({ ...other, identity: certificate });
        expect(told(await thief.authenticate())).toMatch(/^400 .*another device/);
      }
    }
    expect((await device.enroll()).status).toBe(200);
  });

  it('phase 2 is refused to another serial number than the link allows, and an operator is told', async () => {
    const { link } = await invite(mdm, { allowedSerialNumbers: ['C02YES'] });
    const flow = flowOf({ serialNumber: 'C02NO' });
    const { url, challenge } = await flow.begin(link);
    expect(await text(await flow.send(url, challenge, appleDevice))).toMatch(/^403 This serial number/);
    expect(await refusals(mdm, 'C02NO')).toHaveLength(1);
  });

  it('phase 2 may be repeated by its device until it has its certificate, and one challenge at a time is good', async () => {
    const { link } = await invite(mdm);
    const flow = flowOf();
    const { url, challenge } = await flow.begin(link);
    const first = scepIn(await bytes(await flow.send(url, challenge, appleDevice)));
    const second = scepIn(await bytes(await flow.send(url, challenge, appleDevice)));
    await expect(requestIdentity(first)).rejects.toThrow('FAILURE');
    await requestIdentity(second);
    expect(await text(await flow.send(url, challenge, appleDevice))).toMatch(/^403 .*certificate already/);
  });

  it('a challenge belongs to the device that answered it first', async () => {
    const { link } = await invite(mdm);
    const one = flowOf();
    const { url, challenge } = await one.begin(link);
    expect((await one.send(url, challenge, appleDevice)).status).toBe(200);
    const { udid, serialNumber } = one.facts;
    for (const other of [{}, { udid }, { serialNumber }]) {
      const answer = await flowOf(other).send(url, challenge, appleDevice);
      expect(await text(answer)).toMatch(/^403 This challenge was given to another device/);
    }
  });

  it('two devices that race with one challenge: one gets a certificate', async () => {
    const { link } = await invite(mdm);
    const flows = [flowOf(), flowOf()];
    const { url, challenge } = await flows[0]!.begin(link);
    const answers = await Promise.all(flows.map((flow) => flow.send(url, challenge, appleDevice)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('phase 3 may be repeated until the device has its identity, and each answer voids the one before', async () => {
    const { link } = await invite(mdm);
    const { flow, url, challenge, identity } = await identified(link);
    const [first, second] = [
      await bytes(await flow.send(url, challenge, identity)),
      await bytes(await flow.send(url, challenge, identity)),
    ];
    await expect(installProfile(first)).rejects.toThrow('FAILURE');
    const device = keep(await installProfile(second, flow.facts));
    expect(await text(await flow.send(url, challenge, identity))).toMatch(/^403 .*profile already/);
    expect((await device.enroll()).status).toBe(200);
    expect(await text(await flow.send(url, challenge, identity))).toMatch(/^403/);
  });

  it('phase 3 is for the certificate of this session, whoever else has one of ours', async () => {
    const { link } = await invite(mdm);
    const one = await identified(link);
    const two = await identified(link);
    const enrolled = keep(await two.flow.finish(two.url, two.challenge, two.identity));
    await enrolled.enroll();
    const signers = [two.identity, enrolled.identity, issueIdentity()];
    for (const signer of signers)
      expect((await one.flow.send(one.url, one.challenge, signer)).status).toBe(403);
    const strangers = flowOf();
    expect(await text(await strangers.send(one.url, one.challenge, one.identity))).toMatch(
      /^403 .*another device/,
    );
    expect(await text(await one.flow.send(one.url, two.challenge, one.identity))).toMatch(
      /^403 .*another challenge/,
    );
    expect((await one.flow.send(one.url, one.challenge, one.identity)).status).toBe(200);
  });

  it('phase 3 is refused with a certificate that was revoked', async () => {
    const { link } = await invite(mdm);
    const { flow, url, challenge, identity } = await identified(link);
    await mdm.services.authority.revoke(fingerprint(identity.certDer));
    expect(await text(await flow.send(url, challenge, identity))).toMatch(/^400 .*revoked/);
  });

  it('phase 3 does not need the challenge: its signer says which enrolment it is', async () => {
    const { link } = await invite(mdm);
    const { flow, url, identity } = await identified(link);
    const message = profileServiceAnswer(flow.facts, '', { attributes: { CHALLENGE: undefined } });
    expect((await flow.post(url, signAttributes(message, identity, { digest: 'sha256' }))).status).toBe(200);
  });

  it('an enrolment that took more than an hour is over, at whatever phase', async () => {
    const { link } = await invite(mdm);
    const flow = flowOf();
    const { url, challenge } = await flow.begin(link);
    const late = await identified(link);
    mdm.advance(HOUR);
    expect(await text(await flow.send(url, challenge, appleDevice))).toMatch(/^403 .*took too long/);
    expect(await text(await late.flow.send(late.url, late.challenge, late.identity))).toMatch(/^403/);
  });

  it('a link that was revoked or replaced answers nothing any more, at whatever phase', async () => {
    const { enrollmentProfiles } = mdm.services;
    const [revoked, replaced] = [await invite(mdm), await invite(mdm)];
    const flow = flowOf();
    const begun = await flow.begin(revoked.link);
    const late = await identified(replaced.link);
    await enrollmentProfiles.revoke(revoked.profile.uuid);
    await enrollmentProfiles.update(replaced.profile.uuid, { newLink: true });
    expect((await flow.send(begun.url, begun.challenge, appleDevice)).status).toBe(410);
    expect((await late.flow.send(late.url, late.challenge, late.identity)).status).toBe(404);
    expect((await fetch(`${revoked.link}/ota`)).status).toBe(410);
    const device = mdm.device({ ...late.flow.facts, identity: late.identity });
    expect((await device.authenticate()).status).toBe(400);
  });

  it('a challenge is good for its own link only', async () => {
    const [one, two] = [await invite(mdm), await invite(mdm)];
    const flow = flowOf();
    const { challenge } = await flow.begin(one.link);
    const { url } = await flow.begin(two.link);
    expect(await text(await flow.send(url, challenge, appleDevice))).toMatch(/^403/);
  });

  it('what is not signed by Apple, or not signed right, is refused', async () => {
    const { link } = await invite(mdm);
    const flow = flowOf();
    const { url, challenge } = await flow.begin(link);
    const stranger = createAppleDeviceAuthority();
    for (const signer of [issueAppleDevice(stranger), stranger, issueIdentity()]) {
      expect((await flow.send(url, challenge, signer)).status).toBe(403);
    }
    const content = profileServiceAnswer(flow.facts, challenge);
    for (const body of [content, Buffer.from('x'), Buffer.alloc(70_000), Buffer.alloc(0)]) {
      expect([400, 413]).toContain((await flow.post(url, body)).status);
    }
    const bare = profileServiceAnswer(flow.facts, challenge, { attributes: { SERIAL: undefined } });
    expect((await flow.post(url, signAttributes(bare, appleDevice))).status).toBe(400);
    const noChallenge = profileServiceAnswer(flow.facts, challenge, { attributes: { CHALLENGE: undefined } });
    expect((await flow.post(url, signAttributes(noChallenge, appleDevice))).status).toBe(403);
    expect((await flow.send(url, challenge, appleDevice)).status).toBe(200);
  });

  it('keeps neither its challenge nor the token of a web view', async () => {
    const { link } = await invite(mdm);
    const { challenge } = await flowOf().begin(link);
    const rows = await mdm.query<Record<string, unknown>>('SELECT * FROM enrollment_sessions');
    expect(JSON.stringify(rows)).not.toContain(challenge);
  });
});
