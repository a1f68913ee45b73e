import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { readCertificate } from '../../src/apple/asn1/index.js';
import { bits, integer, nothing, oid, sequence, setOf, tagged, time, utf8 } from '../der.js';
import { extensions, keyIdentifier } from './extensions.js';
import type { Issued, IssueOptions } from './options.js';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/** Who signs: the name that goes into `issuer`, and the key. */
interface Issuer {
  readonly name: Buffer;
  readonly key: KeyObject;
}

function generateKey(type: 'rsa' | 'ec'): KeyObject {
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

const attribute = (id: string, value: string): Buffer => setOf(sequence(oid(id), utf8(value)));

const subjectName = (o: IssueOptions): Buffer =>
  sequence(
    ...(o.uid === undefined ? [] : [attribute('0.9.2342.19200300.100.1.1', o.uid)]),
    attribute('2.5.4.3', o.commonName),
  );

type CertificateDigest = NonNullable<IssueOptions['digest']>;

const RSA_OIDS = { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' } as const;
const ECDSA_OIDS = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' } as const;

const signatureAlgorithm = (key: KeyObject, digest: CertificateDigest = 'sha256'): Buffer =>
  key.asymmetricKeyType === 'rsa'
    ? sequence(oid(RSA_OIDS[digest]), nothing())
    : sequence(oid(ECDSA_OIDS[digest]));

const randomSerial = (): bigint => BigInt(`0x${randomBytes(16).toString('hex')}`) >> 1n;

const publicKeyDer = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' });

/** TBSCertificate, RFC 5280 section 4.1.2. */
function toBeSigned(o: IssueOptions, subjectKey: KeyObject, issuer: Issuer): Buffer {
  const publicKey = publicKeyDer(subjectKey);
  const issuerPublicKey = publicKeyDer(issuer.key);
  const notBefore = o.notBefore ?? new Date(Date.now() - HOUR);
  const notAfter = o.notAfter ?? new Date(Date.now() + (o.ca ? 10 * YEAR : YEAR));
  const v3 = integer(2n);
  return sequence(
    tagged(0, v3),
    integer(o.serialNumber ?? randomSerial()),
    signatureAlgorithm(issuer.key, o.digest),
    issuer.name,
    sequence(time(notBefore), time(notAfter)),
    subjectName(o),
    publicKey,
    tagged(3, extensions(o, keyIdentifier(publicKey), keyIdentifier(issuerPublicKey))),
  );
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;

function encode(issuer: Issuer, o: IssueOptions, key: KeyObject): Buffer {
  const tbs = toBeSigned(o, key, issuer);
  const signature = sign(o.digest ?? 'sha256', tbs, issuer.key);
  return sequence(tbs, signatureAlgorithm(issuer.key, o.digest), bits(signature));
}

function signedBy(issuer: Issuer, o: IssueOptions, key: KeyObject): Issued {
  const certDer = encode(issuer, o, key);
  const keyPem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { certPem: pem(certDer), keyPem, certDer, key };
}

/** A certificate signed by `authority`, whether or not that is one: tests need the wrong kind too. */
export function issue(authority: Issued, o: IssueOptions): Issued {
  return signedBy(issuerOf(authority), o, o.key ?? generateKey(o.keyType ?? 'rsa'));
}

/** PEM of a certificate for a key that is somebody else's. */
export function certify(authority: Issued, publicKey: KeyObject, o: IssueOptions): string {
  return pem(encode(issuerOf(authority), o, publicKey));
}

const issuerOf = ({ certDer, key }: Issued): Issuer => ({ name: readCertificate(certDer).subject, key });

export function selfSigned(o: IssueOptions): Issued {
  const key = o.key ?? generateKey(o.keyType ?? 'rsa');
  return signedBy({ name: subjectName(o), key }, o, key);
}
