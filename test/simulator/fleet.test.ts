import { EventEmitter, once } from 'node:events';
import { connect } from 'node:http2';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeApns } from '../../simulator/apns/index.js';
import { Fleet, type Channel, type FleetOptions, type Push } from '../../simulator/device/index.js';
import { issueServerCertificate } from '../../simulator/pki.js';
import { TOPIC, useKit } from './kit.js';

const kit = useKit();
const fleets: Fleet[] = [];

function createFleet(count: number, options: Partial<FleetOptions> = {}): Fleet {
  const { authority, server } = kit;
  const fleet = Fleet.create(count, { serverUrl: server.url, authority, topic: TOPIC, ...options });
  fleets.push(fleet);
  return fleet;
}

const pushTo = ({ state }: Channel): Push => ({
  token: state.pushToken!.toString('hex'),
  pushMagic: state.pushMagic!,
});

/** Pushes as a server does, and resolves when the APNs has answered. */
async function push(url: string, ca: string, { token, pushMagic }: Push): Promise<void> {
  const session = connect(url, { ca });
  const request = session.request({
    ':method': 'POST',
    ':path': `/3/device/${token}`,
    'apns-topic': TOPIC,
    'apns-push-type': 'mdm',
    'apns-priority': '10',
    'apns-expiration': '0',
  });
  request.end(JSON.stringify({ mdm: pushMagic }));
  const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
  expect(headers[':status']).toBe(200);
  session.close();
}

afterEach(() => {
  for (const fleet of fleets.splice(0)) fleet.close();
});

describe('a fleet', () => {
  it('enrols, on few sockets, each device under its own identity', async () => {
    const fleet = createFleet(40, { maxSockets: 4 });
    await fleet.enrollAll(20);
    expect(fleet.devices.every(({ state }) => state.enrolled)).toBe(true);
    expect(kit.server.on('/mdm/checkin')).toHaveLength(80);
    expect(kit.server.socketCount).toBeLessThanOrEqual(4);
    expect(new Set(fleet.devices.map(({ facts }) => facts.udid)).size).toBe(40);
    const certificate = new X509Certificate(fleet.devices[7]!.identity.certDer);
    expect(certificate.subject).toBe(`CN=${fleet.devices[7]!.facts.udid}`);
    expect(certificate.verify(new X509Certificate(kit.authority.certDer).publicKey)).toBe(true);
  });

  it('is the same devices again for the same seed', () => {
    const names = (options?: Partial<FleetOptions>) =>
      createFleet(2, options).devices.map(({ facts }) => [facts.udid, facts.serialNumber]);
    expect(names()).toEqual(names());
    expect(names({ seed: 'other' })).not.toEqual(names());
    expect(names({ platform: 'macOS' })[0]![0]).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });

  it('says which device was not enrolled', async () => {
    const fleet = createFleet(3);
    kit.server.replyOnce({ status: 503, body: Buffer.from('busy') });
    await expect(fleet.enrollAll(1)).rejects.toThrow(
      `${fleet.devices[0]!.facts.udid} was not enrolled: 503 busy`,
    );
  });

  it('connects, all of it', async () => {
    const fleet = createFleet(5);
    await fleet.enrollAll();
    const logs = await fleet.connectAll(2);
    expect(logs.map(({ end }) => end)).toEqual(['empty', 'empty', 'empty', 'empty', 'empty']);
  });

  it('wakes who is pushed to, users and new tokens too', async () => {
    const fleet = createFleet(3, { platform: 'macOS' });
    await fleet.enrollAll();
    const [, second, third] = fleet.devices;
    const user = second!.user({ userId: 'u', shortName: 's', longName: 'l' });
    await user.tokenUpdate();
    const apns = new EventEmitter();
    const stop = fleet.wakeOn(apns);
    apns.emit('push', pushTo(user));
    apns.emit('push', pushTo(third!));
    apns.emit('push', { token: '00', pushMagic: third!.state.pushMagic });
    await fleet.settled();
    const asked = () =>
      kit.server.on('/mdm/connect').map(({ message }) => [message['UDID'], message['UserID']]);
    expect(asked()).toHaveLength(2);
    expect(asked()).toEqual(
      expect.arrayContaining([
        [second!.facts.udid, 'u'],
        [third!.facts.udid, undefined],
      ]),
    );
    const old = pushTo(third!);
    await third!.tokenUpdate({ newToken: true });
    apns.emit('push', old);
    apns.emit('push', pushTo(third!));
    await fleet.settled();
    expect(asked()).toHaveLength(3);
    stop();
    apns.emit('push', pushTo(third!));
    await fleet.settled();
    expect(asked()).toHaveLength(3);
    expect(fleet.ignoredPushes).toBe(0);
  });

  it("counts pushes that carry another channel's magic", async () => {
    const fleet = createFleet(1, { platform: 'macOS' });
    await fleet.enrollAll();
    const [device] = fleet.devices;
    const user = device!.user({ userId: 'u', shortName: 's', longName: 'l' });
    await user.tokenUpdate();
    const apns = new EventEmitter();
    fleet.wakeOn(apns);
    apns.emit('push', { ...pushTo(user), pushMagic: device!.state.pushMagic });
    await fleet.settled();
    expect(fleet.ignoredPushes).toBe(1);
    expect(kit.server.on('/mdm/connect')).toEqual([]);
  });

  it('is woken by the fake APNs', async () => {
    const serverCert = issueServerCertificate(kit.authority);
    const apns = await FakeApns.start({ serverCert });
    const fleet = createFleet(2);
    await fleet.enrollAll();
    fleet.wakeOn(apns);
    await push(apns.url, kit.authority.certPem, pushTo(fleet.devices[1]!));
    await fleet.settled();
    expect(kit.server.on('/mdm/connect').map(({ message }) => message['UDID'])).toEqual([
      fleet.devices[1]!.facts.udid,
    ]);
    await apns.close();
  });

  it('keeps account of connections that failed', async () => {
    const fleet = createFleet(1);
    await fleet.enrollAll();
    const [device] = fleet.devices;
    const apns = new EventEmitter();
    fleet.wakeOn(apns);
    kit.server.replyOnce({ body: Buffer.from('no command') });
    apns.emit('push', pushTo(device!));
    await fleet.settled();
    expect(fleet.failures).toEqual([{ channel: device, error: expect.any(Error) }]);
  });
});
