import { X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { constraintsOf } from './constraints.js';
import { IdentityError } from './errors.js';
import { fingerprintOf } from './fingerprint.js';
import { findPath } from './path.js';
import { strongKeyOf } from './strength.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** How many certificates that came along are looked at. */
const MAX_OTHERS = 8;

export interface ChainOptions {
  /** How far the two clocks may disagree, in milliseconds. */
  readonly skewMs: number;
  /** How long after its end a certificate is still accepted, in milliseconds; default none, `Infinity` for ever. */
  readonly expiredGraceMs?: number;
}

/** When every certificate of a path is valid, in milliseconds since the epoch. */
interface Validity {
  readonly from: number;
  readonly to: number;
}

/** Paths that were found good, whatever the date. Signatures do not change; dates are compared on every call. */
const trusted = new LRUCache<string, Validity>({ max: 10_000 });

function checkLeaf(leaf: X509Certificate): void {
  const { ca, usages } = constraintsOf(leaf);
  if (ca) throw new IdentityError('wrong-usage', 'the certificate is an authority, not an identity');
  if (usages && !usages.includes(CLIENT_AUTH)) {
    throw new IdentityError('wrong-usage', 'the certificate is not for client authentication');
  }
  strongKeyOf(leaf);
}

/** Certificates that came along and cannot be read are of no use, and no reason to refuse either. */
function readable(der: Buffer): X509Certificate[] {
  try {
    const certificate = new X509Certificate(der);
    constraintsOf(certificate);
    return [certificate];
  } catch {
    return [];
  }
}

function validityOf(path: readonly X509Certificate[]): Validity {
  return {
    from: Math.max(...path.map((certificate) => certificate.validFromDate.getTime())),
    to: Math.min(...path.map((certificate) => certificate.validToDate.getTime())),
  };
}

function trustedValidity(leaf: X509Certificate, others: Buffer[], anchors: X509Certificate[]): Validity {
  const key = [leaf, ...anchors].map(fingerprintOf).join();
  const known = trusted.get(key);
  if (known) return known;
  checkLeaf(leaf);
  const validity = validityOf(findPath(leaf, others.slice(0, MAX_OTHERS).flatMap(readable), anchors));
  trusted.set(key, validity);
  return validity;
}

function checkDates({ from, to }: Validity, at: number, { skewMs, expiredGraceMs = 0 }: ChainOptions): void {
  // Asked this way round, a date that is none is refused too.
  if (!(at >= from - skewMs))
    throw new IdentityError('not-yet-valid', 'the certificate, or an issuer of it, is not valid yet');
  if (!(at <= to + skewMs + expiredGraceMs))
    throw new IdentityError('expired', 'the certificate, or an issuer of it, has expired');
}

/**
 * Checks that `leaf` is an identity issued under one of `anchors`, at a time (RFC 5280 section 6, without policies, name
 * constraints and revocation): a path of at most four certificates through `others` (DER, in any order), each signed by
 * the next, every issuer an authority, every key strong, the leaf not an authority and, if it says, for client
 * authentication. Returns when it is; whether the leaf is the right one is for the caller to compare.
 * @throws IdentityError
 */
export function verifyChain(
  leaf: X509Certificate,
  others: Buffer[],
  anchors: X509Certificate[],
  at: Date,
  options: ChainOptions,
): void {
  checkDates(trustedValidity(leaf, others, anchors), at.getTime(), options);
}
