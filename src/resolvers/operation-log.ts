import type { Logger } from '../log.js';
import type { GraphqlContext } from './context.js';
import type { ObservedOperation } from './plumbing/observe.js';

/** Slower than this is worth a look. */
const SLOW_MS = 1_000;
/** Clients name operations as they like. */
const MOST_CHARACTERS = 64;

/** One line an operation: what changes something at info, the rest at debug, what was slow at warn. Never its variables. */
export function logOperation(log: Logger, operation: ObservedOperation): void {
  const { requestId, operationName, type, outcome, codes, ms, spending } = operation;
  const facts = {
    requestId,
    operationName: operationName?.slice(0, MOST_CHARACTERS),
    type,
    outcome,
    ...(codes.length === 0 ? {} : { codes: codes.slice(0, 5) }),
    cost: spending?.cost,
    ms: Math.round(ms * 10) / 10,
    token: tokenOf(operation),
  };
  if (ms > SLOW_MS) return log.warn(facts, 'A GraphQL operation was slow');
  if (type === 'mutation') return log.info(facts, 'GraphQL');
  log.debug(facts, 'GraphQL');
}

/** The name of the token it came with; undefined when none came along, or was not known yet. */
export function tokenOf({ contextValue }: ObservedOperation): string | undefined {
  return (contextValue as GraphqlContext | undefined)?.principal?.name;
}
