/** Asking Apple for an MDM push certificate: the request, a vendor's signature under it, and mdmcert.download, which signs for others. */
export { PushRequestError, type PushRequestErrorCode } from './errors.js';
export { exchangeCertificate } from './exchange-certificate.js';
export { makeRequestKey, publicKeyHash, pushRequest, toPem, type RequestSubject } from './request.js';
export { answerBytes, openAnswer, signingRequest, type Recipient } from './signing-service.js';
export { appleRequest, type PushVendor } from './vendor.js';
