import { shown } from './reading.js';

/**
 * What went wrong between us and Apple's device assignment service.
 *
 * UNAUTHORIZED      the server token, or our clock, is not accepted, also after a new session
 * TERMS_NOT_SIGNED  somebody has to agree to Apple's new terms in Apple Business Manager
 * ACCESS_DENIED     this server was removed, or may not do this
 * TOKEN_EXPIRED     the server token has to be renewed
 * *_CURSOR          what was wrong with the cursor of a fetch or a sync
 * THROTTLED         too much at once; `retryAfterMs` says when again
 * UNAVAILABLE       no answer, or a fault of Apple's; `retryAfterMs` when Apple said so
 * REFUSED           anything else Apple says no to, in its words
 * UNREADABLE        an answer that makes no sense
 */
export type DepFailure =
  | 'UNAUTHORIZED'
  | 'TERMS_NOT_SIGNED'
  | 'ACCESS_DENIED'
  | 'TOKEN_EXPIRED'
  | 'EXPIRED_CURSOR'
  | 'INVALID_CURSOR'
  | 'EXHAUSTED_CURSOR'
  | 'CURSOR_REQUIRED'
  | 'THROTTLED'
  | 'UNAVAILABLE'
  | 'REFUSED'
  | 'UNREADABLE';

export class DepError extends Error {
  override readonly name = 'DepError';

  constructor(
    readonly failure: DepFailure,
    message: string,
    /** HTTP status, when there was an answer. */
    readonly status: number | undefined,
    /** How long to wait before asking again, in milliseconds, when Apple said so. */
    readonly retryAfterMs: number | undefined = undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const CURSORS = ['EXPIRED_CURSOR', 'INVALID_CURSOR', 'EXHAUSTED_CURSOR', 'CURSOR_REQUIRED'] as const;

const WORDS = {
  TERMS_NOT_SIGNED:
    "Apple's new terms and conditions have to be agreed to: an administrator signs in to Apple Business Manager (or School Manager) and accepts them.",
  ACCESS_DENIED:
    'Apple denies access: this server was deleted in Apple Business Manager, or its token was replaced there. Upload the current server token.',
  TOKEN_EXPIRED: 'The server token has expired: download a new one in Apple Business Manager and upload it.',
  UNAUTHORIZED:
    "Apple does not accept the server token. Upload the current one, and look whether this machine's clock is right.",
} as const;

/** Apple allows clocks to be off by a few minutes. */
const SKEW_MS = 3 * 60_000;
/** Nobody is to wait for longer because of a header, in milliseconds. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/**
 * Finds the reason in an answer that is no success. Apple's words are searched for, since some services put them in quotes
 * or into JSON (Apple: "Interpreting Automated Device Enrollment error codes").
 * @param aheadMs how far this machine's clock is ahead of Apple's, as far as that is known
 */
export function readFailure(status: number, body: string, retryAfter: string | null, aheadMs = 0): DepError {
  const wait = readRetryAfter(retryAfter);
  const cursor = CURSORS.find((one) => body.includes(one));
  if (status === 400 && cursor !== undefined)
    return new DepError(cursor, `Apple does not take the cursor: ${cursor}.`, status);
  if (body.includes('T_C_NOT_SIGNED')) return worded('TERMS_NOT_SIGNED', status);
  if (body.includes('token_expired')) return worded('TOKEN_EXPIRED', status);
  if (body.includes('ACCESS_DENIED')) return worded('ACCESS_DENIED', status);
  if (status === 401 || (status === 403 && body.includes('FORBIDDEN')))
    return Math.abs(aheadMs) > SKEW_MS ? clockIsOff(status, aheadMs) : worded('UNAUTHORIZED', status);
  if (status === 429)
    return new DepError('THROTTLED', 'Apple asks for fewer requests for a while.', status, wait);
  if (status >= 500) return new DepError('UNAVAILABLE', `Apple's service answers ${status}.`, status, wait);
  return new DepError('REFUSED', `Apple answers ${status}: ${quoted(body)}`, status, wait);
}

function worded(failure: keyof typeof WORDS, status: number): DepError {
  return new DepError(failure, WORDS[failure], status);
}

function clockIsOff(status: number, aheadMs: number): DepError {
  const minutes = `${Math.round(Math.abs(aheadMs) / 60_000)} minutes ${aheadMs > 0 ? 'ahead' : 'behind'}`;
  const words = `Apple does not accept our requests: this machine's clock is ${minutes}. Set it right.`;
  return new DepError('UNAUTHORIZED', words, status);
}

/** Seconds, as milliseconds that somebody may be made to wait. */
export function waitOf(seconds: number): number {
  return Math.min(LONGEST_WAIT_MS, seconds * 1_000);
}

/** RFC 9110 section 10.2.3: seconds, or a date. Milliseconds. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return waitOf(Number(value));
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : waitOf(Math.max(0, at - Date.now()) / 1_000);
}

function quoted(body: string): string {
  const text = shown(body, 300).replaceAll(/\s+/g, ' ').trim();
  return text === '' ? 'nothing more.' : `"${text}"`;
}
