import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { bits, integer, nothing, oid, printable, sequence, setOf, tagged, utf8 } from '../der.js';
import type { SignDigest } from '../cms-sign.js';

const SIGNATURE_OIDS = {
  rsa: {
    sha1: '1.2.840.113549.1.1.5',
    sha256: '1.2.840.113549.1.1.11',
    sha384: '1.2.840.113549.1.1.12',
    sha512: '1.2.840.113549.1.1.13',
  },
  ec: {
    sha1: '1.2.840.10045.4.1',
    sha256: '1.2.840.10045.4.3.2',
    sha384: '1.2.840.10045.4.3.3',
    sha512: '1.2.840.10045.4.3.4',
  },
} as const;

export interface CsrOptions {
  key: KeyObject;
  /** Default: `Device`. The server gives the certificate a name of its own. */
  commonName?: string;
  challenge?: string;
  /** DER of an Extensions value to ask for; the server looks at none. */
  extensions?: Buffer;
  /** Default `sha256`. */
  digest?: SignDigest;
}

function signatureAlgorithm(key: KeyObject, digest: SignDigest): Buffer {
  const type = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  return sequence(oid(SIGNATURE_OIDS[type][digest]), ...(type === 'rsa' ? [nothing()] : []));
}

const name = (commonName: string): Buffer => sequence(setOf(sequence(oid('2.5.4.3'), utf8(commonName))));

/** A PKCS#10 request (RFC 2986). */
export function makeCsr(o: CsrOptions): Buffer {
  const digest = o.digest ?? 'sha256';
  const challenge =
    o.challenge === undefined ? [] : [sequence(oid('1.2.840.113549.1.9.7'), setOf(printable(o.challenge)))];
  const extensions = o.extensions ? [sequence(oid('1.2.840.113549.1.9.14'), setOf(o.extensions))] : [];
  const info = sequence(
    integer(0n),
    name(o.commonName ?? 'Device'),
    createPublicKey(o.key).export({ type: 'spki', format: 'der' }),
    tagged(0, ...challenge, ...extensions),
  );
  return sequence(info, signatureAlgorithm(o.key, digest), bits(sign(digest, info, o.key)));
}
