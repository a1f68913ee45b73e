import { certificatesOnly } from '../cms/sign.js';
import type { Authority } from '../x509/index.js';

/** What GetCACert answers, and the content type that says which of the two it is. */
export interface AuthorityCertificates {
  readonly type: 'application/x-x509-ca-cert' | 'application/x-x509-ca-ra-cert';
  readonly body: Buffer;
}

/**
 * The certificate of an authority that stands alone; that of an intermediate one with those above it, which go as a message
 * that nobody signed (RFC 8894 sections 4.2.1.1 and 4.2.1.2). Whoever issues comes first.
 */
export function authorityCertificates({ certificate, chain = [] }: Authority): AuthorityCertificates {
  if (chain.length === 0) return { type: 'application/x-x509-ca-cert', body: certificate.raw };
  const body = certificatesOnly([certificate, ...chain].map(({ raw }) => raw));
  return { type: 'application/x-x509-ca-ra-cert', body };
}
