const LONGEST = 64;
const SLOTS = 1024;

/**
 * Keys repeat: within a document and between documents. One string serves them all, found by the bytes without making
 * another. The size is fixed, a newer key takes the slot of an older one. Keys only: values may be secrets.
 */
const slots = Array.from({ length: SLOTS }, () => '');

/** The ASCII text between `start` and `end` as a string. */
export function cachedKey(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return bytes.toString('latin1', start, end);
  let hash = length;
  for (let i = start; i < end; i += 1) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = slots[slot] as string;
  if (known.length === length && equals(known, bytes, start)) return known;
  const key = bytes.toString('latin1', start, end);
  slots[slot] = key;
  return key;
}

function equals(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}
