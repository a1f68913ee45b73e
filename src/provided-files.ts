import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadPushCertificate, type PushCertificate } from './apple/apns/index.js';
import { ConfigError, type Config } from './config.js';

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

/** The authorities that device identities chain to; none when none are configured. */
export function readAnchors(path: string | undefined): X509Certificate[] {
  if (path === undefined) return [];
  const blocks =
    readBytes(path, 'DEVICE_CA_FILE')
      .toString('utf8')
      .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new ConfigError(
      `POMONA_DEVICE_CA_FILE: ${path} holds no certificate; it has to be PEM (-----BEGIN CERTIFICATE-----).`,
    );
  return blocks.map((block) => new X509Certificate(block));
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

function readBytes(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(
      `POMONA_${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      { cause: error },
    );
  }
}

/** A key of our own, made at the first start and readable by the server alone. Losing it loses what it sealed: back it up with the database. */
export function generatedKey(path: string): Buffer {
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  return readFileSync(path);
}
