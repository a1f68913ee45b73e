import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { PomonaError } from '../errors.js';

/** An enrolment takes four; an office whose people all enrol is one address. */
const ATTEMPTS_PER_MINUTE = 600;

/** Counts what comes from an address: each sign-in is a row, and a request at the provider. */
export class AccountLimit {
  readonly #limiter: RateLimiterMemory;

  constructor(attemptsPerMinute = ATTEMPTS_PER_MINUTE) {
    this.#limiter = new RateLimiterMemory({ points: attemptsPerMinute, duration: 60 });
  }

  /** Throws RATE_LIMITED; `details.seconds` says how long to wait. */
  async admit(address: string): Promise<void> {
    try {
      await this.#limiter.consume(address);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
      throw new PomonaError(
        'RATE_LIMITED',
        `Too many requests came from this address. Try again in ${seconds} s.`,
        {
          details: { seconds },
        },
      );
    }
  }
}
