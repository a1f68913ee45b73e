import type { X509Certificate } from 'node:crypto';
import {
  Asn1Error,
  bodyOf,
  Fields,
  members,
  objectIdentifier,
  readCertificate,
  readDocument,
  smallInteger,
  TAG,
} from '../asn1/index.js';
import { IdentityError } from './errors.js';

const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const MAX_USAGES = 32;

/** What a certificate says of itself that decides its place in a chain. */
export interface Constraints {
  /** DER of the Names. */
  readonly subject: Buffer;
  readonly issuer: Buffer;
  /** Object identifier of the algorithm that the issuer signed with. */
  readonly signatureAlgorithm: string;
  readonly ca: boolean;
  /** How many authorities may follow below this one. */
  readonly pathLength: number;
  /** Object identifiers of what it may be used for; undefined when it does not say. */
  readonly usages: readonly string[] | undefined;
}

function basicConstraints(value: Buffer | undefined): { ca: boolean; pathLength: number } {
  if (!value) return { ca: false, pathLength: 0 };
  const fields = new Fields(readDocument(value));
  const flag = fields.optional(TAG.BOOLEAN);
  const length = fields.optional(TAG.INTEGER);
  fields.end('basicConstraints');
  const ca = flag !== undefined && bodyOf(flag)[0] !== 0;
  return { ca, pathLength: length ? smallInteger(length) : Infinity };
}

function extendedKeyUsage(value: Buffer | undefined): string[] | undefined {
  return value && members(readDocument(value), MAX_USAGES, 'extended key usages').map(objectIdentifier);
}

const known = new WeakMap<X509Certificate, Constraints>();

function read(certificate: X509Certificate): Constraints {
  const { subject, issuer, signatureAlgorithm, extensions } = readCertificate(certificate.raw);
  const usages = extendedKeyUsage(extensions.get(EXTENDED_KEY_USAGE));
  const { ca, pathLength } = basicConstraints(extensions.get(BASIC_CONSTRAINTS));
  return { subject, issuer, signatureAlgorithm, ca, pathLength, usages };
}

/** @throws IdentityError `malformed-certificate` when an extension that decides is not readable. */
export function constraintsOf(certificate: X509Certificate): Constraints {
  const before = known.get(certificate);
  if (before) return before;
  try {
    const constraints = read(certificate);
    known.set(certificate, constraints);
    return constraints;
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause;
    throw new IdentityError('malformed-certificate', `a certificate in the chain: ${cause.message}`, {
      cause,
    });
  }
}
