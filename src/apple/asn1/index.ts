/**
 * A reader for DER, and for the parts of BER that signed profiles use. It reads structure; arithmetic is `node:crypto`'s.
 * `write.js` is the writer.
 */
export {
  readCertificate,
  readIssuerAndSerial,
  type CertificateParts,
  type IssuerAndSerial,
} from './certificate.js';
export { bodyOf, encodingOf, isIndefinite, readDocument, type Element } from './element.js';
export { Asn1Error } from './errors.js';
export { documentFields, Fields, members } from './fields.js';
export { contextConstructed, contextPrimitive, TAG } from './tags.js';
export { text } from './text.js';
export { objectIdentifier, octetString, smallInteger, time, wholeOctets } from './values.js';
