/**
 * What GetCACaps answers (RFC 8894 section 3.5.2). Single DES is read but not offered; most of the rest is implied by
 * SCEPStandard and said again for clients older than that word. SHA-384 is not a word of the RFC, but strongSwan 5.9, which
 * mistakes its place for that of SCEPStandard, uses AES with no authority that does not say it.
 */
export const SCEP_CAPABILITIES = [
  'AES',
  'DES3',
  'POSTPKIOperation',
  'Renewal',
  'SCEPStandard',
  'SHA-1',
  'SHA-256',
  'SHA-384',
  'SHA-512',
  '',
].join('\n');
