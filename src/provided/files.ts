import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadPushCertificate, type PushCertificate } from '../apple/apns/index.js';
import { APPLE_DEVICE_CA } from '../apple/machine-info/index.js';
import { ConfigError, type Config } from '../config/index.js';

/** The files an operator provides, read at the start: a file that will not do stops it in words, before anything is written. */

/** The MDM push certificate with its key; undefined when none is configured. */
export function readPushCertificate(config: Config): PushCertificate | undefined {
  if (config.APNS_CERT_FILE === undefined) return undefined;
  const key =
    config.APNS_KEY_FILE === undefined ? undefined : readBytes(config.APNS_KEY_FILE, 'APNS_KEY_FILE');
  const certificate = readBytes(config.APNS_CERT_FILE, 'APNS_CERT_FILE');
  try {
    return loadPushCertificate({
      certificate,
      ...(key === undefined ? {} : { key }),
      ...(config.APNS_KEY_PASSPHRASE === undefined ? {} : { passphrase: config.APNS_KEY_PASSPHRASE }),
    });
  } catch (error) {
    throw new ConfigError(`POMONA_APNS_CERT_FILE: ${(error as Error).message}`, { cause: error });
  }
}

/** The authorities whose identities are accepted beside our own; none when none are configured. */
export function readAnchors(path: string | undefined): X509Certificate[] {
  return path === undefined ? [] : certificatesIn(path, 'DEVICE_CA_FILE');
}

/** Who issues the certificates that Apple devices sign their attributes with: Apple, unless the operator says otherwise. */
export function readAppleAuthorities(path: string | undefined): X509Certificate[] {
  if (path === undefined) return [new X509Certificate(APPLE_DEVICE_CA)];
  return certificatesIn(path, 'APPLE_DEVICE_CA_FILE');
}

/** The certificates of a PEM file, at least one. @param name the option that names the file */
export function certificatesIn(path: string, name: string): X509Certificate[] {
  const blocks =
    readBytes(path, name)
      .toString('utf8')
      .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new ConfigError(
      `POMONA_${name}: ${path} holds no certificate; it has to be PEM (-----BEGIN CERTIFICATE-----).`,
    );
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new ConfigError(`POMONA_${name}: ${path} holds a certificate that cannot be read.`, {
      cause: error,
    });
  }
}

/** The GraphQL documents clients may name by hash; none when no file is configured. Whether they fit the schema is seen later. */
export function readTrustedDocuments(path: string | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return new Map();
  const documents = Object.entries(jsonObject(readBytes(path, 'TRUSTED_DOCUMENTS_FILE'), path));
  return new Map(documents.map(([name, text]) => trustedDocument(name, text, path)));
}

function jsonObject(bytes: Buffer, path: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return content as Record<string, unknown>;
  } catch {
    // Told below, like JSON of another shape.
  }
  throw new ConfigError(
    `POMONA_TRUSTED_DOCUMENTS_FILE: ${path} has to be a JSON object of documents by their hash, {"<sha256>": "query …"}.`,
  );
}

function trustedDocument(name: string, text: unknown, path: string): [hash: string, text: string] {
  const hash = name.replace(/^sha256:/, '');
  const own = typeof text === 'string' ? createHash('sha256').update(text).digest('hex') : undefined;
  if (typeof text === 'string' && hash === own) return [hash, text];
  throw new ConfigError(
    `POMONA_TRUSTED_DOCUMENTS_FILE: in ${path} the document "${name}" ` +
      (own === undefined ? 'is no text.' : `has the SHA-256 ${own}; it has to be named by that.`),
  );
}

/** A text file that an option names; undefined when it names none. */
export function readText(path: string | undefined, name: string): string | undefined {
  return path === undefined ? undefined : readBytes(path, name).toString('utf8');
}

/** @param name the option that names the file, for the ConfigError when it cannot be read */
export function readBytes(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(
      `POMONA_${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      { cause: error },
    );
  }
}
