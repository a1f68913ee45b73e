export type MobileconfigErrorCode =
  'not-a-plist' | 'not-a-profile' | 'bad-signature' | 'missing-key' | 'bad-key' | 'too-large';

/** A file that no device would install. The message says what was wrong and what would be right. */
export class MobileconfigError extends Error {
  readonly code: MobileconfigErrorCode;

  constructor(code: MobileconfigErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'MobileconfigError';
    this.code = code;
  }
}
