import { describe, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import { EventType } from '../../src/events/index.js';
import { TOPIC } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import { profile } from '../simulator/kit.js';
import { handedOut, useMdm } from './kit.js';

const ALICE = { userId: 'alice-id', shortName: 'alice', longName: 'Alice' };
const CHECK_IN = { 'content-type': 'application/x-apple-aspen-mdm-checkin' };

interface ChannelRow {
  enabled: number;
  tally: number;
  push_token: string | null;
  push_magic: string | null;
}

onBothDatabases('Check-in', (name) => {
  const mdm = useMdm(name);
  const channels = (uuid: string): Promise<ChannelRow[]> =>
    mdm.query<ChannelRow>(
      'SELECT enabled, tally, push_token, push_magic FROM channels WHERE device_uuid = ? ORDER BY kind, enrollment_key',
      [uuid],
    );
  const secrets = async (uuid: string): Promise<string[]> =>
    (
      await mdm.query<{ kind: string }>(
        'SELECT kind FROM device_secrets WHERE device_uuid = ? ORDER BY kind',
        [uuid],
      )
    ).map(({ kind }) => kind);
  const statusOf = async (uuid: string): Promise<string | undefined> =>
    (await mdm.services.devices.find({ uuid }))?.enrollmentStatus;

  it('fact 11: Authenticate alone is no enrolment: nothing is handed out before TokenUpdate', async () => {
    const device = mdm.device();
    expect((await device.authenticate()).status).toBe(200);
    const uuid = await mdm.uuidOf(device);
    const made = await mdm.services.profiles.create({ content: profile(`early.${uuid}`) });
    const workflow = await mdm.services.workflows.create({
      name: `early ${uuid}`,
      profileUuids: [made.uuid],
    });
    await mdm.services.deployments.assign([uuid], workflow.uuid);
    expect(await statusOf(uuid)).toBe('AUTHENTICATED');
    expect((await device.idle()).body).toHaveLength(0);
    await expect(mdm.send(uuid, 'RestartDevice')).rejects.toMatchObject({ code: 'NOT_ENROLLED' });
    await device.tokenUpdate();
    expect(await statusOf(uuid)).toBe('ENROLLED');
    expect(handedOut(await device.connect())).toEqual(['InstallProfile']);
  });

  it('fact 11: Authenticate anew clears the queue and its users’, visibly, and drops tokens and escrow', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    await device.tokenUpdate({ unlockToken: Buffer.from('unlock') });
    await device.setBootstrapToken();
    const user = device.user(ALICE);
    await user.tokenUpdate({ awaitingConfiguration: false });
    const channelsNow = await mdm.services.devices.channelsOf([uuid]);
    const userChannel = channelsNow.find(({ kind }) => kind === 'USER');
    const commands = [await mdm.send(uuid, 'RestartDevice'), await mdm.send(uuid, 'SecurityInfo')];
    await mdm.app.database.run(
      'UPDATE commands SET channel_uuid = ?, queue_channel_uuid = ? WHERE uuid = ?',
      [userChannel?.uuid ?? '', userChannel?.uuid ?? '', commands[1]?.uuid ?? ''],
    );
    expect(await secrets(uuid)).toEqual(['BOOTSTRAP_TOKEN', 'UNLOCK_TOKEN']);

    device.wipe();
    expect((await device.authenticate()).status).toBe(200);

    for (const command of commands) {
      const { status, errors } = await mdm.command(command);
      expect([status, errors?.[0]?.usEnglishDescription]).toEqual(['CANCELLED', 'The device enrolled anew.']);
      const told = await mdm.events(EventType.COMMAND_UPDATED, command.uuid);
      expect(told.at(-1)).toMatchObject({ status: 'CANCELLED' });
    }
    expect(await secrets(uuid)).toEqual([]);
    const off = { enabled: 0, tally: 0, push_token: null, push_magic: null };
    expect(await channels(uuid)).toEqual([off, off]);
    expect((await device.getBootstrapToken()).token).toBeUndefined();
    await device.tokenUpdate();
    expect(await channels(uuid)).toMatchObject([{ enabled: 1, tally: 1 }, off]);
  });

  it('fact 11: the same Authenticate once more does not wipe a second time', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    device.wipe();
    await device.authenticate();
    const token = await device.setBootstrapToken(Buffer.from('set between the two'));
    expect(token.status).toBe(200);
    const told = (await mdm.events(EventType.DEVICE_CHANGED, uuid)).length;
    expect((await device.authenticate()).status).toBe(200);
    expect((await device.getBootstrapToken()).token).toEqual(Buffer.from('set between the two'));
    expect(await mdm.events(EventType.DEVICE_CHANGED, uuid)).toHaveLength(told);
  });

  it('Authenticate sent many times at once makes one device', async () => {
    const device = mdm.device();
    const answers = await Promise.all(Array.from({ length: 8 }, () => device.authenticate()));
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect((await device.enroll()).status).toBe(200);
    const { udid } = device.facts;
    expect(await mdm.query('SELECT uuid FROM devices WHERE udid = ?', [udid])).toHaveLength(1);
    expect(await mdm.query('SELECT uuid FROM channels WHERE enrollment_key = ?', [udid])).toHaveLength(1);
  });

  it('fact 12: TokenUpdate counts; the first since Authenticate is the enrolment', async () => {
    const { device, uuid } = await mdm.enrolled();
    await device.tokenUpdate({ newToken: true });
    await device.tokenUpdate();
    const token = device.state.pushToken?.toString('hex') ?? '';
    expect(await channels(uuid)).toEqual([
      { enabled: 1, tally: 3, push_token: token, push_magic: device.state.pushMagic },
    ]);
    const told = (await mdm.events(EventType.DEVICE_CHANGED, uuid)).map((data) => data['change']);
    expect(told).toEqual(['AUTHENTICATED', 'ENROLLED']);
    device.wipe();
    await device.enroll({ awaitingConfiguration: false });
    expect(await channels(uuid)).toMatchObject([{ enabled: 1, tally: 1 }]);
  });

  it('fact 12: an unlock token is remembered when a later TokenUpdate has none, and is never kept in clear', async () => {
    const { device, uuid } = await mdm.enrolled();
    const kept = 'SELECT ciphertext FROM device_secrets WHERE device_uuid = ?';
    const [before] = await mdm.query<{ ciphertext: Uint8Array }>(kept, [uuid]);
    await device.tokenUpdate();
    expect(await mdm.query(kept, [uuid])).toEqual([before]);
    expect(Buffer.from(before?.ciphertext ?? []).includes(device.state.unlockToken ?? '')).toBe(false);
  });

  it('fact 13: TokenUpdate without Authenticate, as after a restore from backup, is answered 200 and enrols nobody', async () => {
    const device = mdm.device();
    expect((await device.tokenUpdate()).status).toBe(200);
    expect(await mdm.uuidOf(device)).toBe('');
    const alerts = await mdm.events(EventType.ALERT);
    expect(alerts).toContainEqual(
      expect.objectContaining({ alert: 'CHECKIN_WITHOUT_AUTHENTICATE', claimed: device.facts.udid }),
    );
  });

  it('fact 13: a device that is known goes on with TokenUpdate alone', async () => {
    const { device, uuid } = await mdm.enrolled();
    const restored = mdm.device({ identity: device.identity, udid: device.facts.udid });
    expect((await restored.tokenUpdate()).status).toBe(200);
    await mdm.send(uuid, 'RestartDevice');
    expect(handedOut(await restored.connect())).toEqual(['RestartDevice']);
  });

  it('a device that checked out and comes back with TokenUpdate alone gets everything anew', async () => {
    const { device, uuid } = await mdm.enrolled();
    const made = await mdm.services.profiles.create({ content: profile(`back.${uuid}`) });
    const later = await mdm.services.profiles.create({ content: profile(`back.later.${uuid}`) });
    const workflow = await mdm.services.workflows.create({
      name: `back ${uuid}`,
      profileUuids: [made.uuid, later.uuid],
    });
    await mdm.services.deployments.assign([uuid], workflow.uuid);
    device.behave('InstallProfile', 'acknowledge', 1);
    device.behave('InstallProfile', { drop: true }, 1);
    await device.connect();
    await device.checkOut();
    expect((await device.tokenUpdate()).status).toBe(200);
    expect(handedOut(await device.connect())).toEqual(['InstallProfile', 'InstallProfile']);
  });

  it.each(['x', 'é 🍏 ünïcode', 'A'.repeat(255), ' leading and trailing ', "'; DROP TABLE devices; --"])(
    'fact 13: the UDID %j is taken as it is',
    async (udid) => {
      const { device, uuid } = await mdm.enrolled({ udid });
      expect((await mdm.services.devices.find({ uuid }))?.udid).toBe(udid);
      await mdm.send(uuid, 'RestartDevice');
      expect(handedOut(await device.connect())).toEqual(['RestartDevice']);
    },
  );

  it('fact 14: a client that sends both ids is known by its UDID', async () => {
    const { device, uuid } = await mdm.enrolled();
    const both = buildPlist({ Status: 'Idle', UDID: device.facts.udid, EnrollmentID: 'somebody-else' });
    await mdm.send(uuid, 'RestartDevice');
    const answer = await device.sendRaw('/mdm/connect', both, {
      'content-type': 'application/x-apple-aspen-mdm',
    });
    expect(answer.command?.requestType).toBe('RestartDevice');
  });

  it('fact 14: a User Enrollment is known by its EnrollmentID, without UDID or serial number', async () => {
    const { device, uuid } = await mdm.enrolled({ userEnrollment: true });
    expect(await mdm.services.devices.find({ uuid })).toMatchObject({
      udid: null,
      serialNumber: null,
      enrollmentId: device.facts.enrollmentId,
      enrollmentKind: 'USER_ENROLLMENT',
    });
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
  });

  it('fact 15: CheckOut ends the enrolment and its users’; it is answered 200, again and again', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const user = device.user(ALICE);
    await user.tokenUpdate();
    const command = await mdm.send(uuid, 'RestartDevice');
    for (let times = 0; times < 3; times += 1) expect((await device.checkOut()).status).toBe(200);
    expect(await statusOf(uuid)).toBe('UNENROLLED');
    expect((await channels(uuid)).map(({ enabled }) => enabled)).toEqual([0, 0]);
    expect(await mdm.status(command)).toBe('CANCELLED');
    expect((await device.idle()).body).toHaveLength(0);
    expect((await user.idle()).body).toHaveLength(0);
    expect(
      (await mdm.events(EventType.DEVICE_CHANGED, uuid)).filter(({ change }) => change === 'UNENROLLED'),
    ).toHaveLength(1);
  });

  it('fact 15: CheckOut of a device nobody knows is answered 200', async () => {
    expect((await mdm.device().checkOut()).status).toBe(200);
  });

  it('fact 15: CheckOut of a user ends that user’s channel and no other', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const users = [device.user(ALICE), device.user({ userId: 'bob-id', shortName: 'bob', longName: 'Bob' })];
    for (const user of users) await user.tokenUpdate();
    expect((await users[0]!.checkOut()).status).toBe(200);
    expect((await channels(uuid)).map(({ enabled }) => enabled)).toEqual([1, 0, 1]);
    expect(await statusOf(uuid)).toBe('ENROLLED');
    expect((await users[0]!.tokenUpdate()).status).toBe(200);
    expect((await channels(uuid)).map(({ enabled }) => enabled)).toEqual([1, 1, 1]);
  });

  it('a device that checked out may come back with a new certificate', async () => {
    const { device, uuid } = await mdm.enrolled();
    await device.checkOut();
    const returned = mdm.device({ udid: device.facts.udid });
    expect((await returned.enroll()).status).toBe(200);
    expect(await statusOf(uuid)).toBe('ENROLLED');
    expect((await device.authenticate()).status).toBe(400);
  });

  it('fact 16: network users are declined with 410', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS' });
    expect((await device.user(ALICE).userAuthenticate()).status).toBe(410);
  });

  it('fact 17: a bootstrap token comes back to the device that escrowed it, and to no other', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const other = await mdm.enrolled({ platform: 'macOS' });
    await device.setBootstrapToken();
    const first = device.state.bootstrapToken;
    expect((await device.getBootstrapToken()).token).toEqual(first);
    expect((await other.device.getBootstrapToken()).token).toBeUndefined();
    await device.setBootstrapToken();
    expect((await device.getBootstrapToken()).token).toEqual(device.state.bootstrapToken);
    expect(await secrets(uuid)).toEqual(['BOOTSTRAP_TOKEN']);
  });

  it('fact 17: without a token the answer to GetBootstrapToken is empty', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS' });
    const answer = await device.getBootstrapToken();
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });

  it.each([
    ['no token', {}],
    ['a token of zero bytes', { BootstrapToken: Buffer.alloc(0) }],
  ])('fact 17: SetBootstrapToken with %s deletes it', async (_what, message) => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    await device.setBootstrapToken();
    expect((await device.checkIn('SetBootstrapToken', message)).status).toBe(200);
    expect((await device.getBootstrapToken()).token).toBeUndefined();
    expect(await secrets(uuid)).toEqual([]);
  });

  it('fact 17: a user channel has no bootstrap token of its own and does not touch the device’s', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS' });
    await device.setBootstrapToken();
    const user = device.user(ALICE);
    await user.tokenUpdate();
    expect((await user.checkIn('SetBootstrapToken', { BootstrapToken: Buffer.from('user') })).status).toBe(
      200,
    );
    expect((await user.checkIn('GetBootstrapToken')).body).toHaveLength(0);
    expect((await device.getBootstrapToken()).token).toEqual(device.state.bootstrapToken);
  });

  it('fact 18: GetToken is not handled, and says so', async () => {
    const { device } = await mdm.enrolled();
    for (const TokenServiceType of ['com.apple.maid', 'com.apple.watch.pairing']) {
      const answer = await device.checkIn('GetToken', { TokenServiceType });
      expect([answer.status, answer.body.toString()]).toEqual([
        400,
        expect.stringContaining('GetToken is not handled'),
      ]);
    }
  });

  it('what a message must have is asked for in words', async () => {
    const { device } = await mdm.enrolled();
    const cases: [Record<string, string | number | Buffer>, string][] = [
      [{ MessageType: 'Authenticate', UDID: device.facts.udid }, 'Topic is missing'],
      [{ MessageType: 'TokenUpdate', UDID: device.facts.udid, Topic: TOPIC }, 'Token is missing'],
      [
        { MessageType: 'TokenUpdate', UDID: device.facts.udid, Topic: TOPIC, Token: 'text' },
        'Token is a string, not data',
      ],
      [{ MessageType: 'Authenticate', Topic: TOPIC }, 'Neither UDID nor EnrollmentID is present'],
      [{ MessageType: 'Authenticate', Topic: TOPIC, UDID: 7 }, 'UDID is a number, not a string'],
    ];
    for (const [message, words] of cases) {
      const answer = await device.sendRaw('/mdm/checkin', buildPlist(message), CHECK_IN);
      expect([answer.status, answer.body.toString()]).toEqual([400, `${words}\n`]);
    }
  });

  describe('where network users are managed', () => {
    const managing = useMdm(name, { MANAGE_NETWORK_USERS: 'true' });

    it('fact 16: the first UserAuthenticate is answered with a challenge, the second with nothing', async () => {
      const { device } = await managing.enrolled({ platform: 'macOS' });
      const user = device.user(ALICE);
      const challenge = await user.userAuthenticate();
      expect([challenge.status, challenge.body.toString()]).toEqual([
        200,
        expect.stringContaining('DigestChallenge'),
      ]);
      const done = await user.userAuthenticate('response');
      expect([done.status, done.body.length]).toEqual([200, 0]);
      expect((await user.tokenUpdate()).status).toBe(200);
    });
  });
});
