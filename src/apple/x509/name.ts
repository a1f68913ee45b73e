import * as der from '../asn1/write.js';
import { X509Error } from './errors.js';

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
/** Upper bounds ub-common-name and ub-organization-name (RFC 5280 appendix A.1); OpenSSL insists on them. */
const MAX_CHARACTERS = 64;

export interface SubjectName {
  readonly commonName: string;
  readonly organization?: string;
}

function attribute(type: string, value: string, what: string): Buffer {
  if (value === '' || [...value].length > MAX_CHARACTERS)
    throw new X509Error('bad-name', `The ${what} must have 1 to ${MAX_CHARACTERS} characters.`);
  return der.setOf(der.sequence(der.oid(type), der.utf8(value)));
}

/** DER of a Name (RFC 5280 section 4.1.2.4), the organization first. */
export function distinguishedName({ commonName, organization }: SubjectName): Buffer {
  return der.sequence(
    ...(organization === undefined ? [] : [attribute(ORGANIZATION, organization, 'organization')]),
    attribute(COMMON_NAME, commonName, 'common name'),
  );
}
