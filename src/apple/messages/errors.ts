/** Why a device's message cannot be used. Stable names; a door may switch on them. */
export type MessageErrorCode =
  'not-a-dictionary' | 'missing-key' | 'wrong-type' | 'bad-string' | 'missing-identifier' | 'unknown-status';

/** A device's message that decodes as a property list but is not a message we can act on. `key` names the culprit. */
export class MessageError extends Error {
  readonly code: MessageErrorCode;
  readonly key: string | undefined;

  constructor(code: MessageErrorCode, message: string, key?: string) {
    super(message);
    this.name = 'MessageError';
    this.code = code;
    this.key = key;
  }
}
