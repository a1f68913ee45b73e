import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { buildPlist, type PlistDict } from '../../src/apple/plist/index.js';
import { Connections, type PreparedRequest, type SimulatedDevice } from '../../simulator/device/index.js';
import { onBothDatabases } from '../support/databases.js';
import { handedOut, useMdm } from './kit.js';

const CONNECT = { 'content-type': 'application/x-apple-aspen-mdm; charset=UTF-8' };
const MIB = 1024 * 1024;

type Spoil = (report: Buffer, device: SimulatedDevice) => Buffer;

const cutBefore = (report: Buffer, text: string): Buffer => report.subarray(0, report.indexOf(text));
const replaced = (report: Buffer, what: RegExp, by: string): Buffer =>
  Buffer.from(report.toString().replace(what, by));

/** Ways in which a report cannot be read. The last do not even say which device or which command it is about. */
const SPOILT: Record<string, Spoil> = {
  'an element that is not closed': (report) => replaced(report, /<\/dict>\s*<\/plist>/, '</plist>'),
  'an entity that is not declared': (report) =>
    replaced(report, /<dict>/, '<dict><key>A</key><string>&bomb;</string>'),
  'a Status that is a number': (report) =>
    replaced(report, /<string>Acknowledged<\/string>/, '<integer>7</integer>'),
  'a Status nobody knows': (report) => replaced(report, />Acknowledged</, '>Perhaps<'),
  'an array deeper than any limit': (report) =>
    replaced(report, /<dict>/, `<dict><key>Deep</key>${'<array>'.repeat(3_000)}${'</array>'.repeat(3_000)}`),
  'its end missing': (report) => report.subarray(0, -30),
  'all after CommandUUID missing, the device included': (report) => cutBefore(report, '<key>Status'),
  'a UDID that is a number': (report) =>
    replaced(report, /<key>UDID<\/key>\s*<string>[^<]*<\/string>/, '<key>UDID</key><integer>1</integer>'),
  'nothing but rubbish': () => randomBytes(200),
  'nothing at all': () => Buffer.alloc(0),
  'an array at the top': () => buildPlist(['Acknowledged']),
};

onBothDatabases('Reports', (name) => {
  const mdm = useMdm(name);

  it.each(Object.entries(SPOILT))(
    'fact 3: a report with %s is kept raw, fails its command visibly, and the device goes on',
    async (_what, spoil) => {
      const { device, uuid } = await mdm.enrolled();
      let sent: Buffer = Buffer.alloc(0);
      device.behave('CertificateList', ({ uuid: commandUUID }) => {
        const { udid } = device.facts;
        sent = spoil(
          buildPlist({ CommandUUID: commandUUID, CertificateList: [], Status: 'Acknowledged', UDID: udid }),
          device,
        );
        return { undecodable: sent };
      });
      const command = await mdm.send(uuid, 'CertificateList');
      await mdm.send(uuid, 'RestartDevice');
      const logs = [await device.connect(), await device.connect()];
      expect(new Set(logs.flatMap(({ exchanges }) => exchanges.map(({ answer }) => answer.status)))).toEqual(
        new Set([200]),
      );
      expect(logs.flatMap(handedOut)).toEqual(['CertificateList', 'RestartDevice']);
      const { status, errors, seq } = await mdm.command(command);
      expect([status, errors?.[0]?.usEnglishDescription]).toEqual([
        'ERROR',
        expect.stringMatching(/^The device's report could not be read: .+\. It is kept as it came\.$/),
      ]);
      const [row] = await mdm.query<{ report: Uint8Array }>('SELECT report FROM commands WHERE seq = ?', [
        seq,
      ]);
      expect(inflateSync(row?.report ?? Buffer.alloc(0))).toEqual(sent);
    },
  );

  it('a report nobody can read, from a device that owes none, is kept raw, and the device is not asked again', async () => {
    const { device, uuid } = await mdm.enrolled();
    expect((await device.sendRaw('/mdm/connect', Buffer.from('rubbish'), CONNECT)).status).toBe(200);
    const named = buildPlist({ Status: 'Perhaps', UDID: device.facts.udid });
    expect((await device.sendRaw('/mdm/connect', named, CONNECT)).status).toBe(200);
    const rows = await mdm.query<{ reason: string }>(
      'SELECT reason FROM unreadable_reports WHERE device_uuid = ? ORDER BY seq',
      [uuid],
    );
    expect(rows.map(({ reason }) => reason)).toEqual([
      expect.any(String),
      expect.stringContaining('Perhaps'),
    ]);
  });

  it('a report nobody can read does not fail what another channel of the device was handed', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    const user = device.user({ userId: 'u', shortName: 'u', longName: 'U' });
    await user.tokenUpdate();
    const command = await mdm.send(uuid, 'SecurityInfo');
    await device.idle();
    await mdm.until(async () => (await mdm.status(command)) === 'SENT');
    const ofUser = user.prepareReport('Acknowledged', 'x').body;
    expect((await user.sendRaw('/mdm/connect', ofUser.subarray(0, -20), CONNECT)).status).toBe(200);
    expect(await mdm.status(command)).toBe('SENT');
  });

  it('answers become inventory and columns of the device, and replace the former ones', async () => {
    const { device, uuid } = await mdm.enrolled({ deviceName: 'Before', supervised: true });
    const queries = { parameters: { Queries: ['DeviceName', 'OSVersion', 'IsSupervised'] } };
    await mdm.send(uuid, 'DeviceInformation', queries);
    await mdm.send(uuid, 'InstalledApplicationList');
    await device.connect();
    expect(await mdm.services.devices.find({ uuid })).toMatchObject({
      name: 'Before',
      osVersion: '18.1',
      supervised: true,
    });
    const read = async () =>
      (await mdm.services.inventory.read<unknown[]>([uuid], 'INSTALLED_APPLICATION_LIST')).get(uuid);
    expect((await read())?.content).toHaveLength(3);
    device.behave('InstalledApplicationList', {
      acknowledge: { InstalledApplicationList: [{ Identifier: 'one' }] },
    });
    await mdm.send(uuid, 'InstalledApplicationList');
    await device.connect();
    expect((await read())?.content).toHaveLength(1);
  });

  const strange: [string, string, PlistDict][] = [
    [
      'DeviceInformation',
      'wrong types',
      { QueryResponses: { DeviceName: 7, OSVersion: ['x'], IsSupervised: 'yes', Model: {} } },
    ],
    ['DeviceInformation', 'no answer', {}],
    [
      'DeviceInformation',
      'long texts',
      { QueryResponses: { DeviceName: '😀'.repeat(400), OSVersion: 'v'.repeat(500), IMEI: '9'.repeat(90) } },
    ],
    ['ProfileList', 'wrong types', { ProfileList: [7, 'x', { PayloadIdentifier: 1 }, {}] }],
    ['InstalledApplicationList', 'wrong types', { InstalledApplicationList: { a: 1 } }],
    [
      'InstalledApplicationList',
      'odd entries',
      { InstalledApplicationList: [{ Identifier: 'a\u2028b' }, 3, { Identifier: 9 }] },
    ],
    [
      'CertificateList',
      'no certificates',
      { CertificateList: [{ Data: Buffer.from('no certificate') }, { IsIdentity: 3 }] },
    ],
    ['SecurityInfo', 'an array', { SecurityInfo: ['x'] }],
    ['InstallApplication', 'a long identifier', { Identifier: 'i'.repeat(2_000) }],
    ['InstallApplication', 'a number', { Identifier: 12 }],
  ];
  it.each(strange)(
    'an answer to %s with %s is taken, and the device goes on',
    async (requestType, _what, answer) => {
      const { device, uuid } = await mdm.enrolled();
      device.behave(requestType, { acknowledge: answer });
      const parameters = {
        DeviceInformation: { Queries: ['DeviceName'] },
        InstallApplication: { iTunesStoreID: 1 },
      }[requestType];
      const command = await mdm.send(uuid, requestType, parameters === undefined ? {} : { parameters });
      await mdm.send(uuid, 'RestartDevice');
      expect(handedOut(await device.connect())).toEqual([requestType, 'RestartDevice']);
      expect(await mdm.status(command)).toBe('ACKNOWLEDGED');
    },
  );

  it('an ErrorChain of any shape and length is taken', async () => {
    const { device, uuid } = await mdm.enrolled();
    const link = {
      ErrorCode: 2 ** 40,
      ErrorDomain: 'D'.repeat(5_000),
      LocalizedDescription: '\u202E<script>',
      USEnglishDescription: 'x'.repeat(50_000),
    };
    const command = await mdm.send(uuid, 'RestartDevice');
    const answer = await device.report('Error', command.uuid, {
      ErrorChain: [link, 7, 'x', {}, { ErrorCode: 'one' }, ...Array.from({ length: 320 }, () => link)],
    });
    expect(answer.status).toBe(200);
    const { status, errors } = await mdm.command(command);
    expect([status, errors?.length, errors?.[0]?.code]).toEqual(['ERROR', 20, 2 ** 40]);
  });

  it('a large answer that cannot be compressed does not cost the database its connection', async () => {
    const { device, uuid } = await mdm.enrolled();
    for (const size of [7.9 * MIB, 12 * MIB]) {
      const command = await mdm.send(uuid, 'SecurityInfo');
      const answer = await device.report('Acknowledged', command.uuid, {
        SecurityInfo: {},
        Noise: randomBytes(size),
      });
      expect([size, answer.status]).toEqual([size, 200]);
      expect(await mdm.status(command)).toBe('ACKNOWLEDGED');
    }
  });

  it('a list of 20 MB is taken while 20 other devices are served without a stall', async () => {
    const { device, uuid } = await mdm.enrolled();
    const others = await Promise.all(Array.from({ length: 20 }, () => mdm.enrolled()));
    const command = await mdm.send(uuid, 'InstalledApplicationList');
    await device.idle();
    const entry = (n: number): PlistDict => ({
      Identifier: `com.example.app${n}`,
      Name: `Application ${n}`,
      Version: '1.0',
      BundleSize: n,
    });
    const list = Array.from({ length: 85_000 }, (_, n) => entry(n));
    const report = device.prepareReport('Acknowledged', command.uuid, { InstalledApplicationList: list });
    expect(report.body.length).toBeGreaterThan(19 * MIB);
    const idles = others.map((other) => other.device.prepareIdle());
    const connections = new Connections({ maxSockets: 32 });
    let slowest = 0;
    let served = 0;
    const idle = async (prepared: PreparedRequest): Promise<void> => {
      const started = performance.now();
      expect((await connections.put(mdm.app.url, prepared)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - started);
      served += 1;
    };
    const busiest = busiestTurn();
    const sending = connections.put(mdm.app.url, report);
    const progress = { sent: false };
    void sending.finally(() => (progress.sent = true));
    while (!progress.sent) await Promise.all(idles.map(idle));
    const stall = Math.round(busiest());
    connections.close();
    expect(served).toBeGreaterThan(0);
    expect((await sending).status).toBe(200);
    expect(stall, `slowest of ${served} idles: ${Math.round(slowest)} ms`).toBeLessThanOrEqual(100);
    const inventory = await mdm.services.inventory.read<unknown[]>([uuid], 'INSTALLED_APPLICATION_LIST');
    expect(inventory.get(uuid)?.content).toHaveLength(85_000);
  });
});

/**
 * The longest that this thread worked in one turn of its event loop, in milliseconds of processor time: what other devices
 * wait for, whatever else the machine is doing. Measures until it is asked.
 */
function busiestTurn(): () => number {
  let last = process.threadCpuUsage();
  let most = 0;
  let measuring = true;
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    most = Math.max(most, (user + system) / 1000);
    if (measuring) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    measuring = false;
    return most;
  };
}
