import { createHmac, timingSafeEqual } from 'node:crypto';
import { PomonaError } from '../../errors.js';
import type { KeysetValues } from '../../services/page.js';

/** Makes and reads opaque cursors. */
export interface CursorCodec {
  /**
   * The cursor of the row with these values, in the list ordered so. `ordering` is a name such as
   * `devices:lastSeenAt:desc`.
   */
  encode(ordering: string, values: KeysetValues): string;
  /**
   * @throws PomonaError BAD_USER_INPUT for a cursor that was altered, or that another list or ordering gave.
   */
  decode(ordering: string, cursor: string): KeysetValues;
}

const MAC_BYTES = 16;
const LONGEST = 2048;

/**
 * Cursors are base64url of an HMAC-SHA-256 (first 16 bytes, RFC 2104 section 5) and the values as JSON. The
 * signature covers the ordering's name, so a cursor works only where it came from, and what reaches a WHERE
 * clause is what we wrote.
 * @param key at least 32 secret bytes, the same in every process, used for nothing else.
 */
export function createCursorCodec(key: Uint8Array): CursorCodec {
  if (key.length < 32) throw new RangeError(`A cursor key is at least 32 bytes; this one is ${key.length}.`);
  const sign = (ordering: string, json: string) =>
    createHmac('sha256', key).update(`${ordering}\0${json}`).digest().subarray(0, MAC_BYTES);
  return {
    encode(ordering, values) {
      const json = JSON.stringify(values);
      return Buffer.concat([sign(ordering, json), Buffer.from(json)]).toString('base64url');
    },
    decode(ordering, cursor) {
      if (cursor.length > LONGEST) throw refused();
      const bytes = Buffer.from(cursor, 'base64url');
      const json = bytes.subarray(MAC_BYTES).toString('utf8');
      const mac = bytes.subarray(0, MAC_BYTES);
      if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, sign(ordering, json))) throw refused();
      return JSON.parse(json) as KeysetValues;
    },
  };
}

function refused(): PomonaError {
  return new PomonaError(
    'BAD_USER_INPUT',
    'This cursor was not made by this list in this order. Send a `cursor`, `startCursor` or `endCursor` unchanged, ' +
      'with the same `orderBy` it came from; or leave `after` and `before` out to begin anew.',
  );
}
