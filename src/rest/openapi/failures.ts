import type { ErrorCode } from '../../errors.js';
import { failure, type FailureShape } from '../schemas/failure.js';
import type { Operation } from '../operation.js';
import type { JsonObject, JsonSchemas } from './json-schema.js';

interface CommonFailure {
  readonly name: string;
  readonly description: string;
  readonly example: FailureShape;
  readonly headers?: JsonObject;
}

const REQUEST_ID = 'd290f1ee-6c54-4b01-90e6-d701748f0851';

const one = (
  name: string,
  description: string,
  code: ErrorCode,
  error: string,
  more: Partial<FailureShape> = {},
  headers?: JsonObject,
): CommonFailure => ({
  name,
  description,
  example: { error, code, ...more },
  ...(headers && { headers }),
});

const text = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

/** What every operation may answer, by status. */
const COMMON: Readonly<Record<number, CommonFailure>> = {
  400: one(
    'BadRequest',
    'Malformed JSON, a field missing or of the wrong type, an id that is not a UUID. `details.field` says where.',
    'BAD_USER_INPUT',
    'profiles[1].profile_uuid must be a UUID; this is “zz”.',
    { details: { field: 'profiles[1].profile_uuid' } },
  ),
  401: one(
    'Unauthenticated',
    'No token, or one that is not known, has expired or was revoked.',
    'UNAUTHENTICATED',
    'The API token is not known, has expired or was revoked.',
    {},
    { 'WWW-Authenticate': text('`Basic realm="Pomona"`.') },
  ),
  403: one(
    'Forbidden',
    'The token may not do this; `x-permission` says what it would need.',
    'FORBIDDEN',
    'The token "Dashboard" has the role VIEWER, which does not grant catalog.write.',
  ),
  413: one(
    'TooLarge',
    'The body is larger than 12 MiB.',
    'PAYLOAD_TOO_LARGE',
    'The request body is too large: 12,582,912 bytes are the most.',
  ),
  414: one(
    'AddressTooLong',
    'What stands for an id in the address has more than 512 characters.',
    'BAD_USER_INPUT',
    'A part of the address is longer than 512 characters; no id here is.',
  ),
  415: one(
    'WrongMediaType',
    'The body is not sent as `application/json`.',
    'UNSUPPORTED_MEDIA_TYPE',
    'Send JSON, and say so: -H "Content-Type: application/json".',
  ),
  500: one(
    'OurFault',
    'The fault is ours. Quote the `request_id`.',
    'INTERNAL',
    'Something went wrong on our side.',
    { request_id: REQUEST_ID },
  ),
  503: one(
    'Unavailable',
    'Not just now.',
    'UNAVAILABLE',
    'This cannot be done just now. Try again shortly.',
    { request_id: REQUEST_ID },
    { 'Retry-After': text('Seconds to wait.') },
  ),
};

/** References to what an operation may answer besides its own. Bodies are not read with GET; only an id can be too long. */
export function commonAnswers({ method, params }: Operation): JsonObject {
  const not = new Set([
    ...(method === 'GET' ? ['413', '415'] : []),
    ...(params === undefined ? ['414'] : []),
  ]);
  const statuses = Object.entries(COMMON).filter(([status]) => !not.has(status));
  return Object.fromEntries(
    statuses.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

export function commonResponses(schemas: JsonSchemas): JsonObject {
  const schema = schemas.of(failure, 'output');
  return Object.fromEntries(
    Object.values(COMMON).map(({ name, description, example, headers }) => [
      name,
      { description, ...(headers && { headers }), content: { 'application/json': { schema, example } } },
    ]),
  );
}
