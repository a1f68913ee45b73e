/** SCEP (RFC 8894), the server's side: requests read, answers made. Who may have a certificate is decided elsewhere. */
export { SCEP_CAPABILITIES } from './capabilities.js';
export { authorityCertificates, type AuthorityCertificates } from './authority-certificates.js';
export { openEnvelope, readEnvelope } from './envelope-reader.js';
export { FAIL_INFO, ScepError, type FailInfo, type ScepAddress, type ScepErrorCode } from './errors.js';
export { scepFailure, scepSuccess, type ScepRecipient } from './reply.js';
export { readScepRequest } from './request.js';
export type { ScepCipher, ScepDigest, ScepRequest } from './types.js';
