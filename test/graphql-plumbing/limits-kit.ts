import fastifyFactory from 'fastify';
import {
  GraphQLFloat,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import {
  createGraphqlCore,
  newRequestId,
  type CoreOptions,
  type GraphqlCore,
} from '../../src/resolvers/plumbing/core.js';
import { mountGraphql } from '../../src/resolvers/plumbing/http.js';
import { spendingOf } from '../../src/resolvers/plumbing/admission.js';

/** What the doors' limits are tried on: fields that a test gives their work. */
export interface Work {
  query: () => Promise<unknown>;
  mutation: () => Promise<unknown>;
}

export interface LimitsServer {
  readonly url: string;
  readonly core: GraphqlCore;
  readonly work: Work;
  post(body: unknown, headers?: Record<string, string>): Promise<Reply>;
  get(parameters: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: Record<string, unknown> | null;
    readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
  };
}

function schemaFor(work: Work): GraphQLSchema {
  const text = { type: GraphQLString };
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        hello: { ...text, resolve: () => 'hello' },
        work: { ...text, resolve: () => work.query() },
        left: {
          type: GraphQLFloat,
          resolve: (_source, _args, context: object) => spendingOf(context)?.remaining,
        },
        dear: { type: GraphQLInt, resolve: () => 1, extensions: { complexity: 400 } },
      },
    }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: { work: { type: new GraphQLNonNull(GraphQLString), resolve: () => work.mutation() } },
    }),
  });
}

/** GraphQL over HTTP with limits small enough to be met. The header `x-caller` says who calls; without it, nobody known. */
export async function startLimits(options: Partial<CoreOptions> = {}): Promise<LimitsServer> {
  const work: Work = { query: async () => 'done', mutation: async () => 'done' };
  const core = createGraphqlCore({
    schema: schemaFor(work),
    log: { warn: () => undefined, error: () => undefined },
    callerOf: (context) => {
      const { caller } = context as { caller: string | undefined };
      return { key: caller ?? 'nobody', anonymous: caller === undefined };
    },
    ...options,
  });
  const fastify = fastifyFactory({ genReqId: newRequestId });
  await mountGraphql(fastify, { core, contextOf: ({ headers }) => ({ caller: headers['x-caller'] }) });
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (path: string, init: RequestInit): Promise<Reply> => {
    const { status, headers, ...response } = await settled(fetch(`${url}/graphql${path}`, init));
    return { status, headers, body: response.body };
  };
  return {
    url,
    core,
    work,
    post: (body, headers = { 'x-caller': 'someone' }) =>
      ask('', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...headers,
        },
        body: JSON.stringify(body),
      }),
    get: (parameters) =>
      ask(`?${new URLSearchParams(parameters)}`, {
        headers: {
          'apollo-require-preflight': '1',
          accept: 'application/graphql-response+json',
          'x-caller': 'someone',
        },
      }),
    close: () => fastify.close(),
  };
}

async function settled(fetching: Promise<Response>): Promise<Reply> {
  const response = await fetching;
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  };
}

export const codesOf = ({ body }: Reply): unknown[] =>
  (body.errors ?? []).map((error) => error.extensions['code']);
