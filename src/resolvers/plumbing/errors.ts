import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ERRORS, PomonaError, type ErrorCode } from '../../errors.js';

/** The part of a pino logger that the GraphQL door needs. */
export interface DoorLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Failures of the request itself, named as Apollo Server names them; GraphQL tools know these words. */
const REQUEST_CODES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const MASKS: Partial<Record<ErrorCode, string>> = {
  UNAVAILABLE: 'This cannot be done just now; trying again may work. Quote this id:',
};
const MASK = 'Something went wrong on our side. Quote this id:';

/**
 * The one face of an error on the GraphQL door, whichever executor or transport it came through.
 * A PomonaError shows its code, message, `details` and the path of the offending input; a request that
 * GraphQL itself refuses shows Apollo's code; everything else is ours to explain: masked, and logged with its
 * cause under the id that the client is told. Never a stack trace.
 */
export function formatError(error: unknown, requestId: string, log: DoorLog): GraphQLFormattedError {
  const graphqlError = asGraphQLError(error);
  const cause = causeOf(graphqlError);
  if (cause instanceof PomonaError) {
    if (!cause.face.expose) return masked(graphqlError, cause, cause.code, requestId, log);
    const { code, message, details } = cause;
    const inputPath = inputPathOf(cause);
    return shown(graphqlError, message, {
      code,
      requestId,
      ...(details === undefined ? {} : { details }),
      ...(inputPath === undefined ? {} : { inputPath }),
    });
  }
  const code = codeOfRequestError(graphqlError, cause);
  if (code !== undefined) return shown(graphqlError, graphqlError.message, { code, requestId });
  return masked(graphqlError, cause, 'INTERNAL', requestId, log);
}

/** Any thrown value as a GraphQLError that remembers it. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** Where in the input a PomonaError lies, outermost first. */
export function inputPathOf(error: PomonaError): readonly string[] | undefined {
  return error.inputPath;
}

/** The same error, telling the client `code`. What it was made from is left behind. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  });
}

function causeOf(error: GraphQLError): unknown {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** The code of an error that is the client's to mend, or undefined when it is ours. */
function codeOfRequestError(error: GraphQLError, cause: unknown): string | undefined {
  const code = error.extensions?.['code'];
  const beforeExecution = error.path === undefined;
  // A library's exception may carry an `extensions.code` of its own; only GraphQL's errors and ours are believed.
  const ours = cause instanceof GraphQLError;
  if (typeof code === 'string') {
    if (REQUEST_CODES.has(code) && (beforeExecution || ours)) return code;
    if (ours && isExposed(code)) return code;
  }
  // graphql-js and graphql-jit report values that variables brought in without a code (execution/values.js).
  return ours && /^(Argument "|Variable "\$)/.test(cause.message) ? 'BAD_USER_INPUT' : undefined;
}

function isExposed(code: string): boolean {
  return code in ERRORS && ERRORS[code as ErrorCode].expose;
}

/** Longer messages quote what was sent, which may be megabytes; the reason comes after the quotation. */
const MAX_MESSAGE = 1_000;

function shortened(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  return `${message.slice(0, MAX_MESSAGE / 2)} … ${message.slice(-MAX_MESSAGE / 2)}`;
}

function shown(
  { locations, path }: GraphQLError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLFormattedError {
  return {
    message: shortened(message),
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions,
  };
}

function masked(
  error: GraphQLError,
  cause: unknown,
  code: ErrorCode,
  requestId: string,
  log: DoorLog,
): GraphQLFormattedError {
  const err = cause instanceof Error ? cause : new Error(String(cause));
  log.error({ requestId, err, path: error.path?.join('.') }, 'A GraphQL field failed');
  return shown(error, `${MASKS[code] ?? MASK} ${requestId}`, { code, requestId });
}
