import { createHash, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { fingerprint } from '../../apple/identity/index.js';
import { issueIdentity, type Authority } from '../../apple/x509/index.js';
import { PomonaError } from '../../errors.js';

/** Devices whose clocks are behind ours must find their certificate valid. */
const BACKDATED_MS = 60 * 60_000;
const SERIAL_BYTES = 16;

export interface IssueOptions {
  /** O of the subject. */
  readonly organization: string;
  /** How long an identity is valid, in milliseconds. */
  readonly validityMs: number;
}

/** A certificate that was made and not recorded yet. */
export interface NewIdentity {
  readonly der: Buffer;
  readonly sha256: string;
  readonly certificate: X509Certificate;
  readonly serial: string;
  readonly subject: string;
}

/**
 * Makes an identity for a key. Everything in it but the key is ours: subject, serial number, extensions, validity (CERT
 * VU#971035). It never outlives the authority. Throws UNAVAILABLE when that has run out.
 */
export function makeIdentity(
  authority: Authority,
  publicKey: KeyObject,
  { organization, validityMs }: IssueOptions,
  now: number,
): NewIdentity {
  const end = authority.certificate.validToDate.getTime();
  if (end <= now) throw new PomonaError('UNAVAILABLE', 'The device authority has expired: renew it.');
  const commonName = uuidv7();
  const serialNumber = newSerial();
  const der = issueIdentity({
    authority,
    publicKey,
    commonName,
    organization,
    serialNumber,
    notBefore: seconds(Math.max(now - BACKDATED_MS, authority.certificate.validFromDate.getTime())),
    notAfter: seconds(Math.min(now + validityMs, end)),
  });
  const certificate = new X509Certificate(der);
  const subject = `CN=${commonName}, O=${organization}`;
  return { der, sha256: fingerprint(der), certificate, serial: serialNumber, subject };
}

/** SHA-256 of a key as certificates have it (SubjectPublicKeyInfo). */
export function keyHash(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Random, positive, of one length (RFC 5280 section 4.1.2.2: at most 20 bytes). */
function newSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** Certificates know no milliseconds. */
function seconds(at: number): Date {
  return new Date(Math.floor(at / 1_000) * 1_000);
}
