export type PushCertificateErrorCode =
  | 'unreadable'
  | 'wrong-passphrase'
  | 'key-missing'
  | 'key-mismatch'
  | 'not-mdm'
  | 'expired'
  | 'not-yet-valid';

/** Why a file cannot be the push certificate; `message` is a sentence for the admin that says what would be right. */
export class PushCertificateError extends Error {
  override readonly name = 'PushCertificateError';
  readonly code: PushCertificateErrorCode;

  constructor(code: PushCertificateErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
