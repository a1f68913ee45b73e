import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientAddress, type IsTrustedProxy } from '../client-address.js';
import { PAGE_HEADERS } from '../own-pages.js';
import { pageHtml } from './page.js';
import { tooMany } from './words.js';

/**
 * What one address may ask for in a minute. A school that unpacks a thousand devices is one address, and each of them asks
 * some four times.
 */
const REQUESTS_PER_MINUTE = 6_000;
/** A link that nobody made counts as so many requests that led somewhere. */
const WRONG_COSTS = 20;

export interface EnrollmentLimit {
  /** Whose word on where a request came from is believed. */
  readonly isTrustedProxy: IsTrustedProxy;
  readonly requestsPerMinute?: number;
}

/**
 * Counts what comes to any route at `/enroll` and `/mdm/enroll` that is added to this instance from now on, by the address of
 * whoever asks. Nothing else is counted: a device that is enrolled is never sent away.
 */
export function limitEnrollment(app: FastifyInstance, limit: EnrollmentLimit): void {
  const points = limit.requestsPerMinute ?? REQUESTS_PER_MINUTE;
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  const addressOf = (request: FastifyRequest): string => clientAddress(request, limit.isTrustedProxy);
  app.addHook('onRequest', async (request, reply) => {
    if (!isEnrollment(request)) return;
    const seconds = await secondsToWait(limiter, addressOf(request));
    if (seconds !== undefined) return sendAway(request, reply, seconds);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode !== 404 || !isEnrollment(request)) return;
    await limiter.penalty(addressOf(request), WRONG_COSTS - 1);
  });
}

function isEnrollment({ routeOptions }: FastifyRequest): boolean {
  return /^\/(?:mdm\/)?enroll(?:\/|$)/.test(routeOptions.url ?? '');
}

/** Undefined when the request may go on. */
async function secondsToWait(limiter: RateLimiterMemory, address: string): Promise<number | undefined> {
  try {
    await limiter.consume(address);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
  }
}

/** People read a page; who calls `/mdm/enroll` is a program or a device. */
function sendAway(request: FastifyRequest, reply: FastifyReply, seconds: number): FastifyReply {
  reply.code(429).headers({ ...PAGE_HEADERS, 'cache-control': 'no-store', 'retry-after': String(seconds) });
  if (request.routeOptions.url?.startsWith('/enroll')) {
    return reply.type('text/html; charset=utf-8').send(pageHtml(tooMany(seconds)));
  }
  const error = `Too many requests came from this address. Try again in ${seconds} s.`;
  return reply.send({ error, code: 'RATE_LIMITED' });
}
