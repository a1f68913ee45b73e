import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_SIGNED_BYTES } from '../apple/machine-info/index.js';
import { PomonaError } from '../errors.js';
import { PAGE_HEADERS } from '../own-pages.js';

/** In a web view, devices send their MachineInfo in a header (Apple: Authenticating through web views). */
const HEADER = 'x-apple-aspen-deviceinfo';
const PROFILE_TYPE = 'application/x-apple-aspen-config';
/** Of base64: a third more than what it stands for. */
const MAX_HEADER = Math.ceil(MAX_SIGNED_BYTES / 3) * 4;

/** Nothing of this is for caches, and the addresses may be secrets. */
export const SECRET_HEADERS = { ...PAGE_HEADERS, 'cache-control': 'no-store', 'x-robots-tag': 'noindex' };

/**
 * Takes what devices send in this scope as it comes, whatever they call it: Setup Assistant writes
 * `application/pkcs7-signature`, and nothing depends on that.
 */
export function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_SIGNED_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async ({ headers }, reply) => {
    delete headers['content-type'];
    reply.headers(SECRET_HEADERS);
  });
}

/** The bytes a device sent; none when it sent nothing. */
export function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The signed MachineInfo of a request: its body, else its header. Throws BAD_USER_INPUT when there is none. */
export function machineInfoOf(request: FastifyRequest): Buffer {
  const body = bodyOf(request);
  if (body.length > 0) return body;
  const header = request.headers[HEADER];
  if (typeof header === 'string' && header !== '') return decode(header);
  throw new PomonaError(
    'BAD_USER_INPUT',
    `This address is for devices in Setup Assistant: they send a signed MachineInfo, in the body or in ${HEADER}.`,
  );
}

/** Base64 as RFC 4648 sections 4 and 5 have it. */
function decode(header: string): Buffer {
  if (header.length > MAX_HEADER || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(header))
    throw new PomonaError('BAD_USER_INPUT', `The header ${HEADER} is not base64, or too long.`);
  return Buffer.from(header, 'base64');
}

/** Answers with a `.mobileconfig`, as a download that devices install. */
export function sendProfile(reply: FastifyReply, profile: Buffer): FastifyReply {
  return reply
    .type(PROFILE_TYPE)
    .header('content-disposition', 'attachment; filename="enrollment.mobileconfig"')
    .send(profile);
}

/**
 * The status and the sentence for a failure. Devices that are not enrolled yet come here: 403 tells Setup Assistant that it
 * failed and, without a code of Apple's in the body, nothing else. 401 would have it ask for a password.
 */
export function toldOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof PomonaError && error.face.expose)
    return { status: error.face.http === 401 ? 403 : error.face.http, message: error.message };
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return { status: 413, message: 'This is longer than anything a device sends here.' };
  return typeof status === 'number' && status >= 400 && status < 500
    ? { status, message: 'The request could not be read.' }
    : { status: 503, message: 'Not available now; try again.' };
}

const RETRY_AFTER_SECONDS = '30';

/** Tells of a failure in words, for devices and the people who look at their logs. */
export function refuseInWords(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = logged(error, request, reply);
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}

/** Notes a failure, and returns what is told of it. */
export function logged(
  error: unknown,
  { log }: FastifyRequest,
  reply: FastifyReply,
): ReturnType<typeof toldOf> {
  const told = toldOf(error);
  if (told.status >= 500) log.error({ err: error }, 'An enrolment failed');
  else log.warn({ reason: told.message }, 'An enrolment was refused');
  if (told.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return told;
}
