import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { PushVendor } from '../apple/push-request/index.js';
import { ConfigError, type Config } from '../config/index.js';
import { readPushCertificate } from './files.js';
import type { ProvidedPushCertificate } from '../services/push-certificates/index.js';

/** The files about push that an operator provides. Those that will not do stop the start in words. */

/** The push certificate in files that may be exchanged while the server runs; undefined when none is configured. */
export function providedPushCertificate(config: Config): ProvidedPushCertificate | undefined {
  const first = readPushCertificate(config);
  if (first === undefined) return undefined;
  const paths = [config.APNS_CERT_FILE, config.APNS_KEY_FILE].filter((path) => path !== undefined);
  return {
    first,
    fingerprint: async () => (await Promise.all(paths.map(contentOf))).join(' '),
    read: () => readPushCertificate(config) ?? first,
  };
}

async function contentOf(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

/**
 * What an MDM vendor signs requests with; undefined when it is not configured. Throws ConfigError for what Apple would refuse:
 * another's key, one that is not RSA, a chain with a gap or without an authority, a certificate that has run out.
 */
export function readPushVendor(config: Config, now: number): PushVendor | undefined {
  const { PUSH_VENDOR_CERT_FILE: path, PUSH_VENDOR_KEY_FILE: keyPath } = config;
  if (path === undefined || keyPath === undefined) return undefined;
  const certificates = certificatesOf(textOf(path, 'PUSH_VENDOR_CERT_FILE'), path);
  const privateKey = keyOf(textOf(keyPath, 'PUSH_VENDOR_KEY_FILE'), keyPath);
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(privateKey));
  const chain = leaf === undefined ? [] : chainFrom(leaf, certificates);
  const problem = whyNoVendor(chain, privateKey, now);
  if (problem !== undefined) throw new ConfigError(`POMONA_PUSH_VENDOR_CERT_FILE: ${path} ${problem}.`);
  return { chain, privateKey };
}

function whyNoVendor(chain: readonly X509Certificate[], key: KeyObject, now: number): string | undefined {
  const [leaf, issuer] = chain;
  if (leaf === undefined) return 'holds no certificate that POMONA_PUSH_VENDOR_KEY_FILE is the key of';
  if (key.asymmetricKeyType !== 'rsa')
    return 'holds a certificate whose key is not RSA, which Apple asks for';
  if (leaf.validToDate.getTime() <= now)
    return `holds a vendor certificate that expired on ${leaf.validToDate.toISOString()}`;
  if (issuer === undefined)
    return 'lacks the authorities that Apple asks for: append the Worldwide Developer Relations certificate and the root of Apple';
  return undefined;
}

/** Each certificate followed by its issuer, as far as the file has them. */
function chainFrom(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  const rest = certificates.filter((certificate) => certificate !== leaf);
  for (let last = leaf; ;) {
    const next = rest.find(
      (one) => !chain.includes(one) && last.checkIssued(one) && last.verify(one.publicKey),
    );
    if (next === undefined) return chain;
    chain.push(next);
    last = next;
  }
}

function certificatesOf(text: string, path: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new ConfigError(`POMONA_PUSH_VENDOR_CERT_FILE: ${path} holds a certificate that cannot be read.`, {
      cause,
    });
  }
}

function keyOf(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new ConfigError(
      `POMONA_PUSH_VENDOR_KEY_FILE: ${path} holds no private key that can be read; it has to be PEM, without a passphrase.`,
      { cause },
    );
  }
}

function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError(`POMONA_${name}: ${path} cannot be read (${code}).`, { cause });
  }
}
