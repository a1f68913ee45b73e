import { constants, generateKeyPairSync, privateEncrypt, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { createAuthority, issue, issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { signDetached, signedData, signerInfo, type SignOptions } from '../../simulator/cms-sign.js';
import { authority, type World } from './world.js';

export type Headers = Record<string, string | string[] | undefined>;

/** A way to pretend to be the victim. */
export interface Attack {
  readonly name: string;
  /** What proves the body to be the victim's, or so the attacker hopes. */
  readonly headers: (body: Buffer, world: World) => Headers;
  /** The certificate is good and somebody else's: an operator is told of it. */
  readonly alarms?: boolean;
}

const DAY = 24 * 60 * 60_000;
const PROXIES = ['client-cert', 'x-client-cert', 'x-ssl-client-cert', 'x-forwarded-client-cert'];

const base64 = (cms: Buffer): Headers => ({ 'mdm-signature': cms.toString('base64') });
const signed = (body: Buffer, { certDer, key }: Issued, more: Partial<SignOptions> = {}): Headers =>
  base64(signDetached(body, { certDer, key, ...more }));
const unsigned = (headers: Headers = {}): Headers => ({ 'mdm-signature': undefined, ...headers });
const forwarded = (value: string): Headers =>
  unsigned(Object.fromEntries(PROXIES.map((name) => [name, value])));

/** Signed with the key of our authority, which never issued it. */
const forged = (o: Parameters<typeof issueDeviceIdentity>[2]): Issued =>
  issueDeviceIdentity(authority, 'Device', { keyType: 'ec', ...o });
const now = Date.now();
const expired = forged({ notBefore: new Date(now - 9 * DAY), notAfter: new Date(now - DAY) });
const early = forged({ notBefore: new Date(now + DAY), notAfter: new Date(now + 9 * DAY) });
const serverOnly = forged({ extendedKeyUsage: ['serverAuth'] });
const subordinate = forged({ ca: true });
const weak = forged({ key: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey });
const unrecorded = forged({});
const stranger = issueDeviceIdentity(createAuthority('Another', { keyType: 'ec' }), 'Device', {
  keyType: 'ec',
});
const namesake = createAuthority('The identity authority');
const ofNamesake = issueDeviceIdentity(namesake, 'Device', { keyType: 'ec' });
const selfSigned = createAuthority('Device', { ca: false, keyType: 'ec' });

/** The signature is right, and its certificate is not the victim's. */
const OTHERS: Attack[] = [
  { name: 'another authority’s certificate', headers: (body) => signed(body, stranger) },
  { name: 'one of an authority of the same name', headers: (body) => signed(body, ofNamesake) },
  {
    name: 'the same, and its authority sent along',
    headers: (body) => signed(body, ofNamesake, { chain: [namesake.certDer] }),
  },
  { name: 'a certificate that signed itself', headers: (body) => signed(body, selfSigned) },
  {
    name: 'an expired certificate, as if to renew it',
    headers: (body) => signed(body, expired),
    alarms: true,
  },
  {
    name: 'the victim’s own, which expired long ago',
    headers: (body, { former }) => signed(body, former.expired),
  },
  { name: 'one that is not valid yet', headers: (body) => signed(body, early) },
  { name: 'one for servers', headers: (body) => signed(body, serverOnly) },
  { name: 'one that is an authority', headers: (body) => signed(body, subordinate) },
  { name: 'the authority itself', headers: (body) => signed(body, authority) },
  { name: 'one with a key of 1024 bits', headers: (body) => signed(body, weak) },
  {
    name: 'one that another device’s certificate issued',
    headers: (body, { neighbour }) => {
      const made = issue(neighbour.identity, { commonName: 'Device', keyType: 'ec' });
      return signed(body, made, { chain: [neighbour.identity.certDer] });
    },
  },
  {
    name: 'one that we signed and have no record of',
    headers: (body) => signed(body, unrecorded),
    alarms: true,
  },
  {
    name: 'another device’s',
    headers: (body, { neighbour }) => signed(body, neighbour.identity),
    alarms: true,
  },
  {
    name: 'another device’s, with the victim’s certificate sent along',
    headers: (body, { neighbour, victim }) =>
      signed(body, neighbour.identity, { chain: [victim.identity.certDer] }),
    alarms: true,
  },
  {
    name: 'the victim’s from before it was wiped',
    headers: (body, w) => signed(body, w.former.wiped),
    alarms: true,
  },
  {
    name: 'the one its renewal replaced',
    headers: (body, w) => signed(body, w.former.renewed),
    alarms: true,
  },
  { name: 'a revoked one', headers: (body, w) => signed(body, w.former.revoked), alarms: true },
  {
    name: 'one issued by a link for anyone',
    headers: (body, w) => signed(body, w.unbound.anybody),
    alarms: true,
  },
  {
    name: 'one issued for a serial number',
    headers: (body, w) => signed(body, w.unbound.otherSerial),
    alarms: true,
  },
  { name: 'one issued for a UDID', headers: (body, w) => signed(body, w.unbound.otherUdid), alarms: true },
  {
    name: 'one issued for the victim’s serial number by nobody’s link',
    headers: (body, w) => signed(body, w.unbound.victimSerial),
    alarms: true,
  },
  {
    name: 'one issued by a link that was revoked',
    headers: (body, w) => signed(body, w.unbound.ofRevokedLink),
    alarms: true,
  },
];

/** The victim's own certificate, which is no secret, without its key. */
const BORROWED: Attack[] = [
  {
    name: 'a signature by another key',
    headers: (body, { victim }) =>
      base64(signDetached(body, { certDer: victim.identity.certDer, key: namesake.key })),
  },
  {
    name: 'a signer whose certificate was swapped for the victim’s',
    headers: (body, { victim, neighbour }) =>
      base64(signedData(undefined, [victim.identity.certDer], [signerInfo(body, neighbour.identity)])),
  },
  {
    name: 'two signers, one of them real',
    headers: (body, { victim, neighbour }) => {
      const claimed = { certDer: victim.identity.certDer, key: neighbour.identity.key };
      const certificates = [victim.identity.certDer, neighbour.identity.certDer];
      return base64(
        signedData(undefined, certificates, [
          signerInfo(body, claimed),
          signerInfo(body, neighbour.identity),
        ]),
      );
    },
  },
  {
    name: 'certificates and no signer',
    headers: (_body, { victim }) => base64(signedData(undefined, [victim.identity.certDer], [])),
  },
  { name: 'the bare certificate', headers: (_body, { victim }) => base64(victim.identity.certDer) },
  {
    name: 'the certificate in proxies’ headers (RFC 9440), from an address that is not listed',
    headers: (_body, { victim }) => forwarded(`:${victim.identity.certDer.toString('base64')}:`),
  },
  {
    name: 'the certificate in proxies’ headers (PEM), from an address that is not listed',
    headers: (_body, { victim }) => forwarded(encodeURIComponent(victim.identity.certPem)),
  },
  {
    name: 'the same, and a forwarded address',
    headers: (_body, { victim }) => ({
      ...forwarded(`:${victim.identity.certDer.toString('base64')}:`),
      'x-forwarded-for': '127.0.0.1',
    }),
  },
];

/** What the victim really signed, once. */
const REPLAYED: Attack[] = [
  {
    name: 'its signature over another body',
    headers: (_body, { victim }) => signed(Buffer.from('<plist/>'), victim.identity),
  },
  {
    name: 'its signature, and the body altered since',
    headers: (body, { victim }) => signed(Buffer.concat([body, Buffer.from(' ')]), victim.identity),
  },
  {
    name: 'its signature with the other body inside',
    headers: (_body, { victim }) => signed(Buffer.from('<plist/>'), victim.identity, { attached: true }),
  },
  {
    name: 'another device’s signature of what that said itself',
    headers: (_body, { neighbour }) => ({
      'mdm-signature': String(neighbour.prepareIdle().headers['mdm-signature']),
    }),
  },
  {
    name: 'its attributes, signed for another body, as if they were the content',
    headers: (_body, { victim }) =>
      signed(Buffer.from('<plist/>'), victim.identity, { signedAttributes: false }),
  },
  {
    name: 'its signature in half',
    headers: (body, { victim }) => {
      const whole = signDetached(body, victim.identity);
      return base64(whole.subarray(0, whole.length / 2));
    },
  },
  {
    name: 'its signature without the last byte',
    headers: (body, { victim }) => base64(signDetached(body, victim.identity).subarray(0, -1)),
  },
  {
    name: 'its signature over a digest that is broken (MD5)',
    headers: (body, { victim }) => base64(signedWithMd5(body, victim.identity)),
  },
];

const NOTHING: Attack[] = [
  { name: 'nothing', headers: () => unsigned() },
  { name: 'an empty signature', headers: () => ({ 'mdm-signature': '' }) },
  { name: 'a signature that is no base64', headers: () => ({ 'mdm-signature': '{"alg":"none"}' }) },
  { name: 'a signature that is no CMS', headers: () => base64(Buffer.from('let me in')) },
  { name: 'rubbish in proxies’ headers', headers: () => forwarded('let me in') },
  {
    name: 'a token of the API',
    headers: () => unsigned({ authorization: 'Bearer pomona' }),
  },
];

export const ATTACKS: readonly Attack[] = [...NOTHING, ...OTHERS, ...BORROWED, ...REPLAYED];

/** As an attacker would who found two bodies of one MD5. */
function signedWithMd5(body: Buffer, { certPem, key }: Issued): Buffer {
  const { pkcs7, pki, asn1, util } = forge;
  const message = pkcs7.createSignedData();
  message.content = util.createBuffer(body.toString('latin1'));
  message.addCertificate(certPem);
  message.addSigner({
    key: { sign: (md: forge.md.MessageDigest) => signMd5(md, key) } as unknown as forge.pki.rsa.PrivateKey,
    certificate: pki.certificateFromPem(certPem),
    digestAlgorithm: String(pki.oids['md5']),
    authenticatedAttributes: [
      { type: String(pki.oids['contentType']), value: String(pki.oids['data']) },
      { type: String(pki.oids['messageDigest']) },
    ],
  });
  message.sign({ detached: true });
  return Buffer.from(asn1.toDer(message.toAsn1()).getBytes(), 'latin1');
}

/** RFC 8017 section 9.2, note 1: what stands before the digest. */
const MD5_DIGEST_INFO = Buffer.from('3020300c06082a864886f70d020505000410', 'hex');

/** RSA in Node, which takes a hundredth of the time that it takes in JavaScript. */
function signMd5(md: forge.md.MessageDigest, key: KeyObject): string {
  const digest = Buffer.from(md.digest().getBytes(), 'latin1');
  const padding = constants.RSA_PKCS1_PADDING;
  return privateEncrypt({ key, padding }, Buffer.concat([MD5_DIGEST_INFO, digest])).toString('latin1');
}
