import { expect, it } from 'vitest';
import type { Channel as ChannelRow } from '../../src/entities/channel.js';
import { SHARED_IPAD_USER_ID, type Channel } from '../../simulator/device/index.js';
import { onBothDatabases } from '../support/databases.js';
import { profile } from '../simulator/kit.js';
import { handedOut, useMdm } from './kit.js';

const ALICE = { userId: 'alice-id', shortName: 'alice', longName: 'Alice' };
const BOB = { userId: 'bob-id', shortName: 'bob', longName: 'Bob' };

onBothDatabases('User channels', (name) => {
  const mdm = useMdm(name);

  const userChannels = async (uuid: string): Promise<ChannelRow[]> =>
    (await mdm.services.devices.channelsOf([uuid])).filter(({ kind }) => kind === 'USER');

  /** Commands for users come from enrolment alone so far: one for the device is moved to the user's queue. */
  async function sendToUser(uuid: string, requestType: string): Promise<string> {
    const command = await mdm.send(uuid, requestType);
    const [user] = await userChannels(uuid);
    await mdm.app.database.run(
      'UPDATE commands SET channel_uuid = ?, queue_channel_uuid = ? WHERE uuid = ?',
      [user?.uuid ?? '', user?.uuid ?? '', command.uuid],
    );
    return command.uuid;
  }

  const pushesTo = (channel: Channel): string[] => {
    const token = channel.state.pushToken?.toString('hex');
    return mdm.apns.received.filter((push) => push.token === token).map(({ pushMagic }) => pushMagic);
  };

  it('fact 28: a user’s channel is pushed with its own token and its own magic', async () => {
    const { device } = await mdm.enrolled();
    const user = device.user({ userId: SHARED_IPAD_USER_ID, shortName: 'alice', longName: 'Alice' });
    await user.tokenUpdate({ awaitingConfiguration: true });
    await mdm.until(async () => pushesTo(user).length > 0);
    expect(new Set(pushesTo(user))).toEqual(new Set([user.state.pushMagic]));
    expect(user.state.pushMagic).not.toBe(device.state.pushMagic);
    expect(pushesTo(device)).toEqual([]);
  });

  it('fact 12: a Shared iPad’s user who awaits configuration is sent UserConfigured, on that channel', async () => {
    const { device } = await mdm.enrolled();
    const user = device.user({ userId: SHARED_IPAD_USER_ID, shortName: 'bob', longName: 'Bob' });
    await user.tokenUpdate({ awaitingConfiguration: true });
    await user.tokenUpdate({ awaitingConfiguration: true });
    expect(handedOut(await device.connect())).toEqual([]);
    expect(handedOut(await user.connect())).toEqual(['UserConfigured']);
    expect(handedOut(await user.connect())).toEqual([]);
  });

  it('fact 14: two Macs that share a network user have a channel each', async () => {
    const macs = [await mdm.enrolled({ platform: 'macOS' }), await mdm.enrolled({ platform: 'macOS' })];
    for (const { device } of macs) expect((await device.user(ALICE).tokenUpdate()).status).toBe(200);
    const channels = await Promise.all(macs.map(({ uuid }) => userChannels(uuid)));
    expect(channels.map((list) => list.length)).toEqual([1, 1]);
    const command = await sendToUser(macs[0]!.uuid, 'ProfileList');
    expect(handedOut(await macs[1]!.device.user(ALICE).connect())).toEqual([]);
    expect((await macs[0]!.device.user(ALICE).connect()).commands.map(({ uuid }) => uuid)).toEqual([command]);
  });

  it('fact 14: the users of a Shared iPad are told apart by their short names', async () => {
    const { device, uuid } = await mdm.enrolled();
    for (const shortName of ['alice', 'bob']) {
      const user = device.user({ userId: SHARED_IPAD_USER_ID, shortName, longName: shortName });
      expect((await user.tokenUpdate()).status).toBe(200);
    }
    expect((await userChannels(uuid)).map(({ userShortName }) => userShortName)).toEqual(['alice', 'bob']);
    const nameless = device.user({ userId: SHARED_IPAD_USER_ID, shortName: '', longName: 'X' });
    const refused = await nameless.tokenUpdate();
    expect([refused.status, refused.body.toString()]).toEqual([
      400,
      "A Shared iPad's user has no UserShortName\n",
    ]);
  });

  it("a user enrolment that calls itself by a device's UDID leaves the device its channel", async () => {
    const udid = `SQUATTED-${name}`;
    const squatter = mdm.device({ userEnrollment: true, enrollmentId: udid });
    expect((await squatter.enroll()).status).toBe(200);
    const device = mdm.device({ udid });
    expect((await device.enroll()).status).toBe(200);
    expect((await device.idle()).status).toBe(200);
    expect((await squatter.idle()).status).toBe(200);
  });

  it('fact 14: a user of a User Enrollment has an EnrollmentUserID', async () => {
    const { device, uuid } = await mdm.enrolled({ userEnrollment: true, platform: 'macOS' });
    expect((await device.user(ALICE).tokenUpdate()).status).toBe(200);
    const [channel] = await userChannels(uuid);
    expect(channel).toMatchObject({ enrollmentKey: `:${device.facts.enrollmentId}:alice-id`, enabled: true });
  });

  it('a user’s queue and the device’s do not mix', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const user = device.user(ALICE);
    await user.tokenUpdate();
    await sendToUser(uuid, 'ProfileList');
    await mdm.send(uuid, 'SecurityInfo');
    expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
    expect(handedOut(await user.connect())).toEqual(['ProfileList']);
  });

  it('a device’s channel cannot answer for its user, nor one user for another', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    await device.user(ALICE).tokenUpdate();
    await device.user(BOB).tokenUpdate();
    const command = await sendToUser(uuid, 'ProfileList');
    for (const other of [device, device.user(BOB)]) {
      expect((await other.report('Acknowledged', command)).status).toBe(200);
      expect(await mdm.status({ uuid: command })).toBe('QUEUED');
    }
    await device.user(ALICE).report('Acknowledged', command);
    expect(await mdm.status({ uuid: command })).toBe('ACKNOWLEDGED');
  });

  it('what a user’s channel lists is not taken for the device’s', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const made = await mdm.services.profiles.create({ content: profile(`user.${uuid}`) });
    const workflow = await mdm.services.workflows.create({ name: `user ${uuid}`, profileUuids: [made.uuid] });
    await mdm.services.deployments.assign([uuid], workflow.uuid);
    await device.connect();
    await device.user(ALICE).tokenUpdate();
    await sendToUser(uuid, 'ProfileList');
    await device.user(ALICE).connect();
    expect((await mdm.services.deployments.itemsOf([uuid])).map(({ status }) => status)).toEqual([
      'INSTALLED',
    ]);
    expect((await mdm.services.inventory.read([uuid], 'PROFILE_LIST')).size).toBe(0);
  });

  it('a user signs in only on a device that is enrolled', async () => {
    const device = mdm.device({ platform: 'macOS' });
    await device.authenticate();
    const user = device.user(ALICE);
    expect((await user.tokenUpdate()).status).toBe(200);
    expect((await user.idle()).body).toHaveLength(0);
    await device.tokenUpdate();
    expect((await user.idle()).status).toBe(200);
  });
});
