import { DEFAULT_LIMITS, type GuardLimits } from './plumbing/guard.js';

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

/** Devices, or commands, that one mutation may name. */
export const MAX_BULK = 10_000;

/** Operations under way on one socket. */
export const MAX_SOCKET_OPERATIONS = 50;

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
