export type PlistErrorCode = 'too-large' | 'too-deep' | 'too-many-nodes' | 'malformed' | 'unsupported';

/**
 * A property list that is refused. `malformed`: not well formed; `unsupported`: well formed, but a form that is never
 * accepted (a document type with its own declarations, a foreign encoding, a binary null); the rest: past a limit.
 * The message never repeats the document's content.
 */
export class PlistError extends Error {
  readonly code: PlistErrorCode;
  /** Byte offset into the document as it was given (for UTF-16, into its UTF-8 form); absent when writing. */
  readonly offset?: number;

  constructor(code: PlistErrorCode, message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`);
    this.name = 'PlistError';
    this.code = code;
    this.offset = offset;
  }
}

/** Shorthand for the commonest refusal. */
export function malformed(message: string, offset: number): PlistError {
  return new PlistError('malformed', message, offset);
}
