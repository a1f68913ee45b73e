export type PushRequestErrorCode =
  'bad-common-name' | 'bad-email' | 'bad-country' | 'unreadable' | 'other-recipient' | 'other-request';

/** A request for a push certificate that cannot be made, or an answer to one that cannot be used. `message` is for the admin. */
export class PushRequestError extends Error {
  override readonly name = 'PushRequestError';

  constructor(
    readonly code: PushRequestErrorCode,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}
