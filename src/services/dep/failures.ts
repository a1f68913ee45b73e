import { DepError, type DepFailure } from '../../apple/dep/index.js';
import type { DepAccount } from '../../entities/dep-account.js';
import { PomonaError } from '../../errors.js';

/** A failure that time alone does not mend: somebody has to do something, at Apple or here. */
const BLOCKING: ReadonlySet<DepFailure> = new Set([
  'TERMS_NOT_SIGNED',
  'ACCESS_DENIED',
  'TOKEN_EXPIRED',
  'UNAUTHORIZED',
]);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Looked at again now and then: agreeing to terms is not told to us. */
const BLOCKED_PAUSE_MS = 4 * HOUR;
const LONGEST_PAUSE_MS = 2 * HOUR;

/** How an account stands after a failed sync. */
export interface FailedState {
  readonly failure: DepFailure;
  readonly failureMessage: string;
  readonly failingSince: Date;
  readonly failures: number;
  readonly blocked: boolean;
  readonly nextSyncAt: Date;
  /** It is another failure than before: somebody has to be told. */
  readonly news: boolean;
}

/** What follows from a failure: when it is tried again, and whether it is news. Never sooner than Apple asked for. */
export function failedState(
  error: DepError,
  before: Pick<DepAccount, 'failure' | 'failingSince' | 'failures'>,
  now: number,
): FailedState {
  const blocked = BLOCKING.has(error.failure);
  const failures = before.failures + 1;
  const pause = blocked ? BLOCKED_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, MINUTE * 2 ** Math.min(failures, 10));
  const wait = Math.max(jittered(pause), error.retryAfterMs ?? 0);
  return {
    failure: error.failure,
    failureMessage: error.message.slice(0, 1_024),
    failingSince: before.failingSince ?? new Date(now),
    failures,
    blocked,
    nextSyncAt: new Date(now + wait),
    news: before.failure !== error.failure,
  };
}

/** A fifth more or less. Milliseconds. */
export function jittered(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}

/** What a caller is told who asked for something that Apple refused. */
export function toPomonaError(error: unknown): unknown {
  if (!(error instanceof DepError)) return error;
  return new PomonaError('UPSTREAM_REFUSED', error.message, {
    cause: error,
    details: { failure: error.failure, ...(error.status === undefined ? {} : { status: error.status }) },
  });
}
