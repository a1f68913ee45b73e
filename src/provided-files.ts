import { createHash, createPrivateKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Authority } from './apple/x509/index.js';
import { loadPushCertificate, type PushCertificate } from './apple/apns/index.js';
import { ConfigError, type Config } from './config/index.js';

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

/**
 * The authority the operator brought to issue device identities; undefined when none is configured. Throws ConfigError for
 * one that could not issue: no authority, expired, not RSA (requests are encrypted for it, RFC 8894 section 2.1.2), or a key
 * that is another's.
 */
export function readIdentityAuthority(config: Config, now: number): Authority | undefined {
  const { IDENTITY_CA_CERT_FILE: path, IDENTITY_CA_KEY_FILE: keyPath } = config;
  if (path === undefined || keyPath === undefined) return undefined;
  const [certificate] = certificatesIn(path, 'IDENTITY_CA_CERT_FILE');
  const privateKey = readKey(keyPath, 'IDENTITY_CA_KEY_FILE');
  const problem =
    certificate === undefined ? 'holds no certificate' : whyNoAuthority(certificate, privateKey, now);
  if (certificate === undefined || problem !== undefined)
    throw new ConfigError(`POMONA_IDENTITY_CA_CERT_FILE: ${path} ${problem}.`);
  return { certificate, privateKey };
}

function whyNoAuthority(certificate: X509Certificate, key: KeyObject, now: number): string | undefined {
  const { publicKey, validFromDate, validToDate } = certificate;
  if (!certificate.ca)
    return 'holds a certificate that is no authority (it needs CA:TRUE and the usage keyCertSign)';
  if (publicKey.asymmetricKeyType !== 'rsa' || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    return 'holds an authority whose key is not RSA of 2048 bits or more, which SCEP needs';
  if (!certificate.checkPrivateKey(key))
    return 'holds a certificate that POMONA_IDENTITY_CA_KEY_FILE is not the key of';
  if (validToDate.getTime() <= now) return `holds an authority that expired on ${validToDate.toISOString()}`;
  if (validFromDate.getTime() > now)
    return `holds an authority that is not valid before ${validFromDate.toISOString()}`;
  return undefined;
}

function readKey(path: string, name: string): KeyObject {
  try {
    return createPrivateKey(readBytes(path, name));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `POMONA_${name}: ${path} holds no private key that can be read; it has to be PEM, without a passphrase.`,
      { cause: error },
    );
  }
}

/** At least one. */
function certificatesIn(path: string, name: string): X509Certificate[] {
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

/**
 * A key of our own, made at the first start and readable by the server alone. Losing it loses what it sealed: back it up with
 * the database. It appears whole: of processes that start at once, one makes it, and none reads half of it.
 */
export function generatedKey(path: string): Buffer {
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
    writeFileSync(draft, randomBytes(32), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, path);
    } catch (error) {
      // Where there are no hard links, the last of several first starts wins.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return readFileSync(path);
}
