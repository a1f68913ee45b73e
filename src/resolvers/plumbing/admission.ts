import type { GraphQLError } from 'graphql';
import { PomonaError } from '../../errors.js';
import { asGraphQLError } from './errors.js';
import type { Guard, GuardRequest, Verdict } from './guard.js';
import { createRateLimit, MUTATION_FACTOR, type Caller, type Spending } from './rate-limit.js';

export interface AdmissionOptions {
  /** Points a minute of each caller; see rate-limit.ts. Default 0: no limit. */
  readonly pointsPerMinute?: number;
  /** Whom to charge, by the operation's context. Default: all are one. */
  readonly callerOf?: (contextValue: object) => Caller;
  /** Who may ask for `__schema` and `__type`. Default everybody. */
  readonly introspection?: Introspection;
}

/** `known`: callers with a token. */
export type Introspection = 'everybody' | 'known' | 'nobody';

/** Reasons not to execute an operation, each with `extensions.code`; none when it may run, and then it was charged. */
export type Admit = (request: GuardRequest, contextValue: object) => Promise<readonly GraphQLError[]>;

const SOMEBODY: Caller = { key: 'somebody', anonymous: false };
const spendings = new WeakMap<object, Spending>();

/** What the operation of this context was charged; undefined in the context of an event, which costs nothing. */
export function spendingOf(contextValue: object): Spending | undefined {
  return spendings.get(contextValue);
}

/** The one gate of all transports: the guard's limits, then who may introspect, then the rate limit. */
export function createAdmission(guard: Guard, options: AdmissionOptions): Admit {
  const { pointsPerMinute = 0, callerOf = () => SOMEBODY, introspection = 'everybody' } = options;
  const rate = createRateLimit(pointsPerMinute);
  return async (request, contextValue) => {
    const verdict = guard(request);
    const caller = callerOf(contextValue);
    try {
      if (verdict.errors.length > 0) return verdict.errors;
      if (verdict.introspects) allowIntrospection(introspection, caller);
      spendings.set(contextValue, await rate.charge(caller, chargeFor(verdict)));
      return [];
    } catch (error) {
      return [asGraphQLError(error)];
    }
  };
}

/** Nothing is for nothing: introspection, which has no cost, counts as one point. */
function chargeFor({ cost, operation }: Verdict): number {
  return Math.max(1, cost) * (operation === 'mutation' ? MUTATION_FACTOR : 1);
}

function allowIntrospection(introspection: Introspection, { anonymous }: Caller): void {
  if (introspection === 'everybody' || (introspection === 'known' && !anonymous)) return;
  const instead = 'The schema can be read at /schema.graphql.';
  throw introspection === 'known'
    ? new PomonaError('UNAUTHENTICATED', `Introspection needs a token here. ${instead}`)
    : new PomonaError('FORBIDDEN', `Introspection is off on this server. ${instead}`);
}
