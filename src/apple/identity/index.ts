/** Who is calling: certificates of devices, where they come from and whether they are to be believed. */
export { verifyChain, type ChainOptions } from './chain.js';
export { constraintsOf } from './constraints.js';
export { IdentityError, type IdentityErrorCode } from './errors.js';
export { fingerprint, fingerprintOf } from './fingerprint.js';
export { certificateFromHeader } from './header.js';
export { checkSignatureAlgorithm, isStrongKey } from './strength.js';
