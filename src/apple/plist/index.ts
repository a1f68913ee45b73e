import { BinaryScanner } from './binary-scanner.js';
import { PlistError } from './errors.js';
import { completeLimits, type PlistLimits } from './limits.js';
import type { Scanner } from './scanner.js';
import { nextTurn } from './turns.js';
import type { PlistValue } from './types.js';
import { XmlScanner } from './xml-scanner.js';

export { PlistError, type PlistErrorCode } from './errors.js';
export { DEFAULT_LIMITS, type PlistLimits } from './limits.js';
export { isDict, type PlistDict, type PlistInput, type PlistValue } from './types.js';
export { buildPlist, buildPlistFragment } from './writer.js';

/** Smaller documents take about a millisecond and are read at once. */
const SMALL = 64 * 1024;

/**
 * Reads a property list, XML or binary (`bplist00`), in one go. Strict: what is not well formed is refused, never
 * guessed at. Throws PlistError.
 */
export function parsePlist(bytes: Uint8Array, limits?: Partial<PlistLimits>): PlistValue {
  const scanner = scannerFor(bytes, limits);
  scanner.scan(Infinity);
  return scanner.value();
}

/**
 * Reads a property list like `parsePlist`, giving up the event loop after every `sliceMs` milliseconds. The bytes must
 * not be changed until it is done. Rejects with PlistError.
 */
export async function parsePlistInSlices(
  bytes: Uint8Array,
  limits?: Partial<PlistLimits>,
  sliceMs = 8,
): Promise<PlistValue> {
  if (bytes.length > SMALL) await nextTurn();
  const scanner = scannerFor(bytes, limits);
  while (!scanner.scan(performance.now() + sliceMs)) await nextTurn();
  return scanner.value();
}

function scannerFor(bytes: Uint8Array, partial: Partial<PlistLimits> | undefined): Scanner {
  const limits = completeLimits(partial);
  if (bytes.length > limits.maxBytes) {
    throw new PlistError(
      'too-large',
      `The document has ${bytes.length} bytes, the limit is ${limits.maxBytes}`,
    );
  }
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = buffer.toString('latin1', 0, 8);
  if (magic === 'bplist00') return new BinaryScanner(buffer, limits);
  if (magic.startsWith('bplist'))
    throw new PlistError('unsupported', 'A binary property list of another version', 0);
  return new XmlScanner(buffer, limits);
}
