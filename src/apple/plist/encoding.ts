import { isUtf8 } from 'node:buffer';
import { malformed, PlistError } from './errors.js';

/** UTF-16 is transcoded in one go, so only what is quickly done is accepted. Devices send UTF-8. */
const LARGEST_UTF16 = 1024 * 1024;

export interface Utf8Document {
  readonly bytes: Buffer;
  /** Where the text begins, after a byte order mark. */
  readonly start: number;
  readonly transcoded: boolean;
}

/** Makes sure that a document is UTF-8, transcoding UTF-16 with a byte order mark. Throws PlistError. */
export function toUtf8(bytes: Buffer): Utf8Document {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return transcode(bytes, 'utf-16be');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return transcode(bytes, 'utf-16le');
  if (!isUtf8(bytes)) throw malformed('The document is not UTF-8', firstInvalid(bytes));
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { bytes, start: marked ? 3 : 0, transcoded: false };
}

function transcode(bytes: Buffer, encoding: 'utf-16be' | 'utf-16le'): Utf8Document {
  if (bytes.length > LARGEST_UTF16) throw new PlistError('unsupported', 'A large document in UTF-16', 0);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { bytes: Buffer.from(text), start: 0, transcoded: true };
  } catch {
    throw malformed('The document is not UTF-16', 0);
  }
}

/** Finds the character at which UTF-8 is broken, by halving, so that each byte is looked at about twice. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0;
  let end = bytes.length;
  while (end - valid > 4) {
    const middle = startOfCharacter(bytes, valid + ((end - valid) >>> 1));
    if (middle <= valid) break;
    if (isUtf8(bytes.subarray(valid, middle))) valid = middle;
    else end = middle;
  }
  for (let at = end - 1; at > valid; at -= 1) {
    if (isUtf8(bytes.subarray(valid, at))) return at;
  }
  return valid;
}

function startOfCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
