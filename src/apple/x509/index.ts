/** Certificates that we make: an authority, identities of devices; and the requests that devices make for them. */
export { createAuthority, type Authority, type AuthorityOptions } from './authority.js';
export { X509Error, type X509ErrorCode } from './errors.js';
export { issueIdentity, type IdentityOptions } from './identity.js';
export { readCertificateRequest, type CertificateRequest } from './request.js';
