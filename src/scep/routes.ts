import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { authorityCertificates, SCEP_CAPABILITIES } from '../apple/scep/index.js';
import { clientAddress, type IsTrustedProxy } from '../client-address.js';
import type { Clock } from '../clock.js';
import { PomonaError } from '../errors.js';
import type { CertificateAuthority } from '../services/authority/index.js';
import { answerOperation } from './operation.js';
import { MAX_BODY_BYTES, readMessage, readQuery } from './message.js';

export interface ScepDoor {
  readonly authority: CertificateAuthority;
  readonly now: Clock;
  /** Messages a minute from one address; each costs us an RSA operation. */
  readonly messagesPerMinute?: number;
  /** Whose word on where a message came from is believed. */
  readonly isTrustedProxy: IsTrustedProxy;
}

/** A school that unpacks its devices is one address. */
const MESSAGES_PER_MINUTE = 1_200;
const RETRY_AFTER_SECONDS = '30';
/** `type/subtype`, RFC 9110 section 8.3.1. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+/;

/** Where devices come for their certificates: SCEP (RFC 8894) over HTTP, at `/scep`. */
export function scepRoutes(door: ScepDoor) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    app.addHook('onRequest', async ({ headers }) => dropUnreadableType(headers));
    app.setErrorHandler((error, request, reply) => refuse(error, request.log, reply));
    const limit = new RateLimiterMemory({
      points: door.messagesPerMinute ?? MESSAGES_PER_MINUTE,
      duration: 60,
    });
    const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      handle(door, limit, request, reply);
    app.route({ method: ['GET', 'POST'], url: '/scep', bodyLimit: MAX_BODY_BYTES, handler });
    app.route({
      method: ['PUT', 'DELETE', 'PATCH', 'OPTIONS'],
      url: '/scep',
      handler: (_request, reply) => methodNotAllowed(reply),
    });
  };
}

async function handle(
  door: ScepDoor,
  limit: RateLimiterMemory,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { operation, message } = readQuery(request.raw.url ?? '');
  if (operation === 'GetCACaps') return reply.type('text/plain').send(SCEP_CAPABILITIES);
  if (operation === 'GetCACert') {
    const { type, body } = authorityCertificates(door.authority.current);
    return reply.type(type).send(body);
  }
  const bytes = request.method === 'POST' ? bodyOf(request) : readMessage(message);
  await admit(limit, clientAddress(request, door.isTrustedProxy));
  const answer = await answerOperation(door, bytes, request.log);
  return reply.type('application/x-pki-message').send(answer);
}

function bodyOf({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new PomonaError('BAD_USER_INPUT', 'PKIOperation by POST needs a body: the CMS message in DER.');
}

/** @throws PomonaError RATE_LIMITED */
async function admit(limit: RateLimiterMemory, address: string): Promise<void> {
  try {
    await limit.consume(address);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new PomonaError(
      'RATE_LIMITED',
      `More than ${limit.points} messages a minute came from this address.`,
    );
  }
}

/** The framework would answer 415 to a content type that is none; what the body is, is known anyway. */
function dropUnreadableType(headers: FastifyRequest['headers']): void {
  if (!MEDIA_TYPE.test(headers['content-type'] ?? '')) delete headers['content-type'];
}

function methodNotAllowed(reply: FastifyReply): FastifyReply {
  return reply.code(405).header('allow', 'GET, POST').type('text/plain').send('SCEP is GET and POST.\n');
}

/** What cannot be answered in SCEP's own words, because the message says too little. */
function refuse(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const { status, message } = faceOf(error);
  if (status >= 500) log.error({ err: error }, 'A SCEP request failed');
  else log.warn({ reason: message }, 'A SCEP request was refused');
  if (status === 503 || status === 429) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}

function faceOf(error: unknown): { status: number; message: string } {
  if (error instanceof PomonaError)
    return {
      status: error.face.http,
      message: error.face.expose ? error.message : 'Not available now; try again.',
    };
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return { status, message: `A message has at most ${MAX_BODY_BYTES} bytes.` };
  return typeof status === 'number' && status >= 400 && status < 500
    ? { status, message: 'The request could not be read.' }
    : { status: 503, message: 'Not available now; try again.' };
}
