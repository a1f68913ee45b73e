import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority, issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { certificateFromHeader, fingerprint, IdentityError } from '../../src/apple/identity/index.js';

const authority = createAuthority('CA', { keyType: 'ec' });

/** Certificates of growing names, until one's base64 ends in a single `=`. */
function issuePadded(name = 'Device'): Issued {
  const issued = issueDeviceIdentity(authority, name, { keyType: 'ec' });
  return issued.certDer.length % 3 === 2 ? issued : issuePadded(`${name}.`);
}

const { certDer, certPem } = issuePadded();
const base64 = certDer.toString('base64');

/** Two octets leave the last digit's lowest two bits unused; they are 0 in proper base64, so the next digit is not. */
function unusedBitsSet(text: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${text.slice(0, -2)}${digits[digits.indexOf(text.at(-2) ?? '') + 1]}=`;
}

/** As nginx escapes: everything but letters, digits and `-._~/`. */
const nginx = encodeURIComponent(certPem).replaceAll('%2F', '/');

describe('a certificate in a header', () => {
  it.each([
    ['RFC 9440', `:${base64}:`],
    ['RFC 9440 with space around', ` :${base64}: `],
    ['nginx', nginx],
    ['everything escaped', encodeURIComponent(certPem)],
    ['escaped with CRLF', encodeURIComponent(certPem.replaceAll('\n', '\r\n'))],
    ['escaped without the last line end', encodeURIComponent(certPem.trim())],
    ['Traefik', base64],
    ['Traefik, escaped', encodeURIComponent(base64)],
  ])('%s', (_name, value) => {
    expect(certificateFromHeader(value).equals(certDer)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['(null), as Apache writes for none', '(null)'],
    ['an empty structured field', '::'],
    ['one colon missing', `:${base64}`],
    ['parameters', `:${base64}:;a=1`],
    ['two, as repeated headers are joined', `:${base64}:, :${base64}:`],
    ['two in base64', `${base64},${base64}`],
    ['two in PEM', encodeURIComponent(certPem + certPem)],
    ['a line of text before PEM', encodeURIComponent(`subject=x\n${certPem}`)],
    ['base64url', `:${base64.slice(0, 40)}-_${base64.slice(42)}:`],
    ['a character too many', `:${base64.slice(0, 40)}!${base64.slice(40)}:`],
    ['unused bits set', `:${unusedBitsSet(base64)}:`],
    ['a byte missing', `:${certDer.subarray(0, -1).toString('base64')}:`],
    ['a byte too many', `:${Buffer.concat([certDer, Buffer.from([0])]).toString('base64')}:`],
    ['PEM in base64', `:${Buffer.from(certPem).toString('base64')}:`],
    ['something else', `:${Buffer.from('hello').toString('base64')}:`],
    ['a key', encodeURIComponent(certPem.replaceAll('CERTIFICATE', 'PRIVATE KEY'))],
    ['broken escapes', '%E0%A4%A'],
    [
      'white space without end (no pattern may take quadratic time on it)',
      `-----BEGIN CERTIFICATE-----${' '.repeat(32_000)}`,
    ],
    ['too long', `:${'A'.repeat(40_000)}:`],
  ])('is refused: %s', (_name, value) => {
    expect(() => certificateFromHeader(value)).toThrow(IdentityError);
    expect(() => certificateFromHeader(value)).toThrow(expect.objectContaining({ code: 'malformed-header' }));
  });
});

describe('fingerprint', () => {
  it('is what everybody calls SHA-256 of a certificate', () => {
    const known = new X509Certificate(certDer).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(fingerprint(certDer)).toBe(known);
  });
});
