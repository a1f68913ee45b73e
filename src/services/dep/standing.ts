import type { DepFailure } from '../../apple/dep/index.js';
import type { DepAccount } from '../../entities/dep-account.js';
import { DepAccountStatus } from '../../entities/dep-enums.js';

const DAY_MS = 24 * 60 * 60_000;

/** What went wrong with an account, and still does. */
export interface DepAccountFailure {
  readonly code: DepFailure;
  /** For people: what to do about it. */
  readonly message: string;
  readonly since: Date | null;
}

/** How an account stands now. */
export interface DepStanding {
  readonly status: DepAccountStatus;
  /** Some process reads its devices from Apple. */
  readonly syncing: boolean;
  /** Whole days; negative when the token has ended, null without a token. */
  readonly tokenDaysLeft: number | null;
  readonly failure: DepAccountFailure | null;
}

/** How an account stands now, from its row alone. `now` in milliseconds since 1970. */
export function standingOf(account: DepAccount, now: number): DepStanding {
  const { failure, failureMessage, failingSince, tokenExpiresAt, leaseUntil } = account;
  return {
    status: statusOf(account),
    syncing: leaseUntil !== null && leaseUntil.getTime() > now,
    tokenDaysLeft: tokenExpiresAt === null ? null : Math.floor((tokenExpiresAt.getTime() - now) / DAY_MS),
    failure:
      failure === null
        ? null
        : { code: failure as DepFailure, message: failureMessage ?? '', since: failingSince },
  };
}

function statusOf({ sealedToken, blocked }: DepAccount): DepAccountStatus {
  if (sealedToken === null) return DepAccountStatus.NEW;
  return blocked ? DepAccountStatus.BLOCKED : DepAccountStatus.READY;
}
