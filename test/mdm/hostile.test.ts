import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { PlistDict } from '../../src/apple/plist/index.js';
import type { Answer, SimulatedDevice } from '../../simulator/device/index.js';
import { TOPIC } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import { handedOut, issueIdentity, useMdm } from './kit.js';

/** Forty texts that have broken something somewhere. */
const HOSTILE = [
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  '%',
  '_',
  ';',
  '--',
  '/*',
  "'; DROP TABLE devices; --",
  "' OR '1'='1",
  "') OR 1=1 --",
  "1' UNION SELECT * FROM device_secrets --",
  '${7*7}',
  '{{7*7}}',
  '#{7*7}',
  '<script>alert(1)</script>',
  '</string><key>UDID</key><string>x',
  ']]>',
  '&amp;&lt;&#0;',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '../../../etc/passwd',
  'C:\\..\\..',
  'file:///etc/passwd',
  '$(reboot)',
  '`reboot`',
  '| cat /etc/passwd',
  '=cmd|calc',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  'é\u0301 \u202Eevil\u202C',
  '😀👩‍👩‍👧‍👦',
  '\u00A0 \u2028\u2029',
  'ﷺ'.repeat(80),
  'a'.repeat(255),
  ':'.repeat(80),
];

/** Texts of a length or kind that no column of ours holds. */
const OVERLONG = ['x'.repeat(300), '😀'.repeat(130), 'é'.repeat(5_000), 'line\nline\ttab', '\u0085'];

onBothDatabases('Hostile texts', (name) => {
  const mdm = useMdm(name);
  const identity = issueIdentity();

  const authenticate = (device: SimulatedDevice, message: PlistDict): Promise<Answer> =>
    device.checkIn('Authenticate', { Topic: TOPIC, ...message });

  /** How much there is of everything, so that a text which did something shows. */
  async function counts(): Promise<unknown> {
    const tables = [
      'devices',
      'channels',
      'identities',
      'device_secrets',
      'api_tokens',
      'profiles',
      'commands',
    ];
    return Promise.all(tables.map((table) => mdm.query(`SELECT COUNT(*) AS count FROM ${table}`)));
  }

  it('there are forty of them', () => {
    expect(new Set(HOSTILE).size).toBe(40);
  });

  it('as UDID and serial number: stored as they are, and served to that device alone', async () => {
    for (const text of HOSTILE) {
      const { device, uuid } = await mdm.enrolled({ udid: text, serialNumber: text });
      const found = await mdm.services.devices.find({ uuid });
      expect([found?.udid, found?.serialNumber]).toEqual([text, text]);
      const command = await mdm.send(uuid, 'SecurityInfo');
      expect((await device.connect()).commands.map((one) => one.uuid)).toEqual([command.uuid]);
    }
    const page = { limit: 100, backward: false };
    for (const search of HOSTILE.filter((text) => text.trim() !== '')) {
      const { rows } = await mdm.services.devices.list(
        { search },
        { field: 'NAME', descending: false },
        page,
      );
      expect(rows.map(({ udid }) => udid)).toContain(search);
    }
  });

  it('UDIDs that only a collation would take for equal are different devices', async () => {
    const uuids = new Set<string>();
    for (const udid of ['resume', 'RESUME', 'résumé', 're\u0301sume\u0301', 'resumé', 'ｒesume'])
      uuids.add((await mdm.enrolled({ udid })).uuid);
    expect(uuids.size).toBe(6);
  });

  it('as names and versions: stored as they are', async () => {
    const device = mdm.device({ identity });
    for (const text of HOSTILE) {
      const names = { DeviceName: text, Model: text, ModelName: text, ProductName: text };
      const versions = { OSVersion: text.slice(0, 64), BuildVersion: text.slice(0, 64), SerialNumber: text };
      expect((await authenticate(device, { ...names, ...versions })).status).toBe(200);
      expect((await device.tokenUpdate()).status).toBe(200);
      const found = await mdm.services.devices.find({ udid: device.facts.udid });
      expect(found).toMatchObject({
        name: text,
        model: text,
        modelName: text,
        productName: text,
        serialNumber: text,
      });
    }
  });

  it.each([
    'DeviceName',
    'Model',
    'ModelName',
    'ProductName',
    'OSVersion',
    'BuildVersion',
    'IMEI',
    'MEID',
    'SerialNumber',
    'Topic',
  ])('overlong or odd texts as %s are cut or refused, never a fault of ours', async (key) => {
    for (const text of OVERLONG) {
      const answer = await authenticate(mdm.device(), { [key]: text });
      expect([text.slice(0, 20), answer.status]).toEqual([text.slice(0, 20), expect.toBeOneOf([200, 400])]);
    }
  });

  it('overlong UDIDs are refused in words', async () => {
    for (const udid of [...OVERLONG, '%'.repeat(255), ':'.repeat(171)]) {
      const answer = await authenticate(mdm.device({ udid }), {});
      expect([udid.slice(0, 20), answer.status]).toEqual([udid.slice(0, 20), 400]);
    }
  });

  it('as UserID and names of users: each is a channel of its own', async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    for (const text of HOSTILE) {
      const user = device.user({ userId: text, shortName: text, longName: text });
      expect((await user.tokenUpdate()).status).toBe(200);
      expect((await user.idle()).status).toBe(200);
    }
    const channels = await mdm.services.devices.channelsOf([uuid]);
    const users = channels.filter(({ kind }) => kind === 'USER');
    expect(users.map(({ userId }) => userId).toSorted()).toEqual(HOSTILE.toSorted());
    expect(
      users.every(
        ({ userShortName, userLongName, userId }) => userShortName === userId && userLongName === userId,
      ),
    ).toBe(true);
  });

  it('overlong names of users are cut or refused, never a fault of ours', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS', udid: `:${'%'.repeat(150)}` });
    for (const text of OVERLONG) {
      for (const names of [{ userId: text }, { shortName: text }, { longName: text }]) {
        const user = device.user({ userId: randomUUID(), shortName: 'x', longName: 'x', ...names });
        expect([200, 400]).toContain((await user.tokenUpdate()).status);
      }
    }
  });

  it.each([1, 32, 33, 100, 256])('fact 26: a push token of %i bytes is kept', async (size) => {
    const { device, uuid } = await mdm.enrolled();
    const token = randomBytes(size);
    expect(
      (await device.checkIn('TokenUpdate', { Topic: TOPIC, Token: token, PushMagic: 'magic' })).status,
    ).toBe(200);
    const [channel] = await mdm.services.devices.channelsOf([uuid]);
    expect(channel?.pushToken).toBe(token.toString('hex'));
  });

  it.each([257, 1_000, 100_000])('a push token of %i bytes is refused in words', async (size) => {
    const { device } = await mdm.enrolled();
    const message = { Topic: TOPIC, Token: randomBytes(size), PushMagic: 'magic' };
    const answer = await device.checkIn('TokenUpdate', message);
    expect([answer.status, answer.body.toString()]).toEqual([
      400,
      'The push token is longer than 256 bytes.\n',
    ]);
  });

  it('as Status: the report is taken and kept', async () => {
    const { device, uuid } = await mdm.enrolled();
    for (const text of HOSTILE) expect((await device.report(text as 'Idle', randomUUID())).status).toBe(200);
    expect(await mdm.query('SELECT seq FROM unreadable_reports WHERE device_uuid = ?', [uuid])).toHaveLength(
      HOSTILE.length,
    );
  });

  it('as CommandUUID, Topic and PushMagic: nothing happens', async () => {
    const { device, uuid } = await mdm.enrolled();
    await mdm.send(uuid, 'RestartDevice');
    await mdm.untilPushed(uuid);
    const before = await counts();
    for (const text of HOSTILE) {
      expect((await device.report('Acknowledged', text)).status).toBe(200);
      const update = { Topic: text, Token: randomBytes(32), PushMagic: text };
      expect((await device.checkIn('TokenUpdate', update)).status).toBe(200);
    }
    expect(await counts()).toEqual(before);
    expect(handedOut(await device.connect())).toEqual(['RestartDevice']);
  });

  it('as bootstrap and unlock tokens of any size: given back as they are', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS' });
    for (const size of [1, 4_096, 500_000]) {
      const token = randomBytes(size);
      expect((await device.setBootstrapToken(token)).status).toBe(200);
      expect((await device.getBootstrapToken()).token).toEqual(token);
    }
    expect((await device.setBootstrapToken(randomBytes(2_000_000))).status).toBe(400);
  });
});
