import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { PomonaError } from '../../errors.js';

/** Whoever is charged for an operation. */
export interface Caller {
  /** The same for all operations that are charged together: a token, or the address of a caller without one. */
  readonly key: string;
  readonly anonymous: boolean;
}

/** What an operation cost, and what its caller has left. */
export interface Spending {
  /** Points charged for this operation. */
  readonly cost: number;
  /** Points a minute; undefined when there is no limit, and then neither of the others is known. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetAt: Date | undefined;
}

const MINUTE_S = 60;
/** What a mutation costs for each point of a query: it writes, and what it does to devices is not undone. */
export const MUTATION_FACTOR = 10;
/** Operations a minute of callers without a token, by address: enough to introspect. A token that does not work is refused before anything is charged. */
export const ANONYMOUS_PER_MINUTE = 300;

/** Takes points from callers. */
export interface RateLimit {
  /** @throws PomonaError RATE_LIMITED, and takes nothing, when the caller has not enough left. */
  charge(caller: Caller, cost: number): Promise<Spending>;
}

/** @param pointsPerMinute of each token; 0 counts nothing and refuses nobody. */
export function createRateLimit(pointsPerMinute: number): RateLimit {
  if (pointsPerMinute === 0) return { charge: async (_caller, cost) => unlimited(cost) };
  const known = new RateLimiterMemory({ points: pointsPerMinute, duration: MINUTE_S });
  const unknown = new RateLimiterMemory({ points: ANONYMOUS_PER_MINUTE, duration: MINUTE_S });
  return {
    charge: ({ key, anonymous }, cost) => (anonymous ? take(unknown, key, 1) : take(known, key, cost)),
  };
}

async function take(limiter: RateLimiterMemory, key: string, cost: number): Promise<Spending> {
  try {
    return spendingOf(limiter, cost, await limiter.consume(key, cost));
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    // What is refused costs nothing.
    throw tooMuch(spendingOf(limiter, cost, await limiter.reward(key, cost)));
  }
}

function spendingOf({ points }: RateLimiterMemory, cost: number, left: RateLimiterRes): Spending {
  const resetAt = new Date(Date.now() + Math.max(0, left.msBeforeNext));
  return { cost, limit: points, remaining: left.remainingPoints, resetAt };
}

function unlimited(cost: number): Spending {
  return { cost, limit: undefined, remaining: undefined, resetAt: undefined };
}

function tooMuch({ cost, limit, remaining, resetAt = new Date() }: Spending): PomonaError {
  const retryAfterSeconds = Math.max(1, Math.ceil((resetAt.getTime() - Date.now()) / 1_000));
  return new PomonaError(
    'RATE_LIMITED',
    `This operation costs ${cost} points, and ${remaining} of ${limit} a minute are left. ` +
      `Try again in ${retryAfterSeconds} s, or ask for less.`,
    { details: { cost, limit, remaining, resetAt: resetAt.toISOString(), retryAfterSeconds } },
  );
}
