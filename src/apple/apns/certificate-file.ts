import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { PushCertificateError } from './certificate-error.js';
import { readPkcs12 } from './pkcs12.js';

export interface CertificateInput {
  certificate: Buffer;
  key?: Buffer;
  passphrase?: string;
}

/** What was in a file, unjudged. */
export interface CertificateMaterial {
  certificates: X509Certificate[];
  key?: KeyObject;
}

/** A certificate, its key and its chain are a tenth of this; a parser never sees more. */
const MAX_BYTES = 65_536;

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^]+?-----END \1-----/g;

/**
 * Reads a certificate file: PEM, DER, or PKCS#12.
 * @throws PushCertificateError `unreadable`, `wrong-passphrase`
 */
export function readMaterial(input: CertificateInput): CertificateMaterial {
  const file = bounded(input.certificate);
  if (isPem(file)) return readPem(file.toString('latin1'), input);
  return readDerCertificate(file) ?? readPkcs12(file, input.passphrase);
}

/**
 * Reads a private key: PEM (PKCS#8 or traditional, encrypted or not) or DER.
 * @throws PushCertificateError `unreadable`, `wrong-passphrase`
 */
export function readKey(file: Buffer, passphrase: string | undefined): KeyObject {
  const key = bounded(file);
  try {
    if (isPem(key)) return createPrivateKey({ key, format: 'pem', passphrase });
    return createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase });
  } catch (error) {
    throw keyFailure(key, passphrase, error);
  }
}

function keyFailure(key: Buffer, passphrase: string | undefined, cause: unknown): PushCertificateError {
  if (!/ENCRYPTED/.test(key.toString('latin1'))) {
    return new PushCertificateError(
      'unreadable',
      'The private key cannot be read: give a PEM file that holds “BEGIN PRIVATE KEY” or “BEGIN RSA PRIVATE KEY”.',
      cause,
    );
  }
  return new PushCertificateError(
    'wrong-passphrase',
    passphrase === undefined
      ? 'The private key is encrypted: give its passphrase.'
      : 'The passphrase does not open the private key: give the one it was encrypted with.',
    cause,
  );
}

const isPem = (file: Buffer): boolean => file.includes('-----BEGIN ');

function bounded(file: Buffer): Buffer {
  if (file.length > 0 && file.length <= MAX_BYTES) return file;
  throw new PushCertificateError(
    'unreadable',
    `The file has ${file.length} bytes: a push certificate or its key has some thousands, and at most ${MAX_BYTES} are read.`,
  );
}

function readPem(text: string, input: CertificateInput): CertificateMaterial {
  const blocks = [...text.matchAll(PEM_BLOCK)].map(([pem, label = '']) => ({ pem, label }));
  const certificates = blocks
    .filter(({ label }) => label.endsWith('CERTIFICATE'))
    .map(({ pem }) => readCertificate(pem));
  if (certificates.length === 0) throw noCertificate(blocks.map(({ label }) => label));
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!key || input.key) return { certificates };
  return { certificates, key: readKey(Buffer.from(key.pem, 'latin1'), input.passphrase) };
}

function noCertificate(labels: readonly string[]): PushCertificateError {
  const right = 'give the .pem downloaded from identity.apple.com/pushcert';
  const wrong = labels.some((label) => label.endsWith('CERTIFICATE REQUEST'))
    ? 'The file is a certificate signing request, which Apple turns into the push certificate'
    : `The file has no certificate${labels.length > 0 ? `, only ${labels.join(', ')}` : ''}`;
  return new PushCertificateError('unreadable', `${wrong}: ${right}.`);
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new PushCertificateError(
      'unreadable',
      'The certificate is damaged: download it again from identity.apple.com/pushcert.',
      error,
    );
  }
}

/** A .cer file; undefined when the bytes are something else. */
function readDerCertificate(file: Buffer): CertificateMaterial | undefined {
  try {
    return { certificates: [new X509Certificate(file)] };
  } catch {
    return undefined;
  }
}
