import type { X509Certificate } from 'node:crypto';
import type { ScepDigest } from './types.js';

/** failInfo of RFC 8894 section 3.2.1.4. */
export const FAIL_INFO = { badAlg: 0, badMessageCheck: 1, badRequest: 2, badTime: 3, badCertId: 4 } as const;
export type FailInfo = (typeof FAIL_INFO)[keyof typeof FAIL_INFO];

const FAIL_INFO_OF = {
  malformed: FAIL_INFO.badRequest,
  'too-large': FAIL_INFO.badRequest,
  /** A message type that is not served. */
  'unsupported-message': FAIL_INFO.badRequest,
  'unsupported-algorithm': FAIL_INFO.badAlg,
  'weak-key': FAIL_INFO.badAlg,
  'bad-signature': FAIL_INFO.badMessageCheck,
  /** Enveloped for another authority, or for an earlier certificate of this one. */
  'other-recipient': FAIL_INFO.badCertId,
  /** The envelope does not hold a request that is right. Why is not said: see `readScepRequest`. */
  undecipherable: FAIL_INFO.badMessageCheck,
  /** The message is signed with another key than its type demands. */
  'wrong-signer': FAIL_INFO.badRequest,
} as const satisfies Record<string, FailInfo>;

export type ScepErrorCode = keyof typeof FAIL_INFO_OF;

/** What is known of the sender of a refused message, so that it can be told. All of it is unverified but `signer`. */
export interface ScepAddress {
  readonly transactionId?: string;
  readonly senderNonce?: Buffer;
  readonly digest?: ScepDigest;
  /** Whose signature over the message is right; anybody can make such a certificate. */
  readonly signer?: X509Certificate;
}

/** A message that is refused; nothing it carries may be used. `message` is for logs, `failInfo` for the sender. */
export class ScepError extends Error implements ScepAddress {
  override readonly name = 'ScepError';
  readonly code: ScepErrorCode;
  readonly failInfo: FailInfo;
  readonly transactionId?: string;
  readonly senderNonce?: Buffer;
  readonly digest?: ScepDigest;
  readonly signer?: X509Certificate;

  constructor(code: ScepErrorCode, message: string, options?: { cause?: unknown; address?: ScepAddress }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.failInfo = FAIL_INFO_OF[code];
    this.transactionId = options?.address?.transactionId;
    this.senderNonce = options?.address?.senderNonce;
    this.digest = options?.address?.digest;
    this.signer = options?.address?.signer;
  }
  /** The same, with its sender known. */
  addressedTo(address: ScepAddress): ScepError {
    return new ScepError(this.code, this.message, { cause: this.cause, address });
  }
}
