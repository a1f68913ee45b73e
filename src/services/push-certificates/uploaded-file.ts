import { X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import {
  loadPushCertificate,
  PushCertificateError,
  readMaterial,
  type CertificateInput,
  type PushCertificate,
} from '../../apple/apns/index.js';
import { publicKeyHash } from '../../apple/push-request/index.js';
import { PomonaError } from '../../errors.js';

/** A certificate as an admin uploads it. */
export interface UploadedFile {
  /** PEM as it is, or base64 of a .p12 or .cer file. */
  readonly certificate: string;
  /** Of the .p12, or of the encrypted key. */
  readonly passphrase?: string | undefined;
  /** PEM, for a certificate that was not requested here. */
  readonly privateKey?: string | undefined;
}

/** What was uploaded, read and not yet judged. */
export interface ReadUpload {
  readonly input: CertificateInput;
  /** Whether it brought a private key. */
  readonly hasKey: boolean;
  /** SHA-256 of the public key of each certificate in it. */
  readonly publicKeys: readonly string[];
}

/** Throws INVALID, naming what was wrong and where. */
export function readUpload(file: UploadedFile): ReadUpload {
  const input: CertificateInput = {
    certificate: bytesOf(file.certificate),
    ...(file.privateKey === undefined ? {} : { key: Buffer.from(file.privateKey, 'utf8') }),
    ...(file.passphrase === undefined ? {} : { passphrase: file.passphrase }),
  };
  const { certificates, key } = refused(input, () => readMaterial(input), 'certificate');
  const publicKeys = certificates.map(({ publicKey }) => publicKeyHash(publicKey));
  return { input, hasKey: key !== undefined || input.key !== undefined, publicKeys };
}

/**
 * The push certificate in an upload, found usable now.
 * @param known the key of the request it answers
 * @throws PomonaError INVALID
 */
export function judgeUpload(
  { input, hasKey }: ReadUpload,
  known: KeyObject | undefined,
  now: number,
): PushCertificate {
  const key = hasKey ? undefined : known?.export({ type: 'pkcs8', format: 'der' });
  const whole = key === undefined ? input : { ...input, key };
  const part = input.key === undefined ? 'certificate' : 'privateKey';
  const certificate = refused(input, () => loadPushCertificate(whole, new Date(now)), part);
  mustServeTls(certificate);
  return certificate;
}

/** The public key of the certificate itself, not of its issuers. */
export function publicKeyOf({ certPem }: PushCertificate): string {
  return publicKeyHash(new X509Certificate(certPem).publicKey);
}

/** Hexadecimal. */
export function serialNumberOf({ certPem }: PushCertificate): string {
  return new X509Certificate(certPem).serialNumber.toLowerCase();
}

function bytesOf(text: string): Buffer {
  if (text.includes('-----BEGIN ')) return Buffer.from(text, 'utf8');
  const base64 = text.replaceAll(/\s/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return Buffer.from(base64, 'base64');
  throw new PomonaError(
    'INVALID',
    'The certificate is neither PEM (“-----BEGIN CERTIFICATE-----”) nor base64 of a .p12 or .cer file.',
    { path: ['certificate'] },
  );
}

function refused<T>(input: CertificateInput, work: () => T, part: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PushCertificateError)) throw error;
    throw new PomonaError('INVALID', wordsFor(error), { path: [placeOf(error, input, part)], cause: error });
  }
}

function wordsFor({ code, message }: PushCertificateError): string {
  if (code !== 'key-missing') return message;
  return (
    'None of the signing requests made here has the key of this certificate. Upload the one that Apple made from an open request ' +
    '(see `pushCertificates`); or, if the key was made elsewhere, give it as `privateKey`, or a .p12 with both.'
  );
}

function placeOf({ code }: PushCertificateError, input: CertificateInput, part: string): string {
  if (code === 'wrong-passphrase') return 'passphrase';
  if (code === 'key-mismatch') return input.key === undefined ? 'certificate' : 'privateKey';
  return code === 'unreadable' ? part : 'certificate';
}

/** What OpenSSL refuses (a key too short, a digest too old) would otherwise fail at the first push. */
function mustServeTls({ certPem, chainPem, keyPem }: PushCertificate): void {
  try {
    createSecureContext({ cert: [certPem, ...chainPem].join('\n'), key: keyPem });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PomonaError(
      'INVALID',
      `The certificate cannot be used for TLS, which APNs asks for: ${reason}.`,
      {
        path: ['certificate'],
        cause,
      },
    );
  }
}
