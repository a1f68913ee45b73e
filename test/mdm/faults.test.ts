import { expect, it } from 'vitest';
import type { App } from '../../src/app.js';
import { EventType } from '../../src/events/index.js';
import { onBothDatabases } from '../support/databases.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TOPIC } from '../apns/setup.js';
import { handedOut, useMdm } from './kit.js';

onBothDatabases('A database that fails', (name) => {
  const mdm = useMdm(name);

  /** A second process, and how to take its database away. */
  async function withFault(): Promise<{ app: App; fault: () => Promise<void>; end: () => Promise<unknown> }> {
    if (name === 'sqlite') {
      const app = await mdm.open();
      // What it does last cannot be written any more.
      return { app, fault: () => app.database.close(), end: () => app.stop().catch(() => undefined) };
    }
    const url = mdm.store.url!;
    const proxy = await TcpProxy.before(url);
    const app = await mdm.open({ DATABASE_URL: proxy.through(url) });
    const end = async (): Promise<void> => {
      await proxy.restore();
      await app.stop();
      await proxy.close();
    };
    return { app, fault: () => proxy.vanish(), end };
  }

  it('fact 4: every message is answered 503 with Retry-After, and nobody is un-enrolled', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const command = await mdm.send(uuid, 'RestartDevice');
    const { app, fault, end } = await withFault();
    const there = mdm.device({
      serverUrl: app.url,
      identity: device.identity,
      udid: device.facts.udid,
      platform: 'macOS',
    });
    const user = there.user({ userId: 'u', shortName: 'u', longName: 'U' });
    const stranger = mdm.device({ serverUrl: app.url });
    await fault();
    const token = { Topic: TOPIC, Token: Buffer.alloc(32), PushMagic: 'm' };
    const answers = await Promise.all([
      there.idle(),
      user.idle(),
      stranger.idle(),
      there.report('Acknowledged', command.uuid),
      there.report('NotNow', command.uuid),
      there.sendRaw('/mdm/connect', Buffer.from('rubbish'), {
        'content-type': 'application/x-apple-aspen-mdm',
      }),
      there.authenticate(),
      stranger.authenticate(),
      there.checkIn('TokenUpdate', token),
      user.checkIn('TokenUpdate', token),
      there.checkIn('CheckOut', { Topic: TOPIC }),
      there.setBootstrapToken(),
      there.getBootstrapToken(),
      user.userAuthenticate(),
    ]);
    for (const { status, headers, body } of answers) {
      expect([status, headers['retry-after'], body.toString()]).toEqual([
        503,
        '30',
        'Not available now; try again.\n',
      ]);
    }
    await end();
    expect(await mdm.status(command)).toBe('QUEUED');
    expect((await device.connect()).commands.map((one) => one.uuid)).toEqual([command.uuid]);
  });

  it('fact 3: a report that could not be taken is sent again by the device, and counts once', async () => {
    const { device, uuid } = await mdm.enrolled();
    const command = await mdm.send(uuid, 'RestartDevice');
    const { app, fault, end } = await withFault();
    const there = mdm.device({ serverUrl: app.url, identity: device.identity, udid: device.facts.udid });
    await there.tokenUpdate();
    expect((await there.idle()).command?.uuid).toBe(command.uuid);
    await fault();
    expect((await there.report('Acknowledged', command.uuid)).status).toBe(503);
    await end();
    expect((await device.report('Acknowledged', command.uuid)).status).toBe(200);
    expect((await device.report('Acknowledged', command.uuid)).status).toBe(200);
    const told = (await mdm.events(EventType.COMMAND_UPDATED, command.uuid)).map((data) => data['status']);
    expect(told.filter((status) => status === 'ACKNOWLEDGED')).toHaveLength(1);
    expect(handedOut(await device.connect())).toEqual([]);
  });
});
