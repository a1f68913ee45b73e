import { expect, it } from 'vitest';
import { EventType } from '../../src/events/index.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import type { Issued } from '../../simulator/pki.js';
import { onBothDatabases } from '../support/databases.js';
import { profile } from '../simulator/kit.js';
import { handedOut, issueIdentity, useMdm, type Enrolled } from './kit.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const ALICE = { userId: 'alice-id', shortName: 'alice', longName: 'Alice' };

const mdmPayload = {
  PayloadType: 'com.apple.mdm',
  PayloadVersion: 1,
  PayloadIdentifier: 'org.example.mdm',
  PayloadUUID: 'mdm-1',
};
const enrolmentProfile = profile('org.example.enrolment', { payloads: [mdmPayload] });

onBothDatabases('Renewal and re-enrolment', (name) => {
  const mdm = useMdm(name);

  /** The same device, speaking with another of its certificates. */
  const speakingWith = (device: SimulatedDevice, identity: Issued): SimulatedDevice =>
    mdm.device({ identity, udid: device.facts.udid, platform: device.facts.platform });

  const sendEnrolmentProfile = (uuid: string) =>
    mdm.send(uuid, 'InstallProfile', { parameters: { Payload: enrolmentProfile } });

  const identities = async (uuid: string): Promise<string[]> =>
    (
      await mdm.query<{ status: string }>(
        'SELECT status FROM identities WHERE device_uuid = ? ORDER BY status',
        [uuid],
      )
    ).map(({ status }) => status);

  const secrets = async (uuid: string): Promise<string[]> =>
    (
      await mdm.query<{ kind: string }>(
        'SELECT kind FROM device_secrets WHERE device_uuid = ? ORDER BY kind',
        [uuid],
      )
    ).map(({ kind }) => kind);

  /** A Mac with all that a fresh enrolment would cost it: escrow, a user, and a command that waits. */
  async function withMuchToLose(): Promise<Enrolled & { waiting: string }> {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    await device.tokenUpdate({ unlockToken: Buffer.from('unlock') });
    await device.setBootstrapToken();
    await device.user(ALICE).tokenUpdate();
    const waiting = await mdm.send(uuid, 'SecurityInfo', { priority: -10 });
    return { device, uuid, waiting: waiting.uuid };
  }

  async function expectNothingLost({ device, uuid, waiting }: Enrolled & { waiting: string }): Promise<void> {
    expect(await secrets(uuid)).toEqual(['BOOTSTRAP_TOKEN', 'UNLOCK_TOKEN']);
    expect((await mdm.services.devices.channelsOf([uuid])).map(({ enabled }) => enabled)).toEqual([
      true,
      true,
    ]);
    expect((await device.connect()).commands.map((command) => command.uuid)).toContain(waiting);
    expect((await device.getBootstrapToken()).token).toEqual(device.state.bootstrapToken);
  }

  it('fact 24: a renewal keeps queue, users and tokens, and both certificates are good', async () => {
    const enrolled = await withMuchToLose();
    const { device, uuid } = enrolled;
    const old = speakingWith(device, device.identity);
    await sendEnrolmentProfile(uuid);
    device.behave('SecurityInfo', { drop: true }, 1);
    await device.connect();
    expect((await device.renew(issueIdentity())).status).toBe(200);
    expect(await identities(uuid)).toEqual(['ACTIVE', 'RETIRING']);
    expect((await old.idle()).status).toBe(200);
    await expectNothingLost(enrolled);
    const told = (await mdm.events(EventType.DEVICE_CHANGED, uuid)).map((data) => data['change']);
    expect(told.filter((change) => change === 'IDENTITY_RENEWED' || change === 'ENROLLED')).toEqual([
      'ENROLLED',
      'IDENTITY_RENEWED',
    ]);
  });

  it('fact 24: the answer to InstallProfile may come after the new check-in, with either certificate', async () => {
    for (const withOld of [true, false]) {
      const enrolled = await withMuchToLose();
      const { device, uuid } = enrolled;
      const old = speakingWith(device, device.identity);
      const command = await sendEnrolmentProfile(uuid);
      expect((await device.idle()).command?.uuid).toBe(command.uuid);
      expect((await device.renew(issueIdentity())).status).toBe(200);
      expect((await (withOld ? old : device).report('Acknowledged', command.uuid)).status).toBe(200);
      expect(await mdm.status(command)).toBe('ACKNOWLEDGED');
      await expectNothingLost(enrolled);
    }
  });

  it('fact 24: between the new Authenticate and the new TokenUpdate both certificates are good', async () => {
    const enrolled = await withMuchToLose();
    const { device, uuid } = enrolled;
    await sendEnrolmentProfile(uuid);
    const renewed = speakingWith(device, issueIdentity());
    expect((await renewed.authenticate()).status).toBe(200);
    expect(await identities(uuid)).toEqual(['ACTIVE', 'STAGED']);
    expect([(await device.idle()).status, (await renewed.idle()).status]).toEqual([200, 200]);
    expect((await renewed.authenticate()).status).toBe(200);
    expect(await identities(uuid)).toEqual(['ACTIVE', 'STAGED']);
    await expectNothingLost(enrolled);
  });

  it('fact 24: the replaced certificate is retired an hour later', async () => {
    const { device, uuid } = await mdm.enrolled();
    const old = speakingWith(device, device.identity);
    await sendEnrolmentProfile(uuid);
    await device.renew(issueIdentity());
    mdm.advance(HOUR + 60);
    await mdm.restart();
    await mdm.until(async () => (await identities(uuid)).includes('ARCHIVED'));
    const [before, after] = [old, device].map((one) => speakingWith(one, one.identity));
    expect((await before!.idle()).status).toBe(400);
    expect((await before!.authenticate()).status).toBe(400);
    expect((await after!.idle()).status).toBe(200);
  });

  it('fact 24: renewal with the same certificate is no fresh enrolment either', async () => {
    const enrolled = await withMuchToLose();
    await sendEnrolmentProfile(enrolled.uuid);
    expect((await enrolled.device.renew(enrolled.device.identity)).status).toBe(200);
    expect(await identities(enrolled.uuid)).toEqual(['ACTIVE']);
    await expectNothingLost(enrolled);
  });

  it.each(['another certificate', 'the same certificate'])(
    'fact 24: a device wiped while its renewal is pending starts anew, with %s',
    async (which) => {
      const { device, uuid, waiting } = await withMuchToLose();
      await sendEnrolmentProfile(uuid);
      device.wipe({ identity: which === 'the same certificate' ? device.identity : issueIdentity() });
      expect((await device.enroll()).status).toBe(200);
      expect(await mdm.status({ uuid: waiting })).toBe('CANCELLED');
      expect(await secrets(uuid)).toEqual([]);
      expect(
        (await mdm.services.devices.channelsOf([uuid])).map(({ enabled, tally }) => [enabled, tally]),
      ).toEqual([
        [true, 1],
        [false, 0],
      ]);
      expect(handedOut(await device.connect())).toEqual(['DeviceConfigured']);
      expect(device.state.configured).toBe(true);
      const thief = speakingWith(device, issueIdentity());
      expect((await thief.authenticate()).status).toBe(400);
    },
  );

  it('fact 24: a renewal is expected for a week, and only after an enrolment profile was sent', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.send(uuid, 'InstallProfile', { parameters: { Payload: profile('org.example.other') } });
    expect((await speakingWith(device, issueIdentity()).authenticate()).status).toBe(400);
    await sendEnrolmentProfile(uuid);
    mdm.advance(7 * DAY + 60);
    expect((await speakingWith(device, issueIdentity()).authenticate()).status).toBe(400);
    expect(await identities(uuid)).toEqual(['ACTIVE']);
  });

  it('fact 22: an enrolled device is not taken over by a fresh certificate, and an operator is told', async () => {
    const enrolled = await withMuchToLose();
    const { device, uuid } = enrolled;
    const thief = speakingWith(device, issueIdentity());
    expect((await thief.authenticate()).status).toBe(400);
    expect((await thief.tokenUpdate()).status).toBe(400);
    expect((await thief.idle()).status).toBe(400);
    expect(await mdm.events(EventType.ALERT)).toContainEqual(
      expect.objectContaining({ alert: 'TAKEOVER_REFUSED', claimed: device.facts.udid }),
    );
    expect(await identities(uuid)).toEqual(['ACTIVE']);
    await expectNothingLost(enrolled);
  });

  it('a device that was allowed to enrol again does so with a fresh certificate, once; the former is archived', async () => {
    const { device, uuid, waiting } = await withMuchToLose();
    await mdm.services.devices.allowReenrollment([uuid]);
    const fresh = speakingWith(device, issueIdentity());
    expect((await fresh.enroll()).status).toBe(200);
    expect(await identities(uuid)).toEqual(['ACTIVE', 'ARCHIVED']);
    expect(await mdm.status({ uuid: waiting })).toBe('CANCELLED');
    expect((await device.idle()).status).toBe(400);
    expect((await device.authenticate()).status).toBe(400);
    expect((await speakingWith(device, issueIdentity()).authenticate()).status).toBe(400);
    await mdm.send(uuid, 'RestartDevice');
    expect(handedOut(await fresh.connect())).toEqual(['RestartDevice']);
  });

  it('the permission to enrol again lasts a day', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.services.devices.allowReenrollment([uuid]);
    mdm.advance(DAY + 60);
    expect((await speakingWith(device, issueIdentity()).authenticate()).status).toBe(400);
  });
});
