/** A SCEP client without its HTTP: messages as devices send them, and the answers read. */
export { readAuthorities } from './authorities.js';
export { makeCsr, type CsrOptions } from './csr.js';
export { makeEnvelope, openEnvelope, type EnvelopeCipher } from './envelope.js';
export { readCertRep, type CertRep } from './reply.js';
export { makePkcsReq, makeRenewalReq, type ScepExchange, type ScepRequestOptions } from './request.js';
