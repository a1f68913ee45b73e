export type CmsErrorCode =
  | 'malformed'
  | 'too-large'
  | 'unsupported-algorithm'
  | 'no-signer'
  | 'several-signers'
  | 'digest-mismatch'
  | 'bad-signature'
  | 'certificate-missing';

/** A signed message that cannot be believed; `code` says why, and nothing it carries may be used. */
export class CmsError extends Error {
  readonly code: CmsErrorCode;

  constructor(code: CmsErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'CmsError';
    this.code = code;
  }
}
