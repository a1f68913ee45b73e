import { X509Certificate } from 'node:crypto';
import { IdentityError } from './errors.js';

/** A certificate with an RSA-8192 key and a page of names stays well below this. */
const MAX_LENGTH = 32_768;

const STRUCTURED_FIELD = /^:([A-Za-z0-9+/]+={0,2}):$/;
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const BARE = /^[A-Za-z0-9+/]+={0,2}$/;

const refuse = (message: string, cause?: unknown): IdentityError =>
  new IdentityError('malformed-header', message, cause === undefined ? undefined : { cause });

/** Decodes base64 that could not have been written otherwise: `Buffer` alone would skip what it does not know. */
function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw refuse('the certificate in the header is not proper base64');
  return bytes;
}

function unescape(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw refuse('the header is not properly URL-encoded', cause);
  }
}

/** PEM without its first and last line and its white space; anything else as it is. No pattern: those took quadratic time on white space. */
function withoutArmour(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith(BEGIN) || !trimmed.endsWith(END)) return text;
  return trimmed.slice(BEGIN.length, -END.length).replaceAll(/\s/g, '');
}

/** The base64 in whichever of the forms the value has. */
function base64In(value: string): string {
  const structured = STRUCTURED_FIELD.exec(value)?.[1];
  if (structured !== undefined) return structured;
  const text = value.includes('%') ? unescape(value) : value;
  const bare = withoutArmour(text);
  if (BARE.test(bare)) return bare;
  throw refuse(
    'the header holds no certificate as `:base64:`, URL-encoded PEM or base64; exactly one is expected',
  );
}

/**
 * The client certificate that a proxy passes on in a header, as DER: `:base64:` (`Client-Cert`, RFC 9440 section 2.2),
 * URL-encoded PEM (nginx's `$ssl_client_escaped_cert`) or bare base64 (Traefik's `X-Forwarded-Tls-Client-Cert`).
 * A list is refused: Node joins repeated headers with commas, so the first could be one that the proxy did not write.
 * Whether the peer may be believed at all is for the caller to know.
 * @throws IdentityError `malformed-header`
 */
export function certificateFromHeader(value: string): Buffer {
  if (value.length > MAX_LENGTH) throw refuse(`the header is longer than ${MAX_LENGTH} characters`);
  const der = decodeBase64(base64In(value.trim()));
  try {
    // The constructor also reads PEM inside the base64; comparing shows that it read what we return.
    if (new X509Certificate(der).raw.equals(der)) return der;
  } catch (cause) {
    throw refuse('the header does not hold an X.509 certificate', cause);
  }
  throw refuse('the header holds more than an X.509 certificate');
}
