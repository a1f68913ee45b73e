import { randomUUID } from 'node:crypto';
import {
  getOperationAST,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { PomonaError } from '../../errors.js';
import { createAdmission, type Admit, type AdmissionOptions } from './admission.js';
import { createDocuments } from './documents.js';
import { asGraphQLError, formatError, type DoorLog } from './errors.js';
import { createExecutor, type ExecutorOptions } from './executor.js';
import { createGuard, type GuardLimits } from './guard.js';
import { createPersisted, type DocumentRequest, type Persisted, type PersistedOptions } from './persisted.js';
import { DEFAULT_TIME_LIMITS, withinTime, type TimeLimits } from './time-limit.js';

export interface CoreOptions extends AdmissionOptions {
  readonly schema: GraphQLSchema;
  readonly log: DoorLog;
  readonly limits?: Partial<GuardLimits>;
  readonly timeLimits?: Partial<TimeLimits>;
  readonly executor?: ExecutorOptions;
  readonly persisted?: PersistedOptions;
  /** Leaves "Did you mean …?" out of errors. Default false. */
  readonly production?: boolean;
}

/** What HTTP, the socket and the event stream share, so that none can be the weaker door. */
export interface GraphqlCore {
  readonly schema: GraphQLSchema;
  readonly log: DoorLog;
  readonly persisted: Persisted;
  /** The document a request asks to run, by text or by hash, parsed and valid; or the errors. */
  read(request: DocumentRequest): DocumentNode | readonly GraphQLError[];
  /** Decides whether an operation may run, and charges its caller: reasons not to; none when it may. */
  readonly admit: Admit;
  readonly executor: {
    /**
     * Executes any operation, in time (`timeLimits`): else the result is the one error TIMEOUT. Masks no errors.
     * @param gone aborted when nobody waits for the answer any more
     */
    execute(args: ExecutionArgs, gone?: AbortSignal): Promise<ExecutionResult>;
  };
  format(error: unknown, requestId: string): GraphQLFormattedError;
}

export function createGraphqlCore(options: CoreOptions): GraphqlCore {
  const { schema, log, production = false } = options;
  const documents = createDocuments(schema);
  const persisted = createPersisted(options.persisted);
  return {
    schema,
    log,
    persisted,
    read: (request) => {
      const text = persisted.textOf(request);
      if (typeof text === 'string') return documents(text);
      return [text ?? asGraphQLError(noDocument())];
    },
    admit: createAdmission(createGuard(schema, options.limits), options),
    executor: { execute: timed(options) },
    format: (error, requestId) => {
      const formatted = formatError(error, requestId, log);
      return production ? { ...formatted, message: withoutSuggestions(formatted.message) } : formatted;
    },
  };
}

function timed({ schema, log, executor, timeLimits }: CoreOptions): GraphqlCore['executor']['execute'] {
  const { execute } = createExecutor(schema, log, executor);
  const limits = { ...DEFAULT_TIME_LIMITS, ...timeLimits };
  return async (args, gone) => {
    const kind = getOperationAST(args.document, args.operationName)?.operation ?? 'query';
    try {
      return await withinTime(kind, limits, gone, () => execute(args));
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  };
}

function noDocument(): PomonaError {
  return new PomonaError(
    'BAD_USER_INPUT',
    'Send a GraphQL document as `query`, or the hash of one as `documentId`.',
  );
}

/** graphql-js ends messages about unknown names with names that exist. */
function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean[^?]*\?/g, '');
}

export function newRequestId(): string {
  return randomUUID();
}
