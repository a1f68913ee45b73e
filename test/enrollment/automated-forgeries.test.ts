import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { machineInfo, signAttributes } from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { signDetached, signedData, signerInfo } from '../../simulator/cms-sign.js';
import {
  createAppleDeviceAuthority,
  createAuthority,
  issueAppleDevice,
  issueDeviceIdentity,
  type Issued,
} from '../../simulator/pki.js';
import { buildPlist, type PlistInput } from '../../src/apple/plist/index.js';
import { deviceCa, useMdm } from '../mdm/kit.js';
import { apple, appleDevice, believing, refusals, serve } from './apple.js';

const options = believing();
const SERIAL = 'DMPFORGED';
const facts = factsBefore({ serialNumber: SERIAL });
const genuine = machineInfo(facts);
const signed = signAttributes(genuine, appleDevice);
const weakKey = generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey;

/** Another authority with the name and number of Apple's. */
const twin = createAppleDeviceAuthority();
const intermediate = issueAppleDevice(apple, { ca: true, commonName: 'Intermediate' });
const below = issueAppleDevice(intermediate);
const authorityItself = apple;
const by = (signer: Issued, o: Parameters<typeof signAttributes>[2] = {}): Buffer =>
  signAttributes(genuine, signer, o);
const bearing = (o: Parameters<typeof issueAppleDevice>[1]): Buffer => by(issueAppleDevice(apple, o));
const about = (attributes: Readonly<Record<string, PlistInput | undefined>>): Buffer =>
  signAttributes(machineInfo(facts, { attributes }), appleDevice);
const saying = (content: Buffer): Buffer => signAttributes(content, appleDevice);
const replaced = (from: string, to: string, message = signed): Buffer => {
  const at = message.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`No ${from} to replace`);
  const copy = Buffer.from(message);
  copy.write(to, at);
  return copy;
};
const one = (): Buffer => signerInfo(genuine, { ...appleDevice, digest: 'sha1' });
const other = issueAppleDevice(apple);

/** What nobody may enrol with, by what is wrong with it. */
const FORGERIES: readonly (readonly [what: string, message: () => Buffer])[] = [
  // Who signed.
  [
    'an authority of another name',
    () => by(issueAppleDevice(createAppleDeviceAuthority({ commonName: 'Apple' }))),
  ],
  ['an authority of the same name', () => by(issueAppleDevice(twin))],
  [
    'an authority of the same name, itself sent along',
    () => by(issueAppleDevice(twin), { chain: [twin.certDer] }),
  ],
  [
    'an authority of the same name, Apple sent along',
    () => by(issueAppleDevice(twin), { chain: [apple.certDer] }),
  ],
  [
    'a self-signed certificate with the name of the authority',
    () => by(createAuthority('Apple iPhone Device CA')),
  ],
  [
    'a self-signed certificate with the name of the device',
    () => by(createAuthority('DEVICE', { ca: false })),
  ],
  ['the authority itself', () => by(authorityItself)],
  ['an authority below it', () => by(intermediate)],
  ['a device below an authority below it', () => by(below, { chain: [intermediate.certDer] })],
  ['the twin of the authority itself', () => by(twin)],
  ['a device identity of the operator', () => by(issueDeviceIdentity(deviceCa, 'device', { keyType: 'ec' }))],
  ['a certificate for servers', () => bearing({ extendedKeyUsage: ['serverAuth'] })],
  ['a certificate that may not sign', () => bearing({ maySign: false })],
  ['a certificate that is an authority', () => bearing({ ca: true })],
  ['a key of 768 bits', () => bearing({ key: weakKey })],
  ['the certificate of one device, the key of another', () => by({ ...appleDevice, key: other.key })],
  ['the certificate of one device, the key of another sort', () => by({ ...appleDevice, key: deviceCa.key })],
  // What was signed.
  ['another serial number of the same length', () => replaced(SERIAL, 'DMPVICTIM')],
  [
    'another UDID',
    () =>
      replaced(
        facts.udid,
        facts.udid.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      ),
  ],
  ['another product', () => replaced('iPhone15,2', 'iPhone15,3')],
  [
    'one byte more of content',
    () => signedData(Buffer.concat([genuine, Buffer.from(' ')]), [appleDevice.certDer], [one()]),
  ],
  ['the content of another', () => signedData(machineInfo(factsBefore({})), [appleDevice.certDer], [one()])],
  ['no content', () => signedData(undefined, [appleDevice.certDer], [one()])],
  ['a detached signature', () => signDetached(genuine, { ...appleDevice, digest: 'sha1' })],
  ['nobody’s signature', () => signedData(genuine, [appleDevice.certDer], [])],
  ['two signatures of the same', () => signedData(genuine, [appleDevice.certDer], [one(), one()])],
  [
    'two signers',
    () => signedData(genuine, [appleDevice.certDer, other.certDer], [one(), signerInfo(genuine, other)]),
  ],
  [
    'a stranger who signs besides',
    () => signedData(genuine, [appleDevice.certDer, twin.certDer], [one(), signerInfo(genuine, twin)]),
  ],
  ['no certificate', () => signedData(genuine, [], [one()])],
  ['the certificate of the authority alone', () => signedData(genuine, [apple.certDer], [one()])],
  [
    'attributes of another content',
    () => signedData(genuine, [appleDevice.certDer], [signerInfo(Buffer.from('x'), appleDevice)]),
  ],
  [
    'no signed attributes, another content',
    () =>
      signedData(
        genuine,
        [appleDevice.certDer],
        [signerInfo(Buffer.from('x'), { ...appleDevice, signedAttributes: false })],
      ),
  ],
  [
    'signed attributes as content',
    () => signedData(one(), [appleDevice.certDer], [signerInfo(genuine, appleDevice)]),
  ],
  // What is in it.
  ['no UDID', () => about({ UDID: undefined })],
  ['no serial number', () => about({ SERIAL: undefined })],
  ['an empty serial number', () => about({ SERIAL: '' })],
  ['an empty UDID', () => about({ UDID: '' })],
  ['a serial number that is a number', () => about({ SERIAL: 12 })],
  ['a serial number in a list', () => about({ SERIAL: [SERIAL] })],
  ['a UDID in a dictionary', () => about({ UDID: { UDID: facts.udid } })],
  ['a UDID that is data', () => about({ UDID: Buffer.from(facts.udid) })],
  ['a UDID of 300 characters', () => about({ UDID: 'A'.repeat(300) })],
  ['a control character in the UDID', () => about({ UDID: 'A\tB' })],
  ['a serial number nobody named', () => about({ SERIAL: 'DMPUNKNOWN' })],
  ['a wild card', () => about({ SERIAL: '%' })],
  ['SQL', () => about({ SERIAL: `x' OR serial_number='${SERIAL}` })],
  ['two serial numbers', () => about({ SERIAL: `${SERIAL},DMPOTHER` })],
  ['a serial number with a character nobody sees', () => about({ SERIAL: `${SERIAL}\u200b` })],
  ['a product that is a number', () => about({ PRODUCT: 1 })],
  ['a flag that is a text', () => about({ MDM_CAN_REQUEST_SOFTWARE_UPDATE: 'true' })],
  ['a list', () => saying(buildPlist([SERIAL]))],
  ['a text', () => saying(Buffer.from(SERIAL))],
  ['nothing at all, signed', () => saying(Buffer.alloc(0))],
  ['JSON', () => saying(Buffer.from(JSON.stringify({ UDID: facts.udid, SERIAL })))],
  [
    'deep nesting',
    () =>
      saying(
        Buffer.from(
          `<plist><dict><key>a</key>${'<array>'.repeat(50)}${'</array>'.repeat(50)}</dict></plist>`,
        ),
      ),
  ],
  [
    'many keys',
    () => saying(buildPlist(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`K${i}`, i])))),
  ],
  [
    'an entity',
    () =>
      saying(
        Buffer.from(
          `<!DOCTYPE plist [<!ENTITY s "${SERIAL}">]><plist><dict><key>SERIAL</key><string>&s;</string></dict></plist>`,
        ),
      ),
  ],
  [
    'the key of a dictionary twice',
    () =>
      saying(
        Buffer.from(
          `<plist version="1.0"><dict><key>UDID</key><string>U</string><key>SERIAL</key><string>DMPOTHER</string><key>SERIAL</key><string>${SERIAL}</string></dict></plist>`,
        ),
      ),
  ],
  // What is no message.
  ['the property list without a signature', () => genuine],
  ['random bytes', () => randomBytes(2_000)],
  ['text', () => Buffer.from('MachineInfo')],
  ['base64 of a good one', () => Buffer.from(signed.toString('base64'))],
  ['half of a good one', () => signed.subarray(0, signed.length / 2)],
  ['a good one and a byte more', () => Buffer.concat([signed, Buffer.alloc(1)])],
  ['a good one twice', () => Buffer.concat([signed, signed])],
  ['a certificate', () => appleDevice.certDer],
  ['a good one within a good one', () => saying(signed)],
  ['more than 64 KiB', () => saying(machineInfo(facts, { attributes: { X: 'x'.repeat(70_000) } }))],
  ['much more', () => Buffer.alloc(20 * 1024 * 1024)],
];

/** What is right, although it looks odd. */
const GENUINE: readonly (readonly [what: string, message: () => Buffer])[] = [
  ['SHA-1 and RSA-1024', () => signed],
  ['SHA-256', () => by(appleDevice, { digest: 'sha256' })],
  ['an elliptic curve', () => by(issueAppleDevice(apple, { keyType: 'ec' }), { digest: 'sha256' })],
  ['RSA-2048', () => by(issueAppleDevice(apple, { keyType: 'rsa', digest: 'sha256' }), { digest: 'sha256' })],
  ['no signed attributes', () => by(appleDevice, { signedAttributes: false })],
  ['the signer named by key identifier', () => by(appleDevice, { byKeyIdentifier: true })],
  ['the chain sent along', () => by(appleDevice, { chain: [apple.certDer] })],
  [
    'a certificate that has expired',
    () => bearing({ notBefore: new Date('2015-01-01'), notAfter: new Date('2018-01-01') }),
  ],
  [
    'a certificate that is not valid yet',
    () => bearing({ notBefore: new Date('2049-01-01'), notAfter: new Date('2049-06-01') }),
  ],
  ['a certificate for clients alone', () => bearing({ extendedKeyUsage: ['clientAuth'] })],
  ['a certificate that names no purpose', () => bearing({ extendedKeyUsage: [] })],
  ['a clock that is wrong', () => by(appleDevice, { signingTime: new Date('2001-01-01') })],
  ['keys nobody knows', () => about({ NEW_KEY: { a: [1, true] } })],
  ['a serial number in small letters', () => about({ SERIAL: SERIAL.toLowerCase() })],
];

describe('Forged MachineInfo', () => {
  const mdm = useMdm('sqlite', options);
  const post = async (message: Uint8Array): Promise<number> =>
    (await fetch(`${mdm.app.url}/mdm/enroll/dep`, { method: 'POST', body: new Uint8Array(message) })).status;
  const inHeader = async (path: string, value: string): Promise<number> =>
    (await fetch(`${mdm.app.url}${path}`, { headers: { 'x-apple-aspen-deviceinfo': value } })).status;
  const challenges = async (): Promise<number> =>
    Number((await mdm.query<{ n: number }>('SELECT COUNT(*) AS n FROM enrollment_challenges'))[0]?.n);

  it('the profile that forgers are after is there', async () => {
    await serve(mdm, { allowedSerialNumbers: [SERIAL] });
    expect(FORGERIES.length).toBeGreaterThanOrEqual(60);
  });

  it.each(GENUINE)('takes %s', async (_what, message) => {
    expect(await post(message())).toBe(200);
  });

  it.each(FORGERIES)('refuses %s', async (_what, message) => {
    const before = await challenges();
    const status = await post(message()).catch(() => 413);
    expect([400, 403, 413]).toContain(status);
    const value = message().toString('base64').slice(0, 80_000);
    for (const path of ['/mdm/enroll/dep', '/enroll/setup'])
      expect([400, 403]).toContain(await inHeader(path, value));
    expect(await challenges()).toBe(before);
  });

  it('refuses a header that is none, and a request without a word', async () => {
    for (const value of ['x', '*', 'AAAA AAAA', `${signed.toString('base64')},AAAA`, '='])
      expect(await inHeader('/mdm/enroll/dep', value)).toBe(400);
    expect((await fetch(`${mdm.app.url}/mdm/enroll/dep`)).status).toBe(400);
    expect((await fetch(`${mdm.app.url}/mdm/enroll/dep`, { method: 'POST' })).status).toBe(400);
  });

  it('refuses every truncation and hundreds of changed bytes, or believes what was signed', async () => {
    const before = await challenges();
    const cuts = Array.from({ length: 120 }, (_, at) =>
      signed.subarray(0, Math.floor((signed.length * at) / 120)),
    );
    const changes = Array.from({ length: 480 }, (_, index) => {
      const copy = Buffer.from(signed);
      const at = Math.floor((signed.length * index) / 480);
      copy[at] = (copy[at]! + 1 + (index % 255)) & 0xff;
      return copy;
    });
    const statuses: number[] = [];
    for (const message of [...cuts, ...changes]) statuses.push(await post(message));
    // A byte that the signature does not cover may change; nothing that is said by the device may.
    const taken = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => ![200, 400, 403].includes(status))).toEqual([]);
    expect(taken).toBeLessThan(10);
    expect((await challenges()) - before).toBe(taken);
    const rows = await mdm.query<{ serial: string; udid: string }>(
      'SELECT DISTINCT serial_number AS serial, udid FROM enrollment_challenges',
    );
    expect(rows).toEqual([{ serial: SERIAL, udid: facts.udid }]);
  }, 60_000);

  it('tells an operator', async () => {
    const reasons = await refusals(mdm);
    expect(reasons.length).toBeGreaterThan(0);
    expect(await refusals(mdm, 'DMPUNKNOWN')).toHaveLength(1);
  });
});
