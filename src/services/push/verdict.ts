import { explainReason, type ApnsOutcome } from '../../apple/apns/index.js';
import { PushStatus } from '../../entities/enums.js';
import { HOUR, jittered, MAX_ATTEMPTS, retryPause } from './backoff.js';
import type { ClaimedPush } from './claim.js';

/** Something an admin has to mend: it strikes the devices of a topic, not one. */
export interface PushAlert {
  readonly alert: 'APNS_REFUSED' | 'APNS_CERTIFICATE';
  readonly reason: string;
  readonly explanation: string;
}

/** What one attempt at a push means for the push, its channel and the admin. */
export interface Verdict {
  /** QUEUED: to be tried again after `retryInMs`. Every other status is final. */
  readonly status: PushStatus;
  readonly reason: string | null;
  /** Null when APNs gave no answer, or was not asked. */
  readonly httpStatus: number | null;
  readonly retryInMs?: number;
  /** When to push the channel again should commands still wait: by its own back-off, in so many milliseconds, or not. */
  readonly repush: 'back-off' | number | undefined;
  /** APNs says that the token sent to is no longer valid, since then (if it said since when). */
  readonly tokenInvalidSince?: Date | 'unknown';
  readonly alert?: PushAlert;
}

/** A claimed push and what came of sending it. */
export interface Settlement {
  readonly push: ClaimedPush;
  readonly verdict: Verdict;
}

const REASON_LENGTH = 512;

/**
 * What APNs' answer means (Apple: "Handling notification responses from APNs").
 * @param attempts how often the push was tried, this time included
 */
export function judge(outcome: ApnsOutcome, attempts: number): Verdict {
  const { status } = outcome;
  if (status === 200)
    return { status: PushStatus.DELIVERED, reason: null, httpStatus: 200, repush: 'back-off' };
  if (status === 410) return retired(outcome);
  if (status === 0 || status === 429 || status >= 500) return passing(outcome, attempts);
  return refused(outcome);
}

/** The verdict on a push that APNs was not asked about. `repush` as in Verdict. */
export function unsent(status: PushStatus, reason: string, repush: Verdict['repush']): Verdict {
  return { status, reason: reason.slice(0, REASON_LENGTH), httpStatus: null, repush };
}

/** The back-off is for a token that turns out to be newer than the answer; a retired one is not pushed to. */
function retired(outcome: ApnsOutcome): Verdict {
  const tokenInvalidSince = outcome.timestamp ?? 'unknown';
  return { ...answered(PushStatus.TOKEN_RETIRED, outcome), repush: 'back-off', tokenInvalidSince };
}

function passing(outcome: ApnsOutcome, attempts: number): Verdict {
  if (attempts >= MAX_ATTEMPTS) return { ...answered(PushStatus.FAILED, outcome), repush: jittered(HOUR) };
  const retryInMs = Math.max(outcome.retryAfterMs ?? 0, retryPause(attempts));
  return { ...answered(PushStatus.QUEUED, outcome), repush: undefined, retryInMs };
}

/** 400s are the sender's fault and usually hit a whole topic at once: the token is kept, the admin is told. */
function refused(outcome: ApnsOutcome): Verdict {
  const verdict = answered(PushStatus.FAILED, outcome);
  const alert: PushAlert = {
    alert: outcome.status === 403 ? 'APNS_CERTIFICATE' : 'APNS_REFUSED',
    reason: verdict.reason,
    explanation: explainReason(outcome.status, outcome.reason),
  };
  return { ...verdict, repush: jittered(HOUR), alert };
}

function answered(
  status: PushStatus,
  outcome: ApnsOutcome,
): { status: PushStatus; reason: string; httpStatus: number | null } {
  const reason = outcome.reason ?? outcome.error ?? `APNs answered ${outcome.status} without a reason`;
  return {
    status,
    reason: reason.slice(0, REASON_LENGTH),
    httpStatus: outcome.status === 0 ? null : outcome.status,
  };
}
