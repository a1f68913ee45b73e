import { X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  CmsError,
  readUnverifiedCertificates,
  verifySignedData,
  type VerifiedSignature,
} from '../apple/cms/index.js';
import { certificateFromHeader, fingerprintOf, IdentityError, verifyChain } from '../apple/identity/index.js';
import type { Clock } from '../clock.js';
import { PomonaError } from '../errors.js';
import type { PresentedIdentity } from '../services/enrolment/identity-rules.js';

export interface DeviceTrust {
  /** What device identities must chain to: our own authority, and those the operator trusts besides. */
  readonly anchors: readonly X509Certificate[];
  /** Our own alone: what they issued is accepted for its renewal also after its end, for so long, in milliseconds. */
  readonly renewable: { readonly anchors: readonly X509Certificate[]; readonly graceMs: number };
  /** How far a device's clock, or ours, may be off, in milliseconds. */
  readonly skewMs: number;
  /** The header in which a trusted proxy passes the client certificate it verified. */
  readonly certificateHeader: string;
}

/** What the door knows of a request besides its body. */
export interface RequestIdentity {
  readonly signature: string | undefined;
  /** The value of the certificate header, when the request came from a trusted proxy; undefined otherwise. */
  readonly forwardedCertificate: string | undefined;
  /** The certificate that the device showed us when it connected, when no proxy stands between; undefined otherwise. */
  readonly shownCertificate: X509Certificate | undefined;
}

/**
 * Finds out whose request this is: from `Mdm-Signature` (base64 CMS over the exact bytes of the body, RFC 5652) or from a
 * client certificate that a trusted proxy passed on (RFC 9440), or that was shown to us. The certificate must chain to a configured authority.
 * One of our own that has ended lately is told as `expired`, and is good for nothing but its renewal.
 * Throws IDENTITY_REFUSED, saying which check failed.
 */
export function identify(
  request: RequestIdentity,
  body: Buffer,
  trust: DeviceTrust,
  now: Clock,
): PresentedIdentity {
  return refusing(() => {
    const { certificate, others } = presented(request, (signature) => verifySignedData(signature, body));
    const expired = hasExpired(certificate, others, trust, new Date(now()));
    return { certificate, sha256: fingerprintOf(certificate), expired };
  });
}

/**
 * Looks whether a request could be a device's before its body is taken in: whose certificate it shows or says it was signed
 * with. Not more than that, because anyone may have a copy of a certificate. Throws as `identify`.
 */
export function mustLookLikeDevice(request: RequestIdentity, trust: DeviceTrust, now: Clock): void {
  refusing(() => {
    const { certificate, others } = presented(request, readUnverifiedCertificates);
    hasExpired(certificate, others, trust, new Date(now()));
  });
}

function refusing<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof CmsError || error instanceof IdentityError) {
      throw new PomonaError('IDENTITY_REFUSED', `The device's identity was refused: ${error.message}`, {
        cause: error,
        details: { reason: error.code },
      });
    }
    throw error;
  }
}

/** Throws IdentityError for a certificate that is not accepted, or that ended too long ago. */
function hasExpired(certificate: X509Certificate, others: Buffer[], trust: DeviceTrust, at: Date): boolean {
  try {
    verifyChain(certificate, others, [...trust.anchors], at, { skewMs: trust.skewMs });
    return false;
  } catch (error) {
    if (isExpiry(error) && isRenewable(certificate, others, trust, at)) return true;
    throw error;
  }
}

function isExpiry(error: unknown): boolean {
  return error instanceof IdentityError && error.code === 'expired';
}

function isRenewable(
  certificate: X509Certificate,
  others: Buffer[],
  { renewable, skewMs }: DeviceTrust,
  at: Date,
): boolean {
  try {
    const options = { skewMs, expiredGraceMs: renewable.graceMs };
    verifyChain(certificate, others, [...renewable.anchors], at, options);
    return true;
  } catch (error) {
    if (error instanceof IdentityError) return false;
    throw error;
  }
}

/** @param signer of an Mdm-Signature, whether or not that is verified */
function presented(
  request: RequestIdentity,
  signer: (signature: Buffer) => Pick<VerifiedSignature, 'certificate' | 'otherCertificates'>,
): { certificate: X509Certificate; others: Buffer[] } {
  if (request.signature !== undefined) {
    const { certificate, otherCertificates: others } = signer(decodeSignature(request.signature));
    return { certificate, others };
  }
  if (request.forwardedCertificate !== undefined) {
    return { certificate: forwarded(request.forwardedCertificate), others: [] };
  }
  if (request.shownCertificate !== undefined) {
    return { certificate: request.shownCertificate, others: [] };
  }
  throw new PomonaError(
    'IDENTITY_REFUSED',
    'The request carries neither an Mdm-Signature nor a client certificate, its own or from a trusted proxy.',
  );
}

/** Reading a certificate costs more than all the rest that this process does for a request; a device's is always the same. */
const read = new LRUCache<string, X509Certificate>({ max: 4096 });

function forwarded(header: string): X509Certificate {
  const known = read.get(header);
  if (known !== undefined) return known;
  const certificate = new X509Certificate(certificateFromHeader(header));
  read.set(header, certificate);
  return certificate;
}

/** White space goes first: a pattern that allows for it anywhere takes quadratic time to refuse a header full of it. */
function decodeSignature(header: string): Buffer {
  const digits = header.replaceAll(/\s/g, '');
  if (header.length > 64 * 1024 || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) {
    throw new PomonaError('IDENTITY_REFUSED', 'The Mdm-Signature header is not base64.');
  }
  return Buffer.from(digits, 'base64');
}
