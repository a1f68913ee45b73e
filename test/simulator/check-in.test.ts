import { describe, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import { SHARED_IPAD_USER_ID } from '../../simulator/device/index.js';
import { issueDeviceIdentity } from '../../simulator/pki.js';
import { TOPIC, profile, useKit } from './kit.js';

const kit = useKit();

const lastMessage = () => kit.server.requests.at(-1)!.message;

const keys = () => Object.keys(lastMessage()).sort();

describe('Authenticate', () => {
  it('is what an iOS device says', async () => {
    const device = kit.device({ udid: 'U', serialNumber: 'S', osVersion: '18.2', imei: '35' });
    await device.authenticate();
    expect(lastMessage()).toEqual({
      MessageType: 'Authenticate',
      Topic: TOPIC,
      UDID: 'U',
      SerialNumber: 'S',
      OSVersion: '18.2',
      BuildVersion: '22B83',
      ProductName: 'iPhone15,2',
      IMEI: '35',
    });
    expect(device.state.enrolled).toBe(false);
  });

  it('also names the device on macOS', async () => {
    await kit.device({ platform: 'macOS', deviceName: 'Desk' }).authenticate();
    expect(lastMessage()).toMatchObject({ DeviceName: 'Desk', Model: 'Mac15,3', ModelName: 'MacBook Pro' });
  });

  it('hides the hardware in a User Enrollment', async () => {
    await kit.device({ userEnrollment: true, enrollmentId: 'E', imei: '35' }).authenticate();
    expect(keys()).toEqual([
      'BuildVersion',
      'EnrollmentID',
      'MessageType',
      'OSVersion',
      'ProductName',
      'Topic',
    ]);
    expect(lastMessage()['EnrollmentID']).toBe('E');
  });

  it('makes up a UDID of the platform, another for each device', () => {
    const ios = [kit.device(), kit.device()].map((device) => device.facts.udid);
    expect(ios[0]).toMatch(/^[0-9A-F]{8}-[0-9A-F]{16}$/);
    expect(ios[0]).not.toBe(ios[1]);
    expect(kit.device({ platform: 'macOS' }).facts.udid).toMatch(
      /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/,
    );
  });
});

describe('TokenUpdate', () => {
  it('brings token, magic and, the first time on iOS, an unlock token', async () => {
    const device = kit.device();
    await device.enroll();
    const { state } = device;
    expect(state.enrolled).toBe(true);
    expect(lastMessage()).toEqual({
      MessageType: 'TokenUpdate',
      Topic: TOPIC,
      UDID: device.facts.udid,
      Token: state.pushToken,
      PushMagic: state.pushMagic,
      UnlockToken: state.unlockToken,
      AwaitingConfiguration: false,
    });
    expect(state.pushToken).toHaveLength(32);
    const first = lastMessage();
    await device.tokenUpdate();
    expect(keys()).not.toContain('UnlockToken');
    expect(lastMessage()['Token']).toEqual(first['Token']);
    await device.tokenUpdate({ newToken: true, unlockToken: Buffer.from('unlock') });
    expect(lastMessage()['Token']).not.toEqual(first['Token']);
    expect(lastMessage()['PushMagic']).toBe(state.pushMagic);
    expect(lastMessage()['PushMagic']).not.toBe(first['PushMagic']);
    expect(lastMessage()['UnlockToken']).toEqual(Buffer.from('unlock'));
  });

  it.each([{ platform: 'macOS' as const }, { userEnrollment: true }])(
    'has no unlock token for %o',
    async (options) => {
      await kit.device(options).enroll();
      expect(keys()).not.toContain('UnlockToken');
    },
  );

  it('is not sent when Authenticate was refused', async () => {
    const device = kit.device();
    kit.server.replyOnce({ status: 500 });
    expect((await device.enroll()).status).toBe(500);
    expect(kit.server.requests).toHaveLength(1);
    expect(device.state.enrolled).toBe(false);
  });

  it('does not enrol when it was refused itself', async () => {
    const device = kit.device();
    kit.server.replyOnce({});
    kit.server.replyOnce({ status: 500 });
    await device.enroll();
    expect(device.state.enrolled).toBe(false);
    await expect(device.connect()).rejects.toThrow(/not enrolled/);
  });
});

describe('the ends of an enrolment', () => {
  it('a wiped device awaits configuration, with new tokens and nothing installed', async () => {
    const device = await kit.enrolled();
    kit.server.enqueue('InstallProfile', { Payload: profile('a') });
    await device.connect();
    const before = { ...device.state };
    const identity = issueDeviceIdentity(kit.authority, 'second life', { keyType: 'ec' });
    device.wipe({ identity });
    expect(device.state.profiles.size).toBe(0);
    expect(device.state.enrolled).toBe(false);
    await device.enroll();
    expect(lastMessage()['AwaitingConfiguration']).toBe(true);
    expect(device.state.pushMagic).not.toBe(before.pushMagic);
    expect(device.state.unlockToken).not.toEqual(before.unlockToken);
    expect(device.identity).toBe(identity);
    kit.server.enqueue('DeviceConfigured');
    await device.connect();
    expect(device.state).toMatchObject({ life: 2, awaitingConfiguration: false, configured: true });
    expect(device.state.received.map(({ requestType, life }) => [requestType, life])).toEqual([
      ['InstallProfile', 1],
      ['DeviceConfigured', 2],
    ]);
  });

  it('CheckOut takes the users and the profiles along', async () => {
    const device = await kit.enrolled({ platform: 'macOS' });
    const user = device.user({ userId: 'u', shortName: 'ada', longName: 'Ada' });
    await user.tokenUpdate();
    kit.server.enqueue('InstallProfile', { Payload: profile('a') });
    await device.connect();
    kit.server.replyOnce({ status: 500 });
    await device.checkOut();
    expect(lastMessage()).toEqual({ MessageType: 'CheckOut', Topic: TOPIC, UDID: device.facts.udid });
    expect([device.state.enrolled, user.state.enrolled, device.state.profiles.size]).toEqual([
      false,
      false,
      0,
    ]);
  });

  it.each([
    ['401', { status: 401 }, 401],
    [
      '403 of an unrecognized device',
      { status: 403, body: buildPlist({ code: 'com.apple.unrecognized.device' }) },
      403,
    ],
  ])('%s to any request removes the enrolment', async (_name, reply, dismissedBy) => {
    const device = await kit.enrolled();
    kit.server.replyOnce(reply);
    expect((await device.connect()).end).toBe('dismissed');
    expect(device.state).toMatchObject({ enrolled: false, dismissedBy, pushMagic: undefined });
  });

  it.each([400, 403, 404, 500, 503])('%d does not', async (status) => {
    const device = await kit.enrolled();
    kit.server.replyOnce({ status });
    expect((await device.connect()).end).toBe('refused');
    expect([device.state.enrolled, device.state.dismissedBy]).toEqual([true, undefined]);
  });

  it('a renewal checks in again with the new certificate and keeps what is installed', async () => {
    const device = await kit.enrolled({ enrollmentProfile: profile('enrollment') });
    expect([...device.state.profiles.keys()]).toEqual(['enrollment']);
    kit.server.enqueue('InstallProfile', { Payload: profile('enrollment', { uuid: 'renewed' }) });
    await device.connect();
    const magic = device.state.pushMagic;
    kit.server.requests.length = 0;
    await device.renew(issueDeviceIdentity(kit.authority, 'renewed', { keyType: 'ec' }));
    expect(kit.server.requests.map(({ message }) => message['MessageType'])).toEqual([
      'Authenticate',
      'TokenUpdate',
    ]);
    expect(device.state.profiles.get('enrollment')?.uuid).toBe('renewed');
    expect(device.state.pushMagic).toBe(magic);
    expect(keys()).not.toContain('UnlockToken');
  });
});

describe('tokens', () => {
  it('sets, deletes and gets the bootstrap token', async () => {
    const device = kit.device({ platform: 'macOS' });
    await device.setBootstrapToken();
    expect(lastMessage()['BootstrapToken']).toEqual(device.state.bootstrapToken);
    await device.setBootstrapToken(null);
    expect(keys()).toEqual(['MessageType', 'UDID']);
    expect(device.state.bootstrapToken).toBeUndefined();
    expect((await device.getBootstrapToken()).token).toBeUndefined();
    kit.server.replyOnce({ body: buildPlist({ BootstrapToken: Buffer.alloc(0) }) });
    expect((await device.getBootstrapToken()).token).toBeUndefined();
    kit.server.replyOnce({ body: buildPlist({ BootstrapToken: Buffer.from('kept') }) });
    expect((await device.getBootstrapToken()).token).toEqual(Buffer.from('kept'));
  });

  it('sends any other check-in with its identifiers', async () => {
    await kit.device({ udid: 'U' }).checkIn('GetToken', { TokenServiceType: 'com.apple.maid' });
    expect(lastMessage()).toEqual({ MessageType: 'GetToken', UDID: 'U', TokenServiceType: 'com.apple.maid' });
  });
});

describe('users', () => {
  const ada = { userId: '9A', shortName: 'ada', longName: 'Ada L.' };

  it('have a token, a magic and profiles of their own', async () => {
    const device = await kit.enrolled({ platform: 'macOS', udid: 'U' });
    const user = device.user(ada);
    await user.tokenUpdate();
    expect(lastMessage()).toEqual({
      MessageType: 'TokenUpdate',
      Topic: TOPIC,
      UDID: 'U',
      UserID: '9A',
      UserShortName: 'ada',
      UserLongName: 'Ada L.',
      NotOnConsole: false,
      Token: user.state.pushToken,
      PushMagic: user.state.pushMagic,
    });
    expect(user.state.pushMagic).not.toBe(device.state.pushMagic);
    kit.server.enqueue('InstallProfile', { Payload: profile('a') });
    await user.connect();
    expect(lastMessage()).toMatchObject({ Status: 'Acknowledged', UDID: 'U', UserID: '9A' });
    expect([user.state.profiles.size, device.state.profiles.size]).toEqual([1, 0]);
    expect(device.user(ada)).toBe(user);
    await user.checkOut();
    expect(lastMessage()).toMatchObject({ MessageType: 'CheckOut', UserID: '9A' });
    expect([user.state.enrolled, device.state.enrolled]).toEqual([false, true]);
  });

  it('of a Shared iPad are told apart by their short name', async () => {
    const device = await kit.enrolled();
    const users = ['ada', 'bob'].map((shortName) =>
      device.user({ userId: SHARED_IPAD_USER_ID, shortName, longName: shortName }),
    );
    for (const user of users) await user.tokenUpdate({ awaitingConfiguration: true });
    expect(users[0]!.state.pushMagic).not.toBe(users[1]!.state.pushMagic);
    expect(lastMessage()).toMatchObject({
      UserID: SHARED_IPAD_USER_ID,
      UserShortName: 'bob',
      AwaitingConfiguration: true,
    });
  });

  it('of a User Enrollment have an EnrollmentUserID', async () => {
    const device = await kit.enrolled({ platform: 'macOS', userEnrollment: true, enrollmentId: 'E' });
    await device.user(ada).tokenUpdate();
    expect(lastMessage()).toMatchObject({ EnrollmentID: 'E', EnrollmentUserID: '9A' });
    expect(keys()).not.toContain('UserID');
    expect(keys()).not.toContain('UDID');
  });

  it('ask to be managed before they are', async () => {
    const user = kit.device({ platform: 'macOS', udid: 'U' }).user(ada);
    kit.server.replyOnce({ status: 410 });
    expect((await user.userAuthenticate()).status).toBe(410);
    await user.userAuthenticate('digest');
    expect(lastMessage()).toEqual({
      MessageType: 'UserAuthenticate',
      UDID: 'U',
      UserID: '9A',
      UserShortName: 'ada',
      UserLongName: 'Ada L.',
      DigestResponse: 'digest',
    });
  });

  it('are woken by their own magic', async () => {
    const device = await kit.enrolled({ platform: 'macOS' });
    const user = device.user(ada);
    await user.tokenUpdate();
    kit.server.requests.length = 0;
    await device.onPush(user.state.pushMagic!);
    expect(kit.server.requests.map(({ message }) => message['UserID'])).toEqual(['9A']);
  });
});
