import { expect } from 'vitest';
import { parsePlist, parsePlistInSlices, PlistError, type PlistLimits } from '../../src/apple/plist/index.js';

/** The error that both ways of reading give for a document, which must be the same. */
export async function refusal(document: Uint8Array, limits?: Partial<PlistLimits>): Promise<PlistError> {
  const sliced: unknown = await parsePlistInSlices(document, limits, 0).catch((error: unknown) => error);
  const atOnce = thrownBy(() => parsePlist(document, limits));
  expect(atOnce).toBeInstanceOf(PlistError);
  expect(sliced).toEqual(atOnce);
  return atOnce as PlistError;
}

/** What a call throws, or undefined. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
