import { hash, sign, type KeyObject } from 'node:crypto';
import { readCertificate } from '../src/apple/asn1/index.js';
import { integer, nothing, octets, oid, sequence, setOf, tagged, taggedPrimitive, time } from './der.js';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

const DIGEST_OIDS = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;

const ECDSA_OIDS = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
} as const;

export type SignDigest = keyof typeof DIGEST_OIDS;

export interface SignOptions {
  certDer: Buffer;
  key: KeyObject;
  /** Default `sha256`. */
  digest?: SignDigest;
  /** Default: now. */
  signingTime?: Date;
  /** Puts the content inside, as a signed profile has it. Default: apart, as a device signs its requests. */
  attached?: boolean;
  /** Certificates to send along, after the signer's own. */
  chain?: Buffer[];
  /** `false` signs the content itself. Default: signs attributes that name its digest, as devices do. */
  signedAttributes?: boolean;
  /** Names the signer by its certificate's key identifier. Default: by issuer and serial number. */
  byKeyIdentifier?: boolean;
}

const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), setOf(value));

const attributes = (content: Uint8Array, digest: SignDigest, signingTime: Date): Buffer[] => [
  attribute('1.2.840.113549.1.9.3', oid(DATA)),
  attribute('1.2.840.113549.1.9.5', time(signingTime)),
  attribute('1.2.840.113549.1.9.4', octets(hash(digest, content, 'buffer'))),
];

function signerIdentifier(o: SignOptions): Buffer {
  const { issuer, serialNumber, extensions } = readCertificate(o.certDer);
  if (!o.byKeyIdentifier) return sequence(issuer, serialNumber);
  const identifier = extensions.get(SUBJECT_KEY_IDENTIFIER);
  if (!identifier) throw new TypeError('the certificate has no key identifier');
  return taggedPrimitive(0, identifier.subarray(2));
}

const signatureAlgorithm = (key: KeyObject, digest: SignDigest): Buffer =>
  key.asymmetricKeyType === 'rsa'
    ? sequence(oid('1.2.840.113549.1.1.1'), nothing())
    : sequence(oid(ECDSA_OIDS[digest]));

const digestAlgorithm = (digest: SignDigest): Buffer => sequence(oid(DIGEST_OIDS[digest]), nothing());

/** One signer of `content` (RFC 5652 section 5.3). `signed` replaces the attributes that would be signed. */
export function signerInfo(content: Uint8Array, o: SignOptions, signed?: Buffer[]): Buffer {
  const digest = o.digest ?? 'sha256';
  const set = setOf(...(signed ?? attributes(content, digest, o.signingTime ?? new Date())));
  const bare = o.signedAttributes === false;
  const relabelled = Buffer.from(set);
  relabelled[0] = 0xa0;
  return sequence(
    integer(o.byKeyIdentifier ? 3n : 1n),
    signerIdentifier(o),
    digestAlgorithm(digest),
    ...(bare ? [] : [relabelled]),
    signatureAlgorithm(o.key, digest),
    octets(sign(digest, bare ? content : set, o.key)),
  );
}

/** A SignedData in its ContentInfo, from parts that need not belong together: tests need the wrong kind too. */
export function signedData(
  content: Uint8Array | undefined,
  certificates: Buffer[],
  signers: Buffer[],
  digest: SignDigest = 'sha256',
): Buffer {
  const inside = content ? [tagged(0, octets(content))] : [];
  const body = sequence(
    integer(1n),
    setOf(digestAlgorithm(digest)),
    sequence(oid(DATA), ...inside),
    tagged(0, ...certificates),
    setOf(...signers),
  );
  return sequence(oid(SIGNED_DATA), tagged(0, body));
}

/** Signs `content` as a device signs its requests: the base64 of this is the `Mdm-Signature` header. */
export function signDetached(content: Uint8Array, o: SignOptions): Buffer {
  const inside = o.attached ? content : undefined;
  return signedData(inside, [o.certDer, ...(o.chain ?? [])], [signerInfo(content, o)], o.digest);
}
