/** CMS (PKCS#7) signed messages: device requests, signed profiles, MachineInfo. */
export type { Digest } from './algorithms.js';
export { singleValue, type AttributeValues } from './attributes.js';
export { CmsError, type CmsErrorCode } from './errors.js';
export { signAttached, signingTime, type CmsSigner } from './sign.js';
export { isSignedData } from './sniff.js';
export {
  extractSignedContent,
  readUnverifiedCertificates,
  readUnverifiedSigner,
  verifySignedData,
  type UnverifiedSigner,
  type VerifiedSignature,
} from './verify.js';
