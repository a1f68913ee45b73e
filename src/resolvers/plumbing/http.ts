import { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, lexicographicSortSchema, printSchema } from 'graphql';
import { PomonaError } from '../../errors.js';
import { newRequestId, type GraphqlCore } from './core.js';
import { MAX_DOCUMENT_LENGTH, MAX_TOKENS, MAX_VALIDATION_ERRORS } from './documents.js';
import { resolveDocument } from './http-persisted.js';
import { operationPlugin, statusPlugin } from './http-plugins.js';
import { observePlugin, type Observe } from './observe.js';

/** Bytes of a body; profiles come as base64 in variables. */
export const MAX_BODY = 12 * 1024 * 1024;

export interface HttpDoorOptions<C extends BaseContext> {
  readonly core: GraphqlCore;
  /**
   * The operation's context, with fresh loaders. A PomonaError becomes its HTTP status. Apollo copies the
   * object, so no #private fields.
   */
  readonly contextOf: (request: FastifyRequest) => C | Promise<C>;
  /** Default `/graphql`. */
  readonly path?: string;
  /** Bytes of a body. Default 12 MiB. */
  readonly bodyLimit?: number;
  /** Told of every operation. Default: nobody is. */
  readonly observe?: Observe;
}

interface CurrentRequest {
  readonly id: string;
  /** Aborted when the client is gone before its answer. */
  readonly gone: AbortSignal;
}

/** Apollo Server formats some errors where no request is at hand, so what they need travels beside the call. */
const currentRequest = new AsyncLocalStorage<CurrentRequest>();

/** Serves GraphQL over HTTP at `path`, and the schema's text at `/schema.graphql`. */
export async function mountGraphql<C extends BaseContext>(
  fastify: FastifyInstance,
  options: HttpDoorOptions<C>,
): Promise<void> {
  const { core, path = '/graphql', bodyLimit = MAX_BODY } = options;
  const apollo = apolloServer(options);
  await apollo.start();
  fastify.addHook('onClose', () => apollo.stop());
  const handle = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => {
      try {
        return await options.contextOf(request);
      } catch (error) {
        throw withHttpStatus(error);
      }
    },
  });

  await fastify.register(async (door) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      door.getDefaultJsonParser('error', 'error'),
    );
    door.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
    door.setErrorHandler<FastifyError>((error, request, reply) =>
      answerBrokenRequest(core, error, request, reply),
    );
    door.route({
      method: ['GET', 'POST'],
      url: path,
      bodyLimit,
      exposeHeadRoute: false,
      preHandler: async (request, reply) => {
        refuseLongDocument(request.body);
        return resolveDocument(core, request, reply);
      },
      handler(this: FastifyInstance, request, reply) {
        const current = { id: request.id, gone: goneSignal(reply) };
        return currentRequest.run(current, () => handle.call(this, request, reply));
      },
    });
  });

  const text = printSchema(lexicographicSortSchema(core.schema));
  fastify.get('/schema.graphql', async (_request, reply) =>
    reply.type('application/graphql; charset=utf-8').send(text),
  );
}

function apolloServer<C extends BaseContext>(options: HttpDoorOptions<C>): ApolloServer<C> {
  const { core, observe = () => undefined } = options;
  const requestId = () => currentRequest.getStore()?.id ?? newRequestId();
  const format = (error: unknown) => core.format(error, requestId());
  const gone = () => currentRequest.getStore()?.gone;
  return new ApolloServer<C>({
    schema: core.schema,
    // Who may introspect is decided for all transports at one place (admission.ts).
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // Hashes are replaced by their documents before Apollo sees the request.
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    // Apollo's own adds a line feed, which makes the server copy the whole text once more.
    stringifyResult: (result) => JSON.stringify(result),
    parseOptions: { maxTokens: MAX_TOKENS },
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    formatError: (_formatted, error) => format(error),
    plugins: [
      // This plugin hooks every field; the landing page and both reports talk to Apollo's servers.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      operationPlugin<C>(core, { format, gone }),
      statusPlugin<C>(),
      observePlugin<C>(observe, requestId),
    ],
  });
}

function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => raw.writableFinished || gone.abort());
  return gone.signal;
}

/** Apollo answers 500 when the context cannot be made, unless the error says otherwise. */
function withHttpStatus(error: unknown): unknown {
  if (!(error instanceof PomonaError)) return error;
  const headers = new Map(error.code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: error.face.http, headers } },
  });
}

function refuseLongDocument(body: unknown): void {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
  if (typeof query !== 'string' || query.length <= MAX_DOCUMENT_LENGTH) return;
  throw new PomonaError(
    'PAYLOAD_TOO_LARGE',
    `The document is ${query.length} characters; the limit is ${MAX_DOCUMENT_LENGTH}. Put data in variables.`,
  );
}

/** Bodies that never became a GraphQL request are answered in GraphQL's format all the same. */
export function answerBrokenRequest(
  core: GraphqlCore,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = error instanceof PomonaError ? error : asPomonaError(error, request);
  const formatted = core.format(known ?? error, request.id);
  return reply
    .code(known?.face.http ?? 500)
    .type('application/json; charset=utf-8')
    .send({ errors: [formatted] });
}

function asPomonaError(
  { statusCode, message }: FastifyError,
  { routeOptions }: FastifyRequest,
): PomonaError | undefined {
  if (statusCode === 413) {
    const most = (routeOptions.bodyLimit ?? 0).toLocaleString('en-US');
    return new PomonaError('PAYLOAD_TOO_LARGE', `The request body is too large: ${most} bytes are the most.`);
  }
  if (statusCode === 415)
    return new PomonaError('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.');
  return statusCode === 400
    ? new PomonaError('BAD_USER_INPUT', `The request body is not readable: ${message}.`)
    : undefined;
}
