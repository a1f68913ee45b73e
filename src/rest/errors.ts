import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PomonaError, type ErrorCode } from '../errors.js';
import type { Logger } from '../log.js';
import { snakeCase, snakeKeys } from './names.js';

/** What a door that must answer shows of a failure that is ours to explain. */
const MASKS: Partial<Record<ErrorCode, string>> = {
  UNAVAILABLE: 'This cannot be done just now. Try again shortly.',
};
const MASK = 'Something went wrong on our side.';
const RETRY_AFTER_SECONDS = '5';

/**
 * The one face of a failure on this door: its row of the error table as the status, and an object with the sentence in
 * `error` (all that clients of 2016 read), beside it `code`, and `details` with the offending `field`. What is not the
 * caller's to mend is masked, and logged under the `request_id` that the caller is told.
 * @param extra what this route's failures say besides
 */
export function answerError(
  log: Logger,
  failure: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  extra: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  const error = failure instanceof PomonaError ? failure : ofTheRequest(failure as FastifyError, request);
  if (error?.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Basic realm="Pomona"');
  if (error?.face.http === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  reply.code(statusOf(error, failure));
  if (error?.face.expose === true) return reply.send({ ...extra, ...shown(error) });
  const code = error?.code ?? 'INTERNAL';
  log.error({ err: failure, requestId: request.id }, 'A management request failed');
  return reply.send({ ...extra, error: MASKS[code] ?? MASK, code, request_id: request.id });
}

/** A known path was asked for with a method it does not have (RFC 9110 section 15.5.6). */
export function answerMethodNotAllowed(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: readonly string[],
): FastifyReply {
  const allow = allowed.join(', ');
  const error = `${request.method} cannot be used here; what can: ${allow}.`;
  return reply.code(405).header('allow', allow).send({ error, code: 'METHOD_NOT_ALLOWED' });
}

export function noSuchRoute(request: FastifyRequest): PomonaError {
  const [path = ''] = request.url.split('?');
  return new PomonaError('NOT_FOUND', `There is no ${path.slice(0, 200)} in this API.`);
}

/** Where in the input: `profiles[2].profile_uuid`. Services say it in their names, clients read it in theirs. */
export function fieldName(path: readonly string[]): string {
  return path
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${FIELDS[name] ?? snakeCase(name)}`))
    .join('')
    .replace(/^\./, '');
}

const FIELDS: Readonly<Record<string, string>> = {
  content: 'payload_data',
  manifestUrl: 'manifest-url',
  workflowId: 'workflow_uuid',
};

function shown(error: PomonaError): object {
  const field = error.inputPath === undefined ? {} : { field: fieldName(error.inputPath) };
  const details = { ...field, ...snakeKeys(error.details ?? {}) };
  return {
    error: error.message,
    code: error.code,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function statusOf(error: PomonaError | undefined, failure: Error): number {
  const own = (failure as FastifyError).statusCode;
  if (error !== undefined && !(failure instanceof PomonaError) && own !== undefined) return own;
  return error?.face.http ?? 500;
}

/** What Fastify refuses by itself: bodies that are too large, of another type, or broken off. */
function ofTheRequest(
  { statusCode, message }: FastifyError,
  { routeOptions }: FastifyRequest,
): PomonaError | undefined {
  if (statusCode === 413) {
    const most = (routeOptions.bodyLimit ?? 0).toLocaleString('en-US');
    return new PomonaError('PAYLOAD_TOO_LARGE', `The request body is too large: ${most} bytes are the most.`);
  }
  if (statusCode === 415) {
    const how = 'Send JSON, and say so: -H "Content-Type: application/json".';
    return new PomonaError('UNSUPPORTED_MEDIA_TYPE', how);
  }
  const theirs = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return theirs ? new PomonaError('BAD_USER_INPUT', `The request cannot be read: ${message}.`) : undefined;
}
