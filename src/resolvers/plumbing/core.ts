import { randomUUID } from 'node:crypto';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { formatError, type DoorLog } from './errors.js';
import { createExecutor, type Executor, type ExecutorOptions } from './executor.js';
import { createGuard, type Guard, type GuardLimits } from './guard.js';

/** Bounds on the text of a request, the same on both transports. */
export const MAX_TOKENS = 2_000;
export const MAX_DOCUMENT_LENGTH = 64 * 1024;
export const MAX_VALIDATION_ERRORS = 20;

export interface CoreOptions {
  readonly schema: GraphQLSchema;
  readonly log: DoorLog;
  readonly limits?: Partial<GuardLimits>;
  readonly executor?: ExecutorOptions;
  /** Leaves "Did you mean …?" out of errors. Default false. */
  readonly production?: boolean;
  /** Answer `__schema` and `__type`. Default true. */
  readonly introspection?: boolean;
}

/** What HTTP and the socket share, so that neither can be the weaker door. */
export interface GraphqlCore {
  readonly schema: GraphQLSchema;
  readonly log: DoorLog;
  readonly guard: Guard;
  readonly executor: Executor;
  readonly production: boolean;
  readonly introspection: boolean;
  format(error: unknown, requestId: string): GraphQLFormattedError;
}

export function createGraphqlCore(options: CoreOptions): GraphqlCore {
  const { schema, log, production = false, introspection = true } = options;
  return {
    schema,
    log,
    production,
    introspection,
    guard: createGuard(schema, options.limits),
    executor: createExecutor(schema, log, options.executor),
    format: (error, requestId) => {
      const formatted = formatError(error, requestId, log);
      return production ? { ...formatted, message: withoutSuggestions(formatted.message) } : formatted;
    },
  };
}

/** graphql-js ends messages about unknown names with names that exist. */
function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean[^?]*\?/g, '');
}

export function newRequestId(): string {
  return randomUUID();
}
