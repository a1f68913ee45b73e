import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ConfigError, type Config } from '../config/index.js';

/** The files that an operator gives the listeners for TLS. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  readonly passphrase: string | undefined;
}

/** What was in the two files at one moment. */
export interface TlsContent {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** A certificate with its chain and its key, known to go together. */
export interface ServerCertificate {
  /** PEM: the certificate of this server, then those above it. */
  readonly chain: string;
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
}

/** Undefined when TLS is not configured; that both are given or neither, the configuration has seen to. */
export function tlsFiles({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_KEY_PASSPHRASE }: Config): TlsFiles | undefined {
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return undefined;
  return { certificate: TLS_CERT_FILE, key: TLS_KEY_FILE, passphrase: TLS_KEY_PASSPHRASE };
}

/**
 * Reads a pair from what was in its files. Throws ConfigError for what could not serve: a file that is not PEM or ends in the
 * middle, a key that cannot be opened or is another's. Whether it is valid now is no question here: a server with an expired
 * certificate can still be repaired while it runs.
 */
export function readServerCertificate(files: TlsFiles, content: TlsContent): ServerCertificate {
  const blocks = certificateBlocks(files.certificate, content.certificate.toString('utf8'));
  const certificates = blocks.map((block) => parseCertificate(files.certificate, block));
  const [certificate] = certificates;
  const privateKey = parseKey(files, content.key.toString('utf8'));
  if (certificate === undefined || !certificate.checkPrivateKey(privateKey))
    throw new ConfigError(
      certificates.some((one) => one.checkPrivateKey(privateKey))
        ? `POMONA_TLS_CERT_FILE: ${files.certificate} has to begin with the certificate of this server; the authorities above it follow.`
        : `POMONA_TLS_KEY_FILE: ${files.key} is not the key of the certificate in ${files.certificate}.`,
    );
  const pair = { chain: `${blocks.join('\n')}\n`, privateKey, certificate };
  checkUsable(files, pair);
  return pair;
}

function certificateBlocks(path: string, text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (begun === 0)
    throw new ConfigError(
      `POMONA_TLS_CERT_FILE: ${path} holds no certificate; it has to be PEM (-----BEGIN CERTIFICATE-----).`,
    );
  if (begun !== blocks.length)
    throw new ConfigError(`POMONA_TLS_CERT_FILE: ${path} is not complete: a certificate in it has no end.`);
  return blocks;
}

function parseCertificate(path: string, block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (error) {
    throw new ConfigError(`POMONA_TLS_CERT_FILE: ${path} holds a certificate that cannot be read.`, {
      cause: error,
    });
  }
}

function parseKey({ key: path, passphrase }: TlsFiles, text: string): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw new ConfigError(
      `POMONA_TLS_KEY_FILE: ${path} holds no private key; it has to be PEM (-----BEGIN PRIVATE KEY-----).`,
    );
  if (!/-----END [A-Z ]*PRIVATE KEY-----/.test(text))
    throw new ConfigError(`POMONA_TLS_KEY_FILE: ${path} is not complete: the key in it has no end.`);
  const encrypted = /ENCRYPTED/.test(text);
  if (encrypted && passphrase === undefined)
    throw new ConfigError(
      `POMONA_TLS_KEY_FILE: the key in ${path} is encrypted; give POMONA_TLS_KEY_PASSPHRASE.`,
    );
  try {
    return createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const why = encrypted
      ? `the key in ${path} cannot be opened with POMONA_TLS_KEY_PASSPHRASE`
      : `${path} holds a private key that cannot be read`;
    throw new ConfigError(`POMONA_TLS_KEY_FILE: ${why}.`, { cause: error });
  }
}

/** OpenSSL has rules of its own, such as the least length of keys. */
function checkUsable({ certificate: path }: TlsFiles, { chain, privateKey }: ServerCertificate): void {
  try {
    createSecureContext({ cert: chain, key: pemOf(privateKey) });
  } catch (error) {
    throw new ConfigError(
      `POMONA_TLS_CERT_FILE: ${path} will not do for TLS (${(error as Error).message}).`,
      { cause: error },
    );
  }
}

/** As TLS takes it. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
