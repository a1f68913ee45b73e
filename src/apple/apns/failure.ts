/** Why a connection ended, or could not be made. */
export interface ConnectionFailure {
  /** For an admin. */
  words: string;
  /** True when trying again cannot help until somebody changes a certificate or an address. */
  permanent: boolean;
}

/** What OpenSSL says when it does not accept the other side's certificate (openssl-verification-options(1)). */
const UNTRUSTED = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The TLS alerts by which a server says that it does not like our certificate (RFC 8446 section 6.2). */
const REFUSED_US = /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)/;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'connecting timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name could not be looked up',
};

/** A failure that may pass by itself. */
export const passing = (words: string): ConnectionFailure => ({ words, permanent: false });

/** A failure that stays until somebody mends its cause. */
export const permanent = (words: string): ConnectionFailure => ({ words, permanent: true });

/** Puts a socket's, TLS's or HTTP/2's error into words. `origin` is `https://host:port`. */
export function failureOf(error: NodeJS.ErrnoException, origin: string): ConnectionFailure {
  const code = error.code ?? '';
  if (UNTRUSTED.has(code)) {
    return permanent(`the certificate of ${origin} is not trusted (${code}: ${error.message})`);
  }
  if (REFUSED_US.test(code)) return permanent(`${origin} refused the push certificate (${code})`);
  return passing(`${WORDS[code] ?? error.message} (${origin})`);
}
