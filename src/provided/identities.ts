import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { PushCertificateError, readMaterial } from '../apple/apns/index.js';
import type { CmsSigner } from '../apple/cms/index.js';
import type { Authority } from '../apple/x509/index.js';
import { ConfigError, type Config } from '../config/index.js';
import { certificatesIn, readBytes } from './files.js';

/** Certificates that the operator brings with their keys. One that will not do stops the start, before anything is written. */

/** The three options that say where a certificate is, where its key is, and what opens that. */
interface Where {
  /** What the names of the options begin with. */
  readonly name: 'IDENTITY_CA' | 'PROFILE_SIGNING';
  readonly certificateFile: string;
  readonly keyFile: string | undefined;
  readonly passphrase: string | undefined;
}

/** What is in the files. */
interface Material {
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject | undefined;
}

const UNREADABLE = 'is no .p12 that can be read';
const PRIVATE_KEY = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[^]+?-----END \1-----/;

/**
 * The authority the operator brought to issue device identities, with those above it; undefined when none is configured.
 * Throws ConfigError for one that could not issue: no authority, expired, not RSA (requests are encrypted for it, RFC 8894
 * section 2.1.2), or a key that is another's.
 */
export function readIdentityAuthority(config: Config, now: number): Authority | undefined {
  if (config.IDENTITY_CA_CERT_FILE === undefined) return undefined;
  const where: Where = {
    name: 'IDENTITY_CA',
    certificateFile: config.IDENTITY_CA_CERT_FILE,
    keyFile: config.IDENTITY_CA_KEY_FILE,
    passphrase: config.IDENTITY_CA_KEY_PASSPHRASE,
  };
  const authority = readIdentity(where, whyNoAuthority);
  const ended = whyNotNow(authority.certificate, now);
  if (ended !== undefined) throw unusable(where, `holds an authority that ${ended}`);
  return authority;
}

/**
 * What enrolment profiles are signed with; undefined when nothing is configured. One that has expired will do: what it signs
 * is shown as not verified, and still takes the place of a profile that was signed with it, which an unsigned one does not.
 */
export function readProfileSigner(config: Config): CmsSigner | undefined {
  if (config.PROFILE_SIGNING_CERT_FILE === undefined) return undefined;
  const where: Where = {
    name: 'PROFILE_SIGNING',
    certificateFile: config.PROFILE_SIGNING_CERT_FILE,
    keyFile: config.PROFILE_SIGNING_KEY_FILE,
    passphrase: config.PROFILE_SIGNING_KEY_PASSPHRASE,
  };
  return readIdentity(where, whyNoSigner);
}

/** @param whyNot what is wrong with a certificate, in words that follow the name of its file */
function readIdentity(where: Where, whyNot: (certificate: X509Certificate) => string | undefined): CmsSigner {
  const { certificates, key } = readFiles(where);
  if (key === undefined)
    throw unusable(
      where,
      `holds no private key: POMONA_${where.name}_CERT_FILE and POMONA_${where.name}_KEY_FILE go together, unless the file has both`,
    );
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  const certificate = own ?? certificates[0];
  if (certificate === undefined) throw unusable(where, 'holds no certificate');
  const problem = whyNot(certificate);
  if (problem !== undefined) throw unusable(where, problem);
  if (own === undefined)
    throw unusable(where, `holds a certificate that POMONA_${where.name}_KEY_FILE is not the key of`);
  return { certificate, privateKey: key, chain: chainOf(certificate, certificates) };
}

function readFiles(where: Where): Material {
  const { name, certificateFile, keyFile, passphrase } = where;
  const bytes = readBytes(certificateFile, `${name}_CERT_FILE`);
  const key = keyFile === undefined ? undefined : keyIn(where, readBytes(keyFile, `${name}_KEY_FILE`));
  if (!bytes.includes('-----BEGIN ') && looksBinary(bytes)) {
    const read = readPkcs12(where, bytes);
    return { ...read, key: key ?? read.key };
  }
  const certificates = certificatesIn(certificateFile, `${name}_CERT_FILE`);
  const inside = PRIVATE_KEY.test(bytes.toString('latin1'))
    ? keyIn({ ...where, keyFile: certificateFile, passphrase }, bytes)
    : undefined;
  return { certificates, key: key ?? inside };
}

/** PKCS#12 is DER, and begins with a SEQUENCE. */
const looksBinary = (bytes: Buffer): boolean => bytes[0] === 0x30;

function readPkcs12(where: Where, certificate: Buffer): Material {
  const { passphrase } = where;
  try {
    const { certificates, key } = readMaterial({
      certificate,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    if (certificates.length === 0) throw unusable(where, UNREADABLE);
    return { certificates, key };
  } catch (error) {
    if (!(error instanceof PushCertificateError)) throw error;
    const problem = error.code === 'wrong-passphrase' ? wrongPassphrase(where) : UNREADABLE;
    throw unusable(where, problem, error);
  }
}

/** A private key in PEM. */
function keyIn({ name, keyFile = '', passphrase }: Where, bytes: Buffer): KeyObject {
  const [block] = PRIVATE_KEY.exec(bytes.toString('latin1')) ?? [];
  const told = `POMONA_${name}_KEY_FILE: ${keyFile}`;
  if (block === undefined)
    throw new ConfigError(`${told} holds no private key; it has to be PEM (-----BEGIN PRIVATE KEY-----).`);
  try {
    return createPrivateKey({
      key: block,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    const problem = /ENCRYPTED/.test(block)
      ? wrongPassphrase({ name, passphrase })
      : 'holds no private key that can be read';
    throw new ConfigError(`${told} ${problem}.`, { cause });
  }
}

function wrongPassphrase({ name, passphrase }: Pick<Where, 'name' | 'passphrase'>): string {
  return passphrase === undefined
    ? `is encrypted: give its passphrase as POMONA_${name}_KEY_PASSPHRASE`
    : `is not opened by the passphrase in POMONA_${name}_KEY_PASSPHRASE`;
}

function whyNoAuthority({ ca, publicKey }: X509Certificate): string | undefined {
  if (!ca) return 'holds a certificate that is no authority (it needs CA:TRUE and the usage keyCertSign)';
  if (publicKey.asymmetricKeyType !== 'rsa' || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    return 'holds an authority whose key is not RSA of 2048 bits or more, which SCEP needs';
  return undefined;
}

function whyNoSigner({ publicKey }: X509Certificate): string | undefined {
  const { asymmetricKeyType } = publicKey;
  return asymmetricKeyType === 'rsa' || asymmetricKeyType === 'ec'
    ? undefined
    : `holds a certificate with a key of the kind ${asymmetricKeyType}; profiles are signed with RSA or EC keys`;
}

function whyNotNow({ validFromDate, validToDate }: X509Certificate, now: number): string | undefined {
  if (validToDate.getTime() <= now) return `expired on ${validToDate.toISOString()}`;
  if (validFromDate.getTime() > now) return `is not valid before ${validFromDate.toISOString()}`;
  return undefined;
}

/** From a certificate's issuer upwards, as far as they were given, whatever their order. */
function chainOf(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const rest = new Set(certificates.filter((certificate) => certificate !== leaf));
  for (let last: X509Certificate | undefined = leaf; last !== undefined;) {
    const issued: X509Certificate = last;
    last = [...rest].find((issuer) => issued.checkIssued(issuer) && issued.verify(issuer.publicKey));
    if (last !== undefined) {
      chain.push(last);
      rest.delete(last);
    }
  }
  return chain;
}

function unusable({ name, certificateFile }: Where, problem: string, cause?: unknown): ConfigError {
  const options = cause === undefined ? undefined : { cause };
  return new ConfigError(`POMONA_${name}_CERT_FILE: ${certificateFile} ${problem}.`, options);
}
