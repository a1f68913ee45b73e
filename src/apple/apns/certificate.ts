import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { readKey, readMaterial, type CertificateInput } from './certificate-file.js';
import { PushCertificateError } from './certificate-error.js';

/** An MDM push certificate that was found usable: what APNs asks for in mutual TLS, and what an admin asks about it. */
export interface PushCertificate {
  certPem: string;
  /** Intermediates, the leaf's issuer first, without the root. */
  chainPem: string[];
  /** PKCS#8, not encrypted. */
  keyPem: string;
  /** The `apns-topic` and the `Topic` of the MDM payload: `com.apple.mgmt.…`. */
  topic: string;
  subject: string;
  notBefore: Date;
  notAfter: Date;
  /** SHA-256 of the DER, lowercase hex. */
  fingerprint: string;
}

const TOPIC_PREFIX = 'com.apple.mgmt.';

/**
 * Reads and checks an MDM push certificate. `certificate` is PEM (with the key and the chain, or without), DER, or
 * PKCS#12; `key` is PEM or DER. The topic is the subject's user id, OID 0.9.2342.19200300.100.1.1 (Apple: "Sending MDM
 * commands to a device"). `at` is the time the certificate has to be valid; default now.
 * @throws PushCertificateError
 */
export function loadPushCertificate(input: CertificateInput, at: Date = new Date()): PushCertificate {
  const material = readMaterial(input);
  const key = input.key ? readKey(input.key, input.passphrase) : material.key;
  const leaf = chooseLeaf(material.certificates, key);
  const topic = topicOf(leaf);
  if (!key) {
    throw new PushCertificateError(
      'key-missing',
      'The push certificate came without its private key: give the key that its signing request was made with, or a .p12 with both.',
    );
  }
  if (!leaf.checkPrivateKey(key)) {
    throw new PushCertificateError(
      'key-mismatch',
      'The private key is not the push certificate’s: give the key that its signing request was made with. A renewed certificate needs the key of the renewal’s own request.',
    );
  }
  checkDates(leaf, at);
  return describe(leaf, material.certificates, key, topic);
}

function describe(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
  key: KeyObject,
  topic: string,
): PushCertificate {
  return {
    certPem: leaf.toString(),
    chainPem: chainOf(leaf, certificates).map(String),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    topic,
    subject: leaf.subject.split('\n').join(', '),
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    fingerprint: createHash('sha256').update(leaf.raw).digest('hex'),
  };
}

/** In a file of several, the push certificate is the one the key belongs to; failing that, the one with a topic. */
function chooseLeaf(certificates: readonly X509Certificate[], key: KeyObject | undefined): X509Certificate {
  const leaf =
    certificates.find((certificate) => key && certificate.checkPrivateKey(key)) ??
    certificates.find((certificate) => userId(certificate)?.startsWith(TOPIC_PREFIX)) ??
    certificates[0];
  if (!leaf) {
    throw new PushCertificateError(
      'unreadable',
      'There is no certificate in the file: give the .pem downloaded from identity.apple.com/pushcert, or a .p12.',
    );
  }
  return leaf;
}

function userId(certificate: X509Certificate): string | undefined {
  const uid = certificate.toLegacyObject().subject['UID'];
  return Array.isArray(uid) ? uid[0] : uid;
}

function topicOf(leaf: X509Certificate): string {
  const uid = userId(leaf);
  if (uid?.startsWith(TOPIC_PREFIX)) return uid;
  const found = uid === undefined ? 'has no user id' : `has the user id “${uid}”`;
  throw new PushCertificateError(
    'not-mdm',
    `This is not an MDM push certificate: its subject ${found}, and one from identity.apple.com/pushcert has one that begins with ${TOPIC_PREFIX}`,
  );
}

function checkDates(leaf: X509Certificate, at: Date): void {
  if (at > leaf.validToDate) {
    throw new PushCertificateError(
      'expired',
      `The push certificate expired on ${leaf.validToDate.toISOString()}: renew it at identity.apple.com/pushcert with the Apple Account that made it (another one gives another topic, and enrolled devices stop listening).`,
    );
  }
  if (at < leaf.validFromDate) {
    throw new PushCertificateError(
      'not-yet-valid',
      `The push certificate is valid only from ${leaf.validFromDate.toISOString()}: check this machine’s clock.`,
    );
  }
}

function chainOf(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const rest = new Set(certificates);
  rest.delete(leaf);
  for (let last: X509Certificate | undefined = leaf; last;) {
    const issued: X509Certificate = last;
    last = [...rest].find((candidate) => issued.checkIssued(candidate) && !candidate.checkIssued(candidate));
    if (last) {
      chain.push(last);
      rest.delete(last);
    }
  }
  return chain;
}
