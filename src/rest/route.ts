import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../log.js';
import { requirePermission, type Permission, type Principal } from '../services/access.js';
import type { Services } from '../services/services.js';
import { authenticate } from './authentication.js';
import { jsonArray } from './batches.js';
import { readJson } from './body.js';
import { answerError, answerMethodNotAllowed, noSuchRoute } from './errors.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];
const PRINCIPAL = 'principal';

/** A request. By default nothing in it was checked yet; a handler that says what it takes is given it checked (see operation.ts). */
export interface Call<
  P = Readonly<Record<string, string>>,
  Q = Readonly<Record<string, unknown>>,
  B = unknown,
> {
  readonly params: P;
  readonly query: Q;
  /** Parsed JSON; undefined when there was no body. */
  readonly body: B;
  /** Who calls: the services decide what of an answer is theirs to see. */
  readonly principal: Principal;
}

/** An answer before it is HTTP: one object, or rows in batches that are streamed, or nothing. */
export interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly rows?: AsyncIterable<readonly unknown[]>;
  /** The new record's address below the prefix. */
  readonly location?: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: Permission;
  readonly handle: (services: Services, call: Call) => Promise<Answer>;
  /** What failures of this route say besides. */
  readonly failure?: Readonly<Record<string, unknown>>;
}

export interface RestDoor {
  readonly services: Services;
  readonly log: Logger;
}

/** Makes Fastify serve the routes: who may, in which format, and what is answered for whatever else is asked. */
export function serve(app: FastifyInstance, door: RestDoor, routes: readonly Route[]): void {
  const { services, log } = door;
  app.decorateRequest(PRINCIPAL);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => readJson(body),
  );
  app.setErrorHandler<Error>((error, request, reply) => answerError(log, error, request, reply));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!request.is404) return;
    // Before the body is looked at; and who may not come in is not told what there is.
    await authenticate(services.tokens, request.headers.authorization);
    throw noSuchRoute(request);
  });
  app.setNotFoundHandler((request) => {
    throw noSuchRoute(request);
  });
  for (const route of routes) addRoute(app, door, route);
  for (const path of new Set(routes.map((route) => route.path))) refuseOthers(app, door, routes, path);
}

function addRoute(app: FastifyInstance, { services, log }: RestDoor, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    errorHandler: (error, request, reply) => void answerError(log, error, request, reply, route.failure),
    onRequest: async (request) => {
      const caller = await authenticate(services.tokens, request.headers.authorization);
      request.setDecorator<Principal>(PRINCIPAL, requirePermission(caller, route.permission));
    },
    handler: async (request, reply) => send(app, reply, await route.handle(services, callOf(request))),
  });
}

/** A path there is, with a method it does not have: 405 with what it has, whatever the body. */
export function refuseOthers(
  app: FastifyInstance,
  { services }: RestDoor,
  routes: readonly Pick<Route, 'method' | 'path'>[],
  path: string,
): void {
  const own = new Set<Method>(routes.filter((route) => route.path === path).map(({ method }) => method));
  const allowed = METHODS.filter((method) => own.has(method) || (method === 'HEAD' && own.has('GET')));
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url: path,
    onRequest: async (request, reply) => {
      await authenticate(services.tokens, request.headers.authorization);
      return answerMethodNotAllowed(request, reply, allowed);
    },
    handler: (request, reply) => answerMethodNotAllowed(request, reply, allowed),
  });
}

function callOf(request: FastifyRequest): Call {
  return {
    params: request.params as Readonly<Record<string, string>>,
    query: request.query as Readonly<Record<string, unknown>>,
    body: request.body,
    principal: request.getDecorator<Principal>(PRINCIPAL),
  };
}

function send(app: FastifyInstance, reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status);
  if (answer.location !== undefined) reply.header('location', app.prefix + answer.location);
  if (answer.rows !== undefined) return reply.type(JSON_TYPE).send(Readable.from(jsonArray(answer.rows)));
  return answer.body === undefined ? reply.send() : reply.type(JSON_TYPE).send(answer.body);
}
