/** Bytes that are not the ASN.1 they should be, or more of it than we are willing to read. */
export class Asn1Error extends Error {
  readonly code: 'malformed' | 'too-large';

  constructor(code: 'malformed' | 'too-large', message: string) {
    super(message);
    this.name = 'Asn1Error';
    this.code = code;
  }
}
