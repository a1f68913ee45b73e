import { HeaderMap, type ApolloServerPlugin, type BaseContext, type GraphQLResponse } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Guard } from './guard.js';

type Format = (error: unknown) => GraphQLFormattedError;

/** Answers 400 in place of executing when the guard objects, or when a subscription came by HTTP. */
export function guardPlugin<C extends BaseContext>(guard: Guard, format: Format): ApolloServerPlugin<C> {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ document, request, operation }) => {
        const errors = guard({
          document,
          variables: request.variables,
          operationName: request.operationName,
        });
        if (errors.length > 0) return refusal(errors.map(format));
        return operation?.operation === 'subscription' ? refusal([format(subscriptionByHttp())]) : null;
      },
    }),
  };
}

function refusal(errors: GraphQLFormattedError[]): GraphQLResponse {
  return {
    http: { status: 400, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { errors } },
  };
}

function subscriptionByHttp(): GraphQLError {
  const message = 'Subscriptions are served by WebSocket at this address (subprotocol graphql-transport-ws).';
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
