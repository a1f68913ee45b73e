import { PomonaError } from '../errors.js';

/** Bytes of an address that is read: strict clients send the whole message in it. */
export const MAX_QUERY_BYTES = 64 * 1024;
/** Bytes of a message that comes as a body. */
export const MAX_BODY_BYTES = 256 * 1024;

const OPERATIONS = ['GetCACaps', 'GetCACert', 'PKIOperation'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What is asked of `/scep`, by its query (RFC 8894 section 4). */
export interface ScepQuery {
  readonly operation: Operation;
  /** As it stands there, percent-encoding included. */
  readonly message: string | undefined;
}

/**
 * Reads the query of an address. By hand: what is read here is base64, of which `+` is a letter and no space.
 * @throws PomonaError BAD_USER_INPUT, PAYLOAD_TOO_LARGE
 */
export function readQuery(url: string): ScepQuery {
  if (url.length > MAX_QUERY_BYTES)
    throw new PomonaError(
      'PAYLOAD_TOO_LARGE',
      `The address is longer than ${MAX_QUERY_BYTES} bytes: send the message with POST.`,
    );
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  const fields = query.split('&').map((field) => field.split(/=(.*)/s, 2) as [string, string?]);
  const values = (name: string): string[] =>
    fields.filter(([key]) => key === name).map(([, value = '']) => value);
  const asked = values('operation');
  const operation = OPERATIONS.find((one) => one.toLowerCase() === asked[0]?.toLowerCase());
  if (operation === undefined || asked.length > 1)
    throw new PomonaError('BAD_USER_INPUT', `The query must have one operation: ${OPERATIONS.join(', ')}.`);
  return { operation, message: values('message')[0] };
}

/**
 * The bytes of a `message` in a query. Spaces are what became of `+` on the way, line ends what some base64 writers leave
 * behind; the letters of base64url and missing padding do no harm.
 * @throws PomonaError BAD_USER_INPUT
 */
export function readMessage(text: string | undefined): Buffer {
  const letters = decoded(text ?? '')
    .replaceAll(/[\r\n]/g, '')
    .replaceAll(' ', '+');
  if (letters === '' || !/^[\w+/-]+={0,2}$/.test(letters))
    throw new PomonaError(
      'BAD_USER_INPUT',
      'PKIOperation by GET needs `message`: the CMS message in base64, percent-encoded.',
    );
  return Buffer.from(letters, 'base64');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
