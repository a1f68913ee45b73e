import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import { signDetached, signedData, signerInfo } from '../../simulator/cms-sign.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { CHECK_IN_TYPE, CONNECT_TYPE } from '../../simulator/device/wire.js';
import type { Issued } from '../../simulator/pki.js';
import { TOPIC } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import { foreignCa, issueIdentity, useMdm } from './kit.js';

type Headers = Record<string, string | undefined>;

const DAY = 24 * 60 * 60_000;
const NOTHING = { accepted: [], changed: false };
const ALICE = { userId: 'alice-id', shortName: 'alice', longName: 'Alice' };

const signed = (body: Buffer, by: Issued): Headers => ({
  'mdm-signature': signDetached(body, { certDer: by.certDer, key: by.key }).toString('base64'),
});
const unsigned = (headers: Headers = {}): Headers => ({ 'mdm-signature': undefined, ...headers });

const expired = issueIdentity({
  notBefore: new Date(Date.now() - 30 * DAY),
  notAfter: new Date(Date.now() - DAY),
});
const notYetValid = issueIdentity({
  notBefore: new Date(Date.now() + DAY),
  notAfter: new Date(Date.now() + 30 * DAY),
});
const foreign = issueIdentity({}, foreignCa);

/** Requests that prove nothing, whoever they name: refused for devices that are known and for those that are not. */
const UNPROVEN: Record<string, (body: Buffer, own: Issued) => Headers> = {
  'no identity': () => unsigned(),
  'a certificate of another authority': (body) => signed(body, foreign),
  'an expired certificate': (body) => signed(body, expired),
  'a certificate that is not valid yet': (body) => signed(body, notYetValid),
  'a certificate header (RFC 9440) from an address that is not listed': (_body, own) =>
    unsigned({ 'client-cert': `:${own.certDer.toString('base64')}:` }),
  'a certificate header (URL-encoded PEM) from an address that is not listed': (_body, own) =>
    unsigned({
      'client-cert': encodeURIComponent(own.certPem),
      'x-client-cert': encodeURIComponent(own.certPem),
    }),
  'a body altered after it was signed': (body, own) => signed(Buffer.concat([body, Buffer.from('\n')]), own),
  'two signers': (body, own) => {
    const signers = [own, issueIdentity()];
    const infos = signers.map(({ certDer, key }) => signerInfo(body, { certDer, key }));
    const certificates = signers.map(({ certDer }) => certDer);
    return { 'mdm-signature': signedData(undefined, certificates, infos).toString('base64') };
  },
  'a signature with another body attached': (_body, { certDer, key }) => {
    const other = buildPlist({ Status: 'Idle', UDID: 'somebody' });
    return { 'mdm-signature': signDetached(other, { certDer, key, attached: true }).toString('base64') };
  },
  'a signature by another key than its certificate’s': (body, { certDer }) => ({
    'mdm-signature': signDetached(body, { certDer, key: foreign.key }).toString('base64'),
  }),
};

/** Every kind of message, as its sender would write it. */
function messagesOf(
  device: SimulatedDevice,
  commandUUID: string,
): [name: string, type: string, body: Buffer][] {
  const alice = device.user(ALICE);
  const token = { Topic: TOPIC, Token: randomBytes(32), PushMagic: 'stolen' };
  const checkIns: [string, Buffer][] = [
    ['Authenticate', device.prepareCheckIn('Authenticate', { Topic: TOPIC, SerialNumber: 'STOLEN' }).body],
    ['TokenUpdate', device.prepareCheckIn('TokenUpdate', { ...token, UnlockToken: randomBytes(9) }).body],
    [
      'TokenUpdate in Setup Assistant',
      device.prepareCheckIn('TokenUpdate', { ...token, AwaitingConfiguration: true }).body,
    ],
    ['TokenUpdate of a user', alice.prepareCheckIn('TokenUpdate', token).body],
    ['CheckOut', device.prepareCheckIn('CheckOut', { Topic: TOPIC }).body],
    ['CheckOut of a user', alice.prepareCheckIn('CheckOut', { Topic: TOPIC }).body],
    [
      'SetBootstrapToken',
      device.prepareCheckIn('SetBootstrapToken', { BootstrapToken: randomBytes(9) }).body,
    ],
    ['SetBootstrapToken without one', device.prepareCheckIn('SetBootstrapToken').body],
    ['GetBootstrapToken', device.prepareCheckIn('GetBootstrapToken').body],
    ['UserAuthenticate', alice.prepareCheckIn('UserAuthenticate').body],
    ['GetToken', device.prepareCheckIn('GetToken', { TokenServiceType: 'com.apple.maid' }).body],
    ['DeclarativeManagement', device.prepareCheckIn('DeclarativeManagement', { Endpoint: 'tokens' }).body],
    ['ReturnToService', device.prepareCheckIn('ReturnToService').body],
    ['an unknown message', device.prepareCheckIn('SomethingNew').body],
  ];
  const reports: [string, Buffer][] = [
    ['Idle', device.prepareIdle().body],
    ['Idle of a user', alice.prepareIdle().body],
    ['Acknowledged', device.prepareReport('Acknowledged', commandUUID).body],
    ['Error', device.prepareReport('Error', commandUUID).body],
    ['NotNow', device.prepareReport('NotNow', commandUUID).body],
    [
      'a report that cannot be read',
      Buffer.concat([device.prepareReport('Acknowledged', commandUUID).body, Buffer.from('<')]),
    ],
  ];
  return [
    ...checkIns.map(([name, body]): [string, string, Buffer] => [name, CHECK_IN_TYPE, body]),
    ...reports.map(([name, body]): [string, string, Buffer] => [name, CONNECT_TYPE, body]),
  ];
}

onBothDatabases('Impersonation', (name) => {
  const mdm = useMdm(name);
  let victim: SimulatedDevice;
  let victimUuid: string;
  let archived: Issued;
  let neighbour: Issued;
  let commandUUID: string;

  beforeAll(async () => {
    const { device, uuid } = await mdm.enrolled({ platform: 'macOS' });
    archived = device.identity;
    await mdm.services.devices.allowReenrollment([uuid]);
    device.wipe({ identity: issueIdentity() });
    await device.enroll({ awaitingConfiguration: false });
    await device.setBootstrapToken();
    await device.user(ALICE).tokenUpdate();
    commandUUID = (await mdm.send(uuid, 'RestartDevice')).uuid;
    await device.idle();
    await mdm.until(async () => (await mdm.status({ uuid: commandUUID })) === 'SENT');
    await mdm.untilPushed(uuid);
    [victim, victimUuid] = [device, uuid];
    neighbour = (await mdm.enrolled()).device.identity;
  });

  /** All that is kept of the victim, secrets and all, and how many devices there are. */
  async function everything(): Promise<unknown> {
    const tables = [
      'channels',
      'identities',
      'device_secrets',
      'commands',
      'device_inventory',
      'deployment_items',
    ];
    const rows = await Promise.all(
      tables.map((table) =>
        mdm.query(`SELECT * FROM ${table} WHERE device_uuid = ? ORDER BY 1`, [victimUuid]),
      ),
    );
    return [await mdm.query('SELECT * FROM devices ORDER BY uuid'), rows];
  }

  /** Sends every message; tells which were not refused, and whether anything is different afterwards. */
  async function attempt(device: SimulatedDevice, headersFor: (body: Buffer) => Headers): Promise<unknown> {
    const before = await everything();
    const accepted: unknown[] = [];
    for (const [message, type, body] of messagesOf(device, commandUUID)) {
      const path = type === CHECK_IN_TYPE ? '/mdm/checkin' : '/mdm/connect';
      const answer = await device.sendRaw(path, body, { 'content-type': type, ...headersFor(body) });
      if (answer.status !== 400 || answer.command !== undefined) accepted.push([message, answer.status]);
    }
    return { accepted, changed: !isDeepStrictEqual(await everything(), before) };
  }

  it.each(Object.entries(UNPROVEN))(
    'of an enrolled device with %s changes nothing',
    async (_name, headersFor) => {
      expect(await attempt(victim, (body) => headersFor(body, victim.identity))).toEqual(NOTHING);
    },
  );

  it.each(Object.entries(UNPROVEN))(
    'of a device nobody knows with %s makes none',
    async (_name, headersFor) => {
      const own = issueIdentity();
      expect(await attempt(mdm.device({ identity: own }), (body) => headersFor(body, own))).toEqual(NOTHING);
    },
  );

  it('fact 22: with another device’s certificate changes nothing', async () => {
    expect(await attempt(victim, (body) => signed(body, neighbour))).toEqual(NOTHING);
  });

  it('with a certificate that the device has replaced changes nothing', async () => {
    expect(await attempt(victim, (body) => signed(body, archived))).toEqual(NOTHING);
  });

  it('with a good certificate of nobody’s changes nothing', async () => {
    expect(await attempt(victim, (body) => signed(body, issueIdentity()))).toEqual(NOTHING);
  });

  it('an authority is not an identity', async () => {
    expect(await attempt(victim, (body) => signed(body, issueIdentity({ ca: true })))).toEqual(NOTHING);
    expect(
      await attempt(victim, (body) => signed(body, issueIdentity({ extendedKeyUsage: ['serverAuth'] }))),
    ).toEqual(NOTHING);
  });

  it('and all the while the victim goes on as if nothing had happened', async () => {
    const log = await victim.connect();
    expect(log.commands.map(({ uuid }) => uuid)).toEqual([commandUUID]);
    expect((await victim.getBootstrapToken()).token).toEqual(victim.state.bootstrapToken);
    expect((await victim.user(ALICE).idle()).status).toBe(200);
  });
});
