import { createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import * as der from '../asn1/write.js';
import { signCertificate } from '../x509/certificate.js';
import { distinguishedName } from '../x509/name.js';
import { toPem } from './request.js';

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
/** keyEncipherment alone: bit 2, counted from the left (RFC 5280 section 4.2.1.3). */
const KEY_ENCIPHERMENT = der.bits(Buffer.from([0b0010_0000]), 5);
const DAY_MS = 24 * 60 * 60_000;
const LIFE_MS = 366 * DAY_MS;

const critical = (id: string, value: Buffer): Buffer =>
  der.sequence(der.oid(id), der.boolean(true), der.octets(value));

/**
 * A self-signed certificate, PEM, for a signing service to encrypt its answer to. What it carries is no secret, but the
 * service sends it by mail in no other way.
 */
export function exchangeCertificate(key: KeyObject, now: number): string {
  const name = distinguishedName({ commonName: 'Pomona push certificate request' });
  const certificate = signCertificate(
    {
      // 120 random bits, the first of them set: above zero.
      serialNumber: BigInt(`0x01${randomBytes(15).toString('hex')}`),
      issuer: name,
      subject: name,
      publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }),
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + LIFE_MS),
      extensions: [critical(BASIC_CONSTRAINTS, der.sequence()), critical(KEY_USAGE, KEY_ENCIPHERMENT)],
    },
    key,
  );
  return toPem('CERTIFICATE', certificate);
}
