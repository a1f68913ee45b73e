import { encodingOf, readDocument, type Element } from './element.js';
import { Asn1Error } from './errors.js';
import { Fields, members } from './fields.js';
import { contextConstructed, TAG } from './tags.js';
import { objectIdentifier, octetString } from './values.js';

const MAX_EXTENSIONS = 64;

/** What names a certificate among all others: DER of the issuer's Name and of the serial number, headers included. */
export interface IssuerAndSerial {
  readonly issuer: Buffer;
  readonly serialNumber: Buffer;
}

/** The parts of an X.509 certificate that `node:crypto` does not give byte for byte. */
export interface CertificateParts extends IssuerAndSerial {
  /** Object identifier of the algorithm that its issuer signed it with. */
  readonly signatureAlgorithm: string;
  /** DER of the subject's Name. */
  readonly subject: Buffer;
  /** The octets of each extension's value, by object identifier. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

function readExtensions(wrapper: Element): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const list = new Fields(wrapper).next(TAG.SEQUENCE, 'extensions');
  for (const extension of members(list, MAX_EXTENSIONS, 'extensions')) {
    const fields = new Fields(extension);
    const id = objectIdentifier(fields.next(TAG.OBJECT_IDENTIFIER, 'extnID'));
    fields.optional(TAG.BOOLEAN);
    if (found.has(id)) throw new Asn1Error('malformed', `extension ${id} appears twice`);
    found.set(id, octetString(fields.next(TAG.OCTET_STRING, 'extnValue')));
  }
  return found;
}

/** The extensions stand last, in `[3]`; only the two unique identifiers, which nobody uses, may come before them. */
function findExtensions(rest: Fields): Map<string, Buffer> {
  while (rest.more) {
    const element = rest.any('extensions');
    if (element.tag === contextConstructed(3)) return readExtensions(element);
  }
  return new Map();
}

/** Steps into TBSCertificate as far as the issuer. Version 1 has no version field, and everything stands one earlier. */
function readHead(certificate: Element): { names: IssuerAndSerial; signature: Element; rest: Fields } {
  const rest = new Fields(new Fields(certificate).next(TAG.SEQUENCE, 'tbsCertificate'));
  rest.optional(contextConstructed(0));
  const serialNumber = encodingOf(rest.next(TAG.INTEGER, 'serialNumber'));
  const signature = rest.next(TAG.SEQUENCE, 'signature');
  const issuer = encodingOf(rest.next(TAG.SEQUENCE, 'issuer'));
  return { names: { issuer, serialNumber }, signature, rest };
}

/** The issuer and serial number without reading further: what a message's signer is looked up by. */
export const readIssuerAndSerial = (certificate: Element): IssuerAndSerial => readHead(certificate).names;

/**
 * Reads a certificate (RFC 5280 section 4.1) as far as chains and signer look-ups need. Signatures, keys and dates are
 * `node:crypto`'s business.
 * @throws Asn1Error
 */
export function readCertificate(der: Uint8Array): CertificateParts {
  const { names, signature, rest } = readHead(readDocument(der));
  const signatureAlgorithm = objectIdentifier(new Fields(signature).next(TAG.OBJECT_IDENTIFIER, 'algorithm'));
  rest.next(TAG.SEQUENCE, 'validity');
  const subject = encodingOf(rest.next(TAG.SEQUENCE, 'subject'));
  rest.next(TAG.SEQUENCE, 'subjectPublicKeyInfo');
  return { ...names, signatureAlgorithm, subject, extensions: findExtensions(rest) };
}
