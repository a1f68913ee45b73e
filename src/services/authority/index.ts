/** Who gets an identity certificate, and what each is worth: the server's own authority. */
export { CertificateAuthority, type AuthorityHouse } from './certificate-authority.js';
export { Challenges, type EnrollmentGrant } from './challenges.js';
export type { EnrollingOptions } from './enrolling.js';
export {
  IdentityCertificates,
  type BoundCertificate,
  type IdentityCertificateFilter,
} from './identity-certificates.js';
export type { IssuedStatus, Standing } from './issued-certificates.js';
