import { DEFAULT_LIMITS, type GuardLimits } from './plumbing/guard.js';
import type { TimeLimits } from './plumbing/time-limit.js';

/**
 * What one operation may ask for. Deeper in lists than the plumbing's own defaults, because workflows include workflows;
 * and costlier, because all of the catalogue is answered from memory. `server { limits }` tells clients.
 */
export const LIMITS: GuardLimits = {
  ...DEFAULT_LIMITS,
  maxDepth: 22,
  maxListDepth: 8,
  maxCost: 20_000,
  selfReference: {
    'Workflow.includedWorkflows': 4,
    'Workflow.includedBy': 2,
    'CommandKey.keys': 4,
    'CommandKey.item': 4,
    'CommandKey.oneOf': 2,
  },
};

/** What the operator sets, beside what is the same everywhere. */
export interface ConfiguredLimits {
  /** Milliseconds. */
  readonly time: TimeLimits;
  /** Points a token may spend in a minute; 0: no limit. */
  readonly pointsPerMinute: number;
}

/** Devices, or commands, that one mutation may name. */
export const MAX_BULK = 10_000;

/** Operations under way on one socket. */
export const MAX_SOCKET_OPERATIONS = 50;

/** Sockets open in the process, and as many event streams; more are refused with 503. */
export const MAX_CONNECTIONS = 1_000;

/** Sockets and event streams of one token together. One more socket is closed with 1013, one more stream refused with 429. */
export const MAX_CONNECTIONS_PER_TOKEN = 100;

/** Subscriptions under way in the process; one more is refused with RATE_LIMITED. */
export const MAX_SUBSCRIPTIONS = 20_000;

/** Weight of a field that brings a whole document or inflates a stored one. */
export const HEAVY = 5;

interface BulkArguments {
  readonly args: {
    readonly input?: { readonly deviceIds?: readonly string[]; readonly commandIds?: readonly string[] };
  };
  readonly childComplexity: number;
}

/** The cost of a mutation over many devices: what is selected of each counts more, the more there are. */
export function bulkCost({ args, childComplexity }: BulkArguments): number {
  const count = (args.input?.deviceIds ?? args.input?.commandIds ?? []).length;
  return 10 + childComplexity * Math.max(1, count / 100);
}
