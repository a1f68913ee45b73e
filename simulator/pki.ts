import { readCertificateRequest } from '../src/apple/x509/index.js';
import { certify, issue, selfSigned } from './pki/certificate.js';
import type { Issued, IssueOptions } from './pki/options.js';

export { createAppleDeviceAuthority, issueAppleDevice } from './pki/apple-device.js';
export { issue } from './pki/certificate.js';
export { pkcs12 } from './pki/pkcs12.js';
export type { Issued, IssueOptions } from './pki/options.js';

/** A self-signed certificate authority. */
export function createAuthority(commonName: string, o: Partial<IssueOptions> = {}): Issued {
  return selfSigned({ ca: true, ...o, commonName });
}

/** What a device presents: the identity that the enrolment profile or SCEP gave it. */
export function issueDeviceIdentity(
  authority: Issued,
  commonName: string,
  o: Partial<IssueOptions> = {},
): Issued {
  return issue(authority, { extendedKeyUsage: ['clientAuth'], ...o, commonName });
}

/** What Apple gives an MDM vendor's customer: the topic (`com.apple.mgmt.External.…`) is the subject's UID. */
export function issuePushCertificate(
  authority: Issued,
  topic: string,
  o: Partial<IssueOptions> = {},
): Issued {
  return issue(authority, { ...pushOptions(topic), ...o });
}

/** The same for a signing request, PEM, as identity.apple.com/pushcert answers it: the certificate, PEM. */
export function answerPushRequest(
  authority: Issued,
  csrPem: string,
  topic: string,
  o: Partial<IssueOptions> = {},
): string {
  const csr = Buffer.from(csrPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return certify(authority, readCertificateRequest(csr).publicKey, { ...pushOptions(topic), ...o });
}

function pushOptions(topic: string): IssueOptions {
  return {
    commonName: `APSP:${topic.split('.').at(-1)}`,
    uid: topic,
    extendedKeyUsage: ['clientAuth'],
    appleMdmPush: true,
  };
}

/** For TLS servers on this machine: `localhost`, 127.0.0.1 and ::1. */
export function issueServerCertificate(authority: Issued, o: Partial<IssueOptions> = {}): Issued {
  return issue(authority, {
    commonName: 'localhost',
    keyType: 'ec',
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
    extendedKeyUsage: ['serverAuth'],
    ...o,
  });
}
