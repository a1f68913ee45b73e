import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PomonaError } from '../../errors.js';
import { answerBrokenRequest } from './http.js';
import { noLongerValid, type Answer, type Live } from './live.js';
import type { OperationRequest } from './prepare-operation.js';
import { MAX_MESSAGE } from './socket-options.js';
import { operationIn } from './sse-request.js';
import { SseResponse } from './sse-response.js';

/** @typeParam P whoever sent the request. */
export interface SseDoorOptions<P extends object> {
  readonly live: Live<P>;
  /** Who is this? Undefined, or a PomonaError UNAUTHENTICATED, is answered with 401. */
  readonly authenticate: (request: FastifyRequest) => P | undefined | Promise<P | undefined>;
  /** Default `/graphql/stream`. */
  readonly path?: string;
  /** Responses under way in the process. Default 1,000. */
  readonly maxStreams?: number;
  /** Bytes of a body. Default 256 KiB. */
  readonly bodyLimit?: number;
  /** Milliseconds between comments that keep a connection alive. Default 12,000. */
  readonly heartbeat?: number;
}

export interface SseDoor {
  /** Responses under way. */
  readonly size: number;
  /** Breaks every response off, without `complete`: clients come back. Runs by itself when fastify closes. */
  dispose(): Promise<void>;
}

/**
 * Serves GraphQL by Server-Sent Events, for networks that block sockets: GraphQL over SSE in its distinct
 * connections mode (one operation a request, GET or POST), by the same `Live` as the socket and so with the
 * same guard, masking, permission, caps and shared execution. Written here rather than with graphql-sse's
 * handler, which buffers without bound what a client does not read and writes each result anew for each client.
 */
export async function mountSse<P extends object>(
  fastify: FastifyInstance,
  options: SseDoorOptions<P>,
): Promise<SseDoor> {
  const { path = '/graphql/stream', bodyLimit = MAX_MESSAGE } = options;
  const streams = new SseStreams(options);
  await fastify.register(async (door) => {
    door.removeAllContentTypeParsers();
    const readJson = door.getDefaultJsonParser('error', 'error');
    door.addContentTypeParser('application/json', { parseAs: 'string' }, readJson);
    door.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
    door.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
      return answerBrokenRequest(options.live.core, error, request, reply);
    });
    door.route({
      method: ['GET', 'POST'],
      url: path,
      bodyLimit,
      exposeHeadRoute: false,
      handler: (request, reply) => streams.serve(request, reply),
    });
    // The protocol's single connection mode, which begins with PUT, is not offered.
    door.route({
      method: ['PUT', 'DELETE', 'PATCH'],
      url: path,
      handler: (_request, reply) => reply.code(405).header('allow', 'GET, POST').send(),
    });
  });
  fastify.addHook('preClose', () => streams.dispose());
  return streams;
}

class SseStreams<P extends object> implements SseDoor {
  readonly #options: SseDoorOptions<P>;
  readonly #open = new Map<FastifyReply['raw'], SseResponse>();

  constructor(options: SseDoorOptions<P>) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Throws a PomonaError while the response has not begun; afterwards errors are told in it. */
  async serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { live, authenticate, maxStreams = 1_000 } = this.#options;
    const { accept = '*/*' } = request.headers;
    if (!/text\/(event-stream|\*)|\*\/\*/.test(accept)) return otherFormat(live, request, reply);
    const principal = await authenticate(request);
    if (principal === undefined)
      throw new PomonaError('UNAUTHENTICATED', 'Send `Authorization: Bearer <token>`.');
    const operation = operationIn(request);
    if (this.#open.size >= maxStreams) return busy(live, request, reply);
    // A client that is gone is told of no more.
    if (reply.raw.destroyed) return void reply.hijack();
    await this.#run(request, reply, principal, operation);
  }

  async #run(
    request: FastifyRequest,
    reply: FastifyReply,
    principal: P,
    operation: OperationRequest,
  ): Promise<void> {
    const { live, heartbeat = 12_000 } = this.#options;
    const requestId = request.id;
    const response = new SseResponse(reply.raw, () =>
      live.core.log.warn({ requestId }, 'A client does not read its events; its connection was cut'),
    );
    const withdrawn = (): void => {
      void response.next(errorsOf(live, noLongerValid(), requestId));
      response.complete();
    };
    const leave = live.enter(principal, withdrawn);
    reply.hijack();
    this.#open.set(reply.raw, response);
    const gone = new AbortController();
    reply.raw.once('close', () => {
      this.#open.delete(reply.raw);
      leave();
      gone.abort();
    });
    response.begin(reply.getHeaders() as OutgoingHttpHeaders, heartbeat);
    const readOnly = request.method === 'GET';
    const caller = { principal, requestId, withdrawn, readOnly, gone: gone.signal };
    const answer = await live.run(caller, operation);
    await tell(live, response, answer, requestId);
  }

  async dispose(): Promise<void> {
    const open = [...this.#open];
    const gone = Promise.all(open.map(([raw]) => once(raw, 'close')));
    for (const [, response] of open) response.breakOff();
    await gone;
  }
}

async function tell<P extends object>(
  live: Live<P>,
  response: SseResponse,
  answer: Answer,
  requestId: string,
): Promise<void> {
  if (answer.kind === 'refused') await response.next(JSON.stringify({ errors: answer.errors }));
  else if (answer.kind === 'result') await response.next(answer.text);
  else {
    response.onEnd(() => void answer.results.return());
    try {
      for await (const text of answer.results) await response.next(text);
    } catch (error) {
      await response.next(errorsOf(live, error, requestId));
    }
  }
  response.complete();
}

function errorsOf<P extends object>(live: Live<P>, error: unknown, requestId: string): string {
  return JSON.stringify({ errors: [live.format(error, requestId)] });
}

/** Events are the one format there is here. */
function otherFormat<P extends object>(live: Live<P>, request: FastifyRequest, reply: FastifyReply): void {
  const message = 'Results are sent as text/event-stream here; ask at /graphql for JSON.';
  answerWith(406, new PomonaError('BAD_USER_INPUT', message), live, request, reply);
}

function busy<P extends object>(live: Live<P>, request: FastifyRequest, reply: FastifyReply): void {
  const message = 'The server has as many event streams open as it serves; try again later.';
  reply.header('retry-after', '5');
  answerWith(503, new PomonaError('RATE_LIMITED', message), live, request, reply);
}

function answerWith<P extends object>(
  status: number,
  error: PomonaError,
  live: Live<P>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  void reply.code(status).send({ errors: [live.format(error, request.id)] });
}
