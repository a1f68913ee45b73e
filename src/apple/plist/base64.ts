import { malformed } from './errors.js';

const WHITE_SPACE = 64;
const PADDING = 65;
const ILLEGAL = 66;
const CODES = codeTable();

/** Decodes base64 (RFC 4648 section 4) a piece at a time: padding required, white space ignored, all else refused. */
export class Base64Decoder {
  private readonly source: Buffer;
  private readonly end: number;
  private readonly out: Buffer;
  private readonly offset: number;
  private at: number;
  private length = 0;
  private pending = 0;
  private pendingCount = 0;
  private padding = 0;

  /** Decodes `source` from `start` to `end`; failures are reported at `offset`. */
  constructor(source: Buffer, start: number, end: number, offset: number) {
    this.source = source;
    this.at = start;
    this.end = end;
    this.offset = offset;
    this.out = Buffer.allocUnsafe((((end - start) * 3) >>> 2) + 3);
  }

  /** Decodes at most `count` more characters; true when all are done. */
  step(count: number): boolean {
    const { source, out } = this;
    const limit = Math.min(this.end, this.at + count);
    let { pending, pendingCount, length } = this;
    for (let i = this.at; i < limit; i += 1) {
      const code = CODES[source[i] as number] as number;
      if (code >= WHITE_SPACE) {
        if (code !== WHITE_SPACE) this.pad(code);
        continue;
      }
      if (this.padding > 0) throw this.refused();
      pending = (pending << 6) | code;
      pendingCount += 1;
      if (pendingCount === 4) {
        out[length] = pending >>> 16;
        out[length + 1] = pending >>> 8;
        out[length + 2] = pending;
        length += 3;
        pending = 0;
        pendingCount = 0;
      }
    }
    this.at = limit;
    this.pending = pending;
    this.pendingCount = pendingCount;
    this.length = length;
    return limit === this.end;
  }

  /** The decoded bytes, once `step` has returned true. Bits left over in the last character must be zero. */
  result(): Buffer {
    const { pendingCount, pending } = this;
    if (pendingCount + this.padding !== (pendingCount === 0 ? 0 : 4)) throw this.refused();
    if (pendingCount === 2) this.finish(pending, 4, 1);
    if (pendingCount === 3) this.finish(pending, 2, 2);
    const bytes = this.out.subarray(0, this.length);
    // A view keeps the whole allocation alive, which mostly-white-space data would turn into waste.
    return this.length * 2 < this.out.length ? Buffer.from(bytes) : bytes;
  }

  private finish(pending: number, spareBits: number, count: number): void {
    if ((pending & ((1 << spareBits) - 1)) !== 0) throw this.refused();
    const bits = pending >>> spareBits;
    if (count === 2) this.out[this.length] = bits >>> 8;
    this.out[this.length + count - 1] = bits;
    this.length += count;
  }

  private pad(code: number): void {
    if (code === ILLEGAL) throw this.refused();
    this.padding += 1;
    if (this.padding > 2) throw this.refused();
  }

  private refused(): Error {
    return malformed('Data is not base64', this.offset);
  }
}

function codeTable(): Uint8Array {
  const table = new Uint8Array(256).fill(ILLEGAL);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < alphabet.length; i += 1) table[alphabet.charCodeAt(i)] = i;
  for (const space of ' \t\n\r') table[space.charCodeAt(0)] = WHITE_SPACE;
  table['='.charCodeAt(0)] = PADDING;
  return table;
}
