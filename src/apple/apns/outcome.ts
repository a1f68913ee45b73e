import type { IncomingHttpHeaders } from 'node:http2';

/** What became of one push. It is the caller who decides what a status means for the device. */
export interface ApnsOutcome {
  /** HTTP status of Apple's answer; 0 when none reached us. */
  status: number;
  /** Apple's word for a failure, for example `Unregistered`; `explainReason` has the sentence. */
  reason?: string;
  /** With 410: when APNs learnt that the token is no longer valid. A token registered later is a good one. */
  timestamp?: Date;
  /** How long Apple asks us to wait, from `retry-after`. */
  retryAfterMs?: number;
  /** `apns-id` of the answer. */
  apnsId?: string;
  /** When status is 0: what went wrong, in words; `timeout` when the answer did not come in time. */
  error?: string;
}

/** Reads an APNs answer. The body is JSON and only there on failure; a body that is not JSON costs the reason, no more. */
export function readAnswer(headers: IncomingHttpHeaders, body: string, now: number): ApnsOutcome {
  const outcome: ApnsOutcome = { status: Number(headers[':status']) };
  const apnsId = headers['apns-id'];
  if (typeof apnsId === 'string') outcome.apnsId = apnsId;
  const retryAfterMs = readRetryAfter(headers['retry-after'], now);
  if (retryAfterMs !== undefined) outcome.retryAfterMs = retryAfterMs;
  return { ...outcome, ...readBody(body) };
}

/** RFC 9110 section 10.2.3: whole seconds, or an HTTP date. */
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function readBody(body: string): Pick<ApnsOutcome, 'reason' | 'timestamp'> {
  const value = parse(body);
  if (typeof value !== 'object' || value === null) return {};
  const read: Pick<ApnsOutcome, 'reason' | 'timestamp'> = {};
  if ('reason' in value && typeof value.reason === 'string') read.reason = value.reason;
  // Milliseconds since the epoch.
  if ('timestamp' in value && typeof value.timestamp === 'number') read.timestamp = new Date(value.timestamp);
  return read;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
