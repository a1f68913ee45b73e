import { HeaderMap, type ApolloServerPlugin, type BaseContext, type GraphQLResponse } from '@apollo/server';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import { ERRORS, type ErrorCode } from '../../errors.js';
import type { GraphqlCore } from './core.js';

/** What Apollo does not tell its plugins of the request under way. */
export interface OperationHooks {
  /** Apollo formats no errors of an operation that a plugin answers. */
  readonly format: (error: unknown) => GraphQLFormattedError;
  /** Aborted when the client is gone before its answer. */
  readonly gone: () => AbortSignal | undefined;
}

/** Has every operation admitted and executed by the core, as on the other transports, in place of Apollo. */
export function operationPlugin<C extends BaseContext>(
  core: GraphqlCore,
  { format, gone }: OperationHooks,
): ApolloServerPlugin<C> {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ schema, document, request, operation, contextValue }) => {
        const { variables: variableValues, operationName } = request;
        if (operation?.operation === 'subscription') return refusal([format(subscriptionByHttp())]);
        const errors = await core.admit({ document, variables: variableValues, operationName }, contextValue);
        if (errors.length > 0) return refusal(errors.map(format));
        const args = { schema, document, contextValue, variableValues, operationName };
        // A mutation goes on without its client: stopping it half way helps nobody.
        const wanted = operation?.operation === 'query' ? gone() : undefined;
        return answer(await core.executor.execute(args, wanted), format);
      },
    }),
  };
}

function answer(result: ExecutionResult, format: OperationHooks['format']): GraphQLResponse {
  const errors = result.errors?.map(format);
  if (result.data === undefined && errors !== undefined) return refusal(errors);
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { ...result, errors } },
  };
}

/** What did not run has the status of its first reason. */
function refusal(errors: GraphQLFormattedError[]): GraphQLResponse {
  const headers = new HeaderMap();
  const { code, details } = errors[0]?.extensions ?? {};
  const status = typeof code === 'string' && code in ERRORS ? ERRORS[code as ErrorCode].http : 400;
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 429) headers.set('retry-after', String(retryAfterIn(details)));
  return { http: { status, headers }, body: { kind: 'single', singleResult: { errors } } };
}

function retryAfterIn(details: unknown): number {
  return (details as { retryAfterSeconds?: number } | undefined)?.retryAfterSeconds ?? 1;
}

function subscriptionByHttp(): GraphQLError {
  const message =
    'Subscriptions are served by WebSocket at this address (subprotocol graphql-transport-ws), and as Server-Sent Events below it, at /stream.';
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

const MALFORMED: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * GraphQL over HTTP, "application/json" (section 6.4.1): a client that knows only `application/json` is told
 * in the body, with 200, that its document or variables are wrong; others get the status Apollo or the guard
 * chose.
 */
export function statusPlugin<C extends BaseContext>(): ApolloServerPlugin<C> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response }) => {
        if (response.body.kind !== 'single' || response.body.singleResult.data !== undefined) return;
        if (request.http?.headers.get('accept')?.includes('application/graphql-response+json')) return;
        const errors = response.body.singleResult.errors ?? [];
        if (errors.length > 0 && errors.every((error) => MALFORMED.has(error.extensions?.['code'])))
          response.http.status = 200;
      },
    }),
  };
}
