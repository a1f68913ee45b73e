export { ApnsClient, ApnsOptionsError, type ApnsClientOptions } from './client.js';
export { loadPushCertificate, type PushCertificate } from './certificate.js';
export { PushCertificateError, type PushCertificateErrorCode } from './certificate-error.js';
export { readMaterial, type CertificateInput } from './certificate-file.js';
export type { ApnsNotification } from './notification.js';
export type { ApnsOutcome } from './outcome.js';
export { reachApns, type ReachOptions } from './reach.js';
export { explainReason } from './reasons.js';
