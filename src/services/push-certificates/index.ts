/** The MDM push certificate: asked of Apple, uploaded or provided as a file, and exchanged while the server runs. */
export { PushesAgain } from './again.js';
export { ApnsLine } from './apns-line.js';
export type { ProvidedPushCertificate } from './file-source.js';
export type { PushCertificateInUse } from './in-use.js';
export { PushCertificates } from './push-certificates.js';
