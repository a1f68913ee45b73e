export type IdentityErrorCode =
  | 'malformed-header'
  | 'malformed-certificate'
  | 'untrusted-chain'
  | 'expired'
  | 'not-yet-valid'
  | 'not-a-ca'
  | 'weak-key'
  | 'wrong-usage';

/** A certificate that does not prove who presents it. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'IdentityError';
    this.code = code;
  }
}
