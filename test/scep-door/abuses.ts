import { createHash, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { readCertificate } from '../../src/apple/asn1/index.js';
import { createAuthority, issueDeviceIdentity, issue, type Issued } from '../../simulator/pki.js';
import { makeCsr, makePkcsReq, makeRenewalReq, type ScepExchange } from '../../simulator/scep/index.js';
import type { ScepClient } from './kit.js';

/** What the abuses are made of: everything an attacker could have but the right. */
export interface Means {
  readonly scep: ScepClient;
  /** A challenge that is good; no abuse may get anything by it. */
  readonly challenge: string;
  /** One that was used by somebody else, and one that is over. */
  readonly used: string;
  readonly expired: string;
  /** The keys of the attacker. */
  readonly keys: readonly [KeyObject, KeyObject];
  /** Identities of ours: of an enrolled device, issued and never shown, revoked, and of an authority that is trusted besides. */
  readonly bound: Issued;
  readonly unshown: Issued;
  readonly revoked: Issued;
  readonly foreign: Issued;
}

export interface Abuse {
  readonly what: string;
  /** The message, as bytes. */
  readonly message: (means: Means) => Buffer | Promise<Buffer>;
}

const abuse = (what: string, message: Abuse['message']): Abuse => ({ what, message });

type Request = Partial<Parameters<typeof makePkcsReq>[0]>;

const pkcs = ({ scep, keys, challenge }: Means, o: Request = {}): ScepExchange =>
  makePkcsReq({ key: keys[0], caCertificate: scep.caCertificate, challenge, ...o });
const renewal = ({ scep, keys }: Means, signer: Issued, o: Request = {}): Buffer =>
  makeRenewalReq({ key: keys[1], caCertificate: scep.caCertificate, ...o, signer }).message;

/** RFC 8894 knows 3, 17, 19, 20, 21 and 22; two of them are served. */
const TYPES = [
  ...Array.from({ length: 64 }, (_, type) => `${type}`),
  '100',
  '117',
  '119',
  '127',
  '128',
  '190',
  '219',
  '255',
  '256',
  '1900',
].filter((type) => type !== '17' && type !== '19');
const STRANGE_TYPES = [
  '',
  ' 19',
  '19 ',
  '019',
  '+19',
  '-19',
  '19.0',
  '0x13',
  '1e1',
  'PKCSReq',
  '19,3',
  '19\n',
  '١٩',
];

const messageTypes = [...TYPES, ...STRANGE_TYPES].map((messageType) =>
  abuse(`message type ${JSON.stringify(messageType)}`, (means) => pkcs(means, { messageType }).message),
);

const badChallenges: [string, (means: Means) => string | undefined][] = [
  ['none', () => undefined],
  ['empty', () => ''],
  ['one blank', () => ' '],
  ['random, of the right form', () => randomBytes(32).toString('base64url')],
  ['that was used', ({ used }) => used],
  ['that is over', ({ expired }) => expired],
  ['without its last character', ({ challenge }) => challenge.slice(0, -1)],
  ['without its first character', ({ challenge }) => challenge.slice(1)],
  ['with a character more', ({ challenge }) => `${challenge}A`],
  ['with a blank before', ({ challenge }) => ` ${challenge}`],
  ['with a blank behind', ({ challenge }) => `${challenge} `],
  ['with a line end', ({ challenge }) => `${challenge}\n`],
  ['with padding', ({ challenge }) => `${challenge}=`],
  ['in capitals', ({ challenge }) => `${challenge.toUpperCase()}a`],
  ['twice', ({ challenge }) => challenge + challenge],
  ['reversed', ({ challenge }) => [...challenge].toReversed().join('')],
  ['as its own hash', ({ challenge }) => createHash('sha256').update(challenge).digest('hex')],
  ['in hexadecimal', ({ challenge }) => Buffer.from(challenge, 'base64url').toString('hex')],
  ['of another alphabet', ({ challenge }) => `${challenge.replaceAll('-', '+').replaceAll('_', '/')}==`],
  ['with a zero byte', ({ challenge }) => `${challenge}\0`],
  ['a pattern of SQL', () => '%'],
  ['SQL', () => "' OR '1'='1"],
  ['more SQL', () => "'; DROP TABLE enrollment_challenges; --"],
  ['null', () => 'null'],
  ['undefined', () => 'undefined'],
  ['a number', () => '0'],
  ['of 255 characters', () => 'x'.repeat(255)],
  ['of 5000 characters', () => 'x'.repeat(5_000)],
];
const challenges = badChallenges.map(([what, challengeOf]) =>
  abuse(`a challenge: ${what}`, (means) => {
    const challenge = challengeOf(means);
    const { scep, keys } = means;
    const base = { key: keys[0], caCertificate: scep.caCertificate };
    return makePkcsReq(challenge === undefined ? base : { ...base, challenge }).message;
  }),
);

const rsa = (modulusLength: number, publicExponent = 65_537): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey;
const weakKeys: [string, () => KeyObject][] = [
  ['RSA 512', () => rsa(512)],
  ['RSA 1024', () => rsa(1024)],
  ['RSA 1536', () => rsa(1536)],
  ['RSA 2040', () => rsa(2040)],
  ['RSA with the exponent 3', () => rsa(2048, 3)],
  [
    'P-256, whose owner could not read the answer',
    () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ],
  ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
];
const keys = weakKeys.map(([what, make]) =>
  abuse(`a key: ${what}`, (means) => pkcs(means, { key: make(), digest: 'sha1' }).message),
);

const stranger = createAuthority('Stranger');
const signers: Abuse[] = [
  abuse('a first request signed with another key than it asks for', (means) => {
    const [mine, other] = means.keys;
    return pkcs(means, { signer: issueDeviceIdentity(stranger, 'x', { key: other }), key: mine }).message;
  }),
  abuse('somebody’s certificate request, signed anew by the attacker', (means) => {
    const csr = makeCsr({ key: means.keys[1], challenge: means.challenge });
    return pkcs(means, { csr }).message;
  }),
  abuse(
    'a first request signed with a device’s identity for another key',
    (means) => pkcs(means, { signer: means.bound, key: means.keys[1] }).message,
  ),
  abuse('a renewal that is self-signed, with a good challenge', (means) =>
    renewal(
      means,
      issue(createAuthority('me', { key: means.keys[0] }), { commonName: 'me', key: means.keys[0] }),
      {
        challenge: means.challenge,
      },
    ),
  ),
  abuse('a renewal of a self-signed authority', (means) =>
    renewal(means, createAuthority('me', { key: means.keys[0] })),
  ),
  abuse('a renewal of an identity never shown', (means) => renewal(means, means.unshown)),
  abuse('a renewal of an identity never shown, with a good challenge', (means) =>
    renewal(means, means.unshown, { challenge: means.challenge }),
  ),
  abuse('a renewal of a revoked identity', (means) => renewal(means, means.revoked)),
  abuse('a renewal of a revoked identity, with a good challenge', (means) =>
    renewal(means, means.revoked, { challenge: means.challenge }),
  ),
  abuse('a renewal of a device that another authority knows', (means) => renewal(means, means.foreign)),
  abuse('a renewal by a stranger’s identity', (means) =>
    renewal(means, issueDeviceIdentity(stranger, 'x', { key: means.keys[0] })),
  ),
  abuse('a renewal by a certificate that names our authority as its issuer', (means) => {
    const { subject } = means.scep.caCertificate;
    const commonName = /CN=(.*)/.exec(subject)?.[1] ?? '';
    return renewal(means, issueDeviceIdentity(createAuthority(commonName), 'x', { key: means.keys[0] }));
  }),
  abuse('a renewal by a certificate with the serial number of a device’s', (means) => {
    const { serialNumber } = readCertificate(means.bound.certDer);
    const number = BigInt(`0x${serialNumber.subarray(2).toString('hex')}`);
    return renewal(means, issueDeviceIdentity(stranger, 'x', { key: means.keys[0], serialNumber: number }));
  }),
  abuse('a renewal by a certificate that a device’s identity issued', (means) =>
    renewal(means, issueDeviceIdentity(means.bound, 'x', { key: means.keys[0] })),
  ),
  abuse('a renewal that shows a device’s certificate and is signed with another key', (means) =>
    renewal(means, { ...means.bound, key: means.keys[0] }),
  ),
  abuse(
    'a first request that shows a device’s certificate and is signed with another key',
    (means) => pkcs(means, { signer: { certDer: means.bound.certDer, key: means.keys[0] } }).message,
  ),
  abuse(
    'a renewal of a revoked key under a good challenge as a first request',
    (means) => pkcs(means, { key: means.revoked.key }).message,
  ),
];

const requests: [string, (means: Means) => Buffer][] = [
  ['nothing', () => Buffer.alloc(0)],
  ['noise', () => randomBytes(300)],
  ['a certificate', ({ bound }) => bound.certDer],
  ['one whose signature is wrong', (means) => altered(csrOf(means), -10)],
  ['one whose key was exchanged', (means) => exchanged(means)],
  ['one cut off', (means) => csrOf(means).subarray(0, 200)],
  ['one with bytes behind', (means) => Buffer.concat([csrOf(means), Buffer.from([0])])],
  ['one twice', (means) => Buffer.concat([csrOf(means), csrOf(means)])],
  ['PEM', (means) => Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${csrOf(means).toString('base64')}`)],
  ['nested a thousand deep', () => Buffer.from('3080'.repeat(1_000), 'hex')],
  ['one that says it is of 4 GiB', () => Buffer.from('3084ffffffff', 'hex')],
];
const contents = requests.map(([what, csr]) =>
  abuse(`a request in the envelope: ${what}`, (means) => pkcs(means, { csr: csr(means) }).message),
);

function csrOf({ keys: [key], challenge }: Means): Buffer {
  return makeCsr({ key, challenge });
}

/** The request of one key with the public key of another, of the same length. */
function exchanged({ keys: [mine, other], challenge }: Means): Buffer {
  const [of, by] = [mine, other].map((key) =>
    Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url'),
  );
  const csr = Buffer.from(makeCsr({ key: mine, challenge }));
  by!.copy(csr, csr.indexOf(of!));
  return csr;
}

function altered(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0x55;
  return copy;
}

const others: Abuse[] = [
  abuse(
    'a request enveloped for another authority',
    (means) => pkcs(means, { caCertificate: stranger.certDer }).message,
  ),
  abuse('two messages in one', (means) => Buffer.concat([pkcs(means).message, pkcs(means).message])),
  abuse('a byte behind the message', (means) => Buffer.concat([pkcs(means).message, Buffer.from([0])])),
  abuse('no senderNonce', (means) => pkcs(means, { senderNonce: Buffer.alloc(0) }).message),
  abuse('a senderNonce of 10 KB', (means) => pkcs(means, { senderNonce: randomBytes(10_000) }).message),
  abuse('no transaction id', (means) => pkcs(means, { transactionId: '' }).message),
  abuse(
    'a transaction id of 300 characters',
    (means) => pkcs(means, { transactionId: 'x'.repeat(300) }).message,
  ),
  abuse('a transaction id with a line end', (means) => pkcs(means, { transactionId: 'a\nb' }).message),
  abuse('the authority’s own certificate', ({ scep }) => scep.caCertificate.raw),
  abuse(
    'an answer of ours',
    async (means) => (await means.scep.post(pkcs(means, { challenge: 'x' }).message)).body,
  ),
  abuse('BER without an end', () => Buffer.from('3080'.repeat(5_000), 'hex')),
  abuse('zeros', () => Buffer.alloc(10_000)),
];

/** A long request, so that the first two kilobytes are its envelope and the last 250 bytes its signature. */
const long = (means: Means): Buffer =>
  pkcs(means, {
    csr: makeCsr({ key: means.keys[0], challenge: means.challenge, commonName: 'x'.repeat(2_500) }),
  }).message;
const mutations = [
  ...Array.from({ length: 60 }, (_, index) => 120 + index * 40),
  ...Array.from({ length: 20 }, (_, index) => -(index * 12 + 1)),
].map((at) => abuse(`a byte altered at ${at}`, (means) => altered(long(means), at)));
const truncations = Array.from({ length: 30 }, (_, index) => (index + 1) / 31).map((part) =>
  abuse(`the first ${Math.round(part * 100)} % of a message`, (means) => {
    const message = long(means);
    return message.subarray(0, Math.floor(message.length * part));
  }),
);

export const ABUSES: readonly Abuse[] = [
  ...messageTypes,
  ...challenges,
  ...keys,
  ...signers,
  ...contents,
  ...others,
  ...mutations,
  ...truncations,
];
