import { isIllegal, isWhiteSpace } from './characters.js';
import { malformed } from './errors.js';

/** Bytes that one step may look at. */
export const STEP = 32 * 1024;

const COMMENT = Buffer.from('<!--');
const COMMENT_END = Buffer.from('--');
const INSTRUCTION_END = Buffer.from('?>');
const XML_TARGET = /^<\?xml[\s?]/i;

/** The place in an XML document, and what may stand anywhere in it and means nothing: comments and instructions. */
export class Cursor {
  readonly bytes: Buffer;
  pos: number;
  private skipEnd = 0;

  constructor(bytes: Buffer, pos: number) {
    this.bytes = bytes;
    this.pos = pos;
  }

  /** True when the given bytes stand here. */
  isAt(expected: Buffer): boolean {
    const { bytes, pos } = this;
    for (let i = 0; i < expected.length; i += 1) {
      if (bytes[pos + i] !== expected[i]) return false;
    }
    return true;
  }

  /** At `<!` or `<?`: starts to skip a comment or an instruction. False when neither is here. */
  beginSkip(): boolean {
    if (this.bytes[this.pos + 1] === 0x3f) this.skipEnd = this.endOfInstruction();
    else if (this.isAt(COMMENT)) this.skipEnd = this.endOfComment();
    else return false;
    return true;
  }

  isSkipping(): boolean {
    return this.pos < this.skipEnd;
  }

  /** Where the comment or instruction that is being skipped ends. */
  endOfSkip(): number {
    return this.skipEnd;
  }

  /** Goes on skipping; even what is skipped must be made of legal characters. */
  skip(): void {
    const limit = Math.min(this.skipEnd, this.pos + STEP);
    for (let i = this.pos; i < limit; i += 1) {
      if (isIllegal(this.bytes[i] as number)) throw malformed('A control character', i);
    }
    this.pos = limit;
  }

  /** Passes white space, at most a step of it. */
  passWhiteSpace(): void {
    const limit = Math.min(this.bytes.length, this.pos + STEP);
    while (this.pos < limit && isWhiteSpace(this.bytes[this.pos])) this.pos += 1;
  }

  private endOfComment(): number {
    const end = this.bytes.indexOf(COMMENT_END, this.pos + COMMENT.length);
    if (end === -1) throw malformed('The document ends within a comment', this.bytes.length);
    if (this.bytes[end + 2] !== 0x3e) throw malformed('Two hyphens within a comment', end);
    return end + 3;
  }

  private endOfInstruction(): number {
    if (XML_TARGET.test(this.bytes.toString('latin1', this.pos, this.pos + 6))) {
      throw malformed('An XML declaration that is not at the start', this.pos);
    }
    const end = this.bytes.indexOf(INSTRUCTION_END, this.pos + 2);
    if (end === -1) throw malformed('The document ends within an instruction', this.bytes.length);
    return end + 2;
  }
}
