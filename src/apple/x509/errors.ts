export type X509ErrorCode =
  | 'malformed'
  | 'too-large'
  | 'bad-signature'
  | 'unsupported-algorithm'
  | 'weak-key'
  | 'bad-name'
  | 'bad-serial-number'
  | 'bad-validity';

/** A certificate that cannot be made as asked, or a request for one that cannot be believed. */
export class X509Error extends Error {
  override readonly name = 'X509Error';
  readonly code: X509ErrorCode;

  constructor(code: X509ErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}
