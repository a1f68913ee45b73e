import { createHash, type X509Certificate } from 'node:crypto';
import type { PushCertificate } from '../apple/apns/index.js';

/** What a certificate or token of the server is for. */
export type CertificatePurpose = 'PUSH' | 'DEVICE_CA' | 'TLS' | 'PROFILE_SIGNING' | 'DEP_TOKEN';

/** A certificate, or a token that ends like one, that the server lives on. */
export interface HeldCertificate {
  readonly purpose: CertificatePurpose;
  readonly subject: string;
  /** The push topic, of a push certificate. */
  readonly topic: string | null;
  readonly notAfter: Date;
  /** SHA-256, hexadecimal: tells it from the one that takes its place under the same subject. */
  readonly sha256: string;
}

/** Asked whenever somebody wants to know, because certificates are exchanged while the server runs. Cheap; never throws. */
export type CertificateSource = () => readonly HeldCertificate[];

/** What to do before one of them ends, for somebody who has never done it. */
export const RENEWAL: Readonly<Record<CertificatePurpose, string>> = {
  PUSH:
    'Renew it at identity.apple.com/pushcert with the Apple Account that made it (pushCertificateRequest makes the request), and ' +
    'give it to the server (pushCertificateUpload, or POMONA_APNS_CERT_FILE). Never make a new one: it would have another topic, ' +
    'and enrolled devices would not listen to it.',
  DEVICE_CA:
    'Give the server an authority that lasts longer (POMONA_IDENTITY_CA_CERT_FILE, or POMONA_DEVICE_CA_FILE if it is one of ' +
    'those), and let the devices renew their identities from it before this one ends: after that it vouches for none of them.',
  TLS:
    'Renew the certificate of the server with whoever issued it, and put it in the place of the old one (POMONA_TLS_CERT_FILE). ' +
    'Without it no device connects.',
  PROFILE_SIGNING:
    'Renew the certificate that signs profiles and put it in the place of the old one (POMONA_PROFILE_SIGNING_CERT_FILE). ' +
    'Profiles signed with one that ended are shown as not verified.',
  DEP_TOKEN:
    'Download a new server token in Apple Business (or School) Manager, at the same server there, and upload it to the account here ' +
    '(depAccountTokenUpload). The devices and what they were given stay. Without it Apple tells of no new devices.',
};

/** The push certificate in use, if there is one. */
export function pushSource(push: () => PushCertificate | undefined): CertificateSource {
  return () => {
    const held = push();
    if (held === undefined) return [];
    const { subject, topic, notAfter, fingerprint } = held;
    return [{ purpose: 'PUSH', subject, topic, notAfter, sha256: fingerprint }];
  };
}

/** Certificates that are for one purpose; none are left out. */
export function certificateSource(
  purpose: CertificatePurpose,
  certificates: () => readonly X509Certificate[],
): CertificateSource {
  return () =>
    certificates().map((certificate) => ({
      purpose,
      subject: certificate.subject.replaceAll('\n', ', '),
      topic: null,
      notAfter: certificate.validToDate,
      sha256: createHash('sha256').update(certificate.raw).digest('hex'),
    }));
}
