import type { ApnsNotification, ApnsOutcome } from '../../apple/apns/index.js';
import { PushStatus } from '../../entities/enums.js';
import { HOUR, jittered } from './backoff.js';
import type { ClaimedPush, PushTarget } from './claim.js';
import { judge, unsent, type Verdict } from './verdict.js';

/** A connection to APNs under one push certificate. `send` never rejects: what went wrong on the way is status 0. */
export interface ApnsSender {
  /** The only topic its certificate can push to. */
  readonly topic: string;
  send(notification: ApnsNotification): Promise<ApnsOutcome>;
}

/** How long APNs keeps a push for a device that is offline. Apple calls a device inactive after about as long. */
const KEEP_MS = 7 * 24 * HOUR;

/** Sends a claimed push, or says why it cannot be sent. `client` is undefined while there is no push certificate. */
export async function attempt(
  push: ClaimedPush,
  client: ApnsSender | undefined,
  now: number,
): Promise<Verdict> {
  const { target } = push;
  if (target === undefined || !target.enabled) return unsent(PushStatus.FAILED, 'not enrolled', undefined);
  if (target.token === null || target.magic === null)
    return unsent(PushStatus.FAILED, 'no push token', undefined);
  if (target.tokenRetired) {
    const reason = 'APNs retired the push token; the device has not sent another yet';
    return unsent(PushStatus.TOKEN_RETIRED, reason, undefined);
  }
  if (client === undefined || client.topic !== target.topic) return notConfigured(target, client);
  const outcome = await client.send({
    token: target.token,
    pushMagic: target.magic,
    topic: client.topic,
    apnsId: push.uuid,
    expiration: new Date(now + KEEP_MS),
  });
  return judge(outcome, push.attempts);
}

function notConfigured({ topic }: PushTarget, client: ApnsSender | undefined): Verdict {
  const wanted =
    topic === null ? 'the device named no push topic' : `the device wants the push topic ${topic}`;
  const held =
    client === undefined ? 'there is no push certificate' : `the push certificate is for ${client.topic}`;
  return unsent(PushStatus.NOT_CONFIGURED, `${wanted}, and ${held}`, jittered(HOUR));
}
