import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MessageError } from '../apple/messages/index.js';
import { PlistError } from '../apple/plist/index.js';
import type { Clock } from '../clock.js';
import { PomonaError } from '../errors.js';
import { AnsweredDevices, type AnsweredDevice } from './answered.js';
import type { CheckinDoor } from './checkin.js';
import { certificateShownBy } from './client-certificate.js';
import { MAX_REPORT_BYTES, type ConnectDoor } from './connect.js';
import { identify, mustLookLikeDevice, type DeviceTrust } from './identity.js';

export interface DeviceDoor {
  readonly checkin: CheckinDoor;
  readonly connect: ConnectDoor;
  readonly trust: DeviceTrust;
  /** Whether an address is a proxy whose certificate header is believed. */
  readonly isTrustedProxy: (address: string) => boolean;
  readonly now: Clock;
  /** Told of every message once it was answered. */
  readonly answered: (answered: AnsweredDevice) => void;
}

const PLIST = 'application/xml; charset=UTF-8';
const CHECKIN_TYPE = 'application/x-apple-aspen-mdm-checkin';
const RETRY_AFTER_SECONDS = '30';
/** What is kept in memory of the message of anybody at all, until it is known who they are. */
const STRANGERS_BYTES = 256 * 1024;
/** `type/subtype`, RFC 9110 section 8.3.1. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+/;

/**
 * The routes Apple devices call. Both messages are taken on both URLs, told apart by their content type, because a device
 * without a CheckInURL sends everything to its ServerURL. No fault of ours is ever answered 401 or 403: either would make
 * the device remove its enrolment.
 */
export function deviceRoutes(door: DeviceDoor) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_REPORT_BYTES },
      (_request, body, done) => done(null, body),
    );
    app.addHook('onRequest', async (request) => {
      dropUnreadableType(request.headers);
      if (mayBeLarge(request)) mustLookLikeDevice(identityOf(door, request), door.trust, door.now);
    });
    app.setErrorHandler((error, request, reply) => refuse(error, request.log, reply));
    const answered = new AnsweredDevices(app, door.answered);
    const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      handle(door, answered, request, reply);
    for (const url of ['/mdm/checkin', '/mdm/connect']) {
      app.route({ method: ['PUT', 'POST'], url, bodyLimit: MAX_REPORT_BYTES, handler });
      app.route({
        method: ['GET', 'DELETE', 'PATCH', 'OPTIONS'],
        url,
        handler: (_request, reply) => methodNotAllowed(reply),
      });
    }
  };
}

async function handle(
  door: DeviceDoor,
  answered: AnsweredDevices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const note = (message: string): void => answered.note(request, { message });
  answered.note(request, { door: isCheckin(request) ? 'checkin' : 'connect' });
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const identity = identify(identityOf(door, request), body, door.trust, door.now);
  if (isCheckin(request)) {
    const answer = await door.checkin.handle(body, identity, note);
    return send(reply, answer.status, answer.body);
  }
  const command = await door.connect.handle(body, identity, note);
  answered.note(request, { handedOut: command !== undefined });
  return send(reply, 200, command);
}

function send(reply: FastifyReply, status: number, body: Buffer | undefined): FastifyReply {
  reply.code(status);
  // Nothing to do is zero bytes, not an empty property list (Apple: sending MDM commands to a device).
  return body === undefined ? reply.send() : reply.header('content-type', PLIST).send(body);
}

/** The framework would answer 415 to a content type that is none, and the device would send the same again for ever. */
function dropUnreadableType(headers: FastifyRequest['headers']): void {
  if (!MEDIA_TYPE.test(headers['content-type'] ?? '')) delete headers['content-type'];
}

/** Whether so much may come that a few hundred strangers could fill the memory with it. */
function mayBeLarge({ headers, method }: FastifyRequest): boolean {
  if (method !== 'PUT' && method !== 'POST') return false;
  if (headers['transfer-encoding'] !== undefined) return true;
  return Number(headers['content-length'] ?? 0) > STRANGERS_BYTES;
}

function isCheckin(request: FastifyRequest): boolean {
  const type = request.headers['content-type'];
  if (type === undefined) return request.url.startsWith('/mdm/checkin');
  if (type.startsWith(CHECKIN_TYPE)) return true;
  return (
    request.url.startsWith('/mdm/checkin') &&
    !type.startsWith('application/x-apple-aspen-mdm;') &&
    type !== 'application/x-apple-aspen-mdm'
  );
}

function identityOf(door: DeviceDoor, request: FastifyRequest): Parameters<typeof identify>[0] {
  const { socket } = request;
  const proxied = door.isTrustedProxy(socket.remoteAddress ?? '');
  return {
    signature: header(request, 'mdm-signature'),
    forwardedCertificate: proxied ? header(request, door.trust.certificateHeader) : undefined,
    // What a proxy shows is its own, and nobody's who comes through it.
    shownCertificate: proxied ? undefined : certificateShownBy(socket),
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function methodNotAllowed(reply: FastifyReply): FastifyReply {
  return reply
    .code(405)
    .header('allow', 'PUT, POST')
    .type('text/plain')
    .send('Devices call this with PUT.\n');
}

/** The one place that tells a device of a failure: in words, with a status that leaves it enrolled. */
function refuse(error: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const { status, message } = faceOf(error);
  if (status >= 500) log.error({ err: error }, 'A device request failed');
  else log.warn({ reason: message }, 'A device request was refused');
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}

function faceOf(error: unknown): { status: number; message: string } {
  if (error instanceof PomonaError)
    return {
      status: error.face.device,
      message: error.face.expose ? error.message : 'Not available now; try again.',
    };
  if (error instanceof PlistError || error instanceof MessageError)
    return { status: 400, message: error.message };
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return { status: 413, message: 'The message is larger than this server takes.' };
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 401 && status !== 403
    ? { status, message: 'The request could not be read.' }
    : { status: 503, message: 'Not available now; try again.' };
}
