import { CDATA_STOPS, isXmlCharacter, TEXT_STOPS } from './characters.js';
import { type Cursor, STEP } from './cursor.js';
import { malformed } from './errors.js';
import { referenced, TextBuffer } from './text-buffer.js';

const CDATA = Buffer.from('<![CDATA[');
const CDATA_END = Buffer.from(']]>');
const LONGEST_REFERENCE = 12;

/**
 * Reads the text of one element up to its end tag. Plain text is left where it is in the document; only text with
 * references, sections, comments or carriage returns is copied together.
 */
export class TextReader {
  /** Where the text is, once `step` has returned true: `source` from `start` to `end`. */
  source: Buffer;
  start = 0;
  end = 0;
  ascii = true;

  private readonly cursor: Cursor;
  private mixed: TextBuffer | undefined;
  private sectionEnd = 0;
  private seen = 0;

  constructor(cursor: Cursor) {
    this.cursor = cursor;
    this.source = cursor.bytes;
  }

  /** The text starts here, and until `step` says otherwise it is empty. */
  begin(): void {
    this.mixed = undefined;
    this.sectionEnd = 0;
    this.seen = 0;
    this.source = this.cursor.bytes;
    this.start = this.cursor.pos;
    this.end = this.start;
    this.ascii = true;
  }

  /** Reads on, a step at most; true when the end tag has been reached. */
  step(): boolean {
    const { cursor } = this;
    const { bytes } = cursor;
    const inSection = this.sectionEnd > 0;
    const stops = inSection ? CDATA_STOPS : TEXT_STOPS;
    const limit = Math.min(inSection ? this.sectionEnd : bytes.length, cursor.pos + STEP);
    let { pos } = cursor;
    let { seen } = this;
    let byte = 0;
    while (pos < limit) {
      byte = bytes[pos] as number;
      if (stops[byte] !== 0) break;
      seen |= byte;
      pos += 1;
    }
    cursor.pos = pos;
    this.seen = seen;
    if (pos < limit) return this.stopAt(byte);
    if (inSection && pos === this.sectionEnd) this.endSection();
    else if (pos === bytes.length) throw malformed('The document ends within text', pos);
    return false;
  }

  private stopAt(byte: number): boolean {
    if (byte === 0x3c) return this.markup();
    if (byte === 0x26) this.reference();
    else if (byte === 0x3e) this.closingBracket();
    else if (byte === 0x0d) this.lineEnd();
    else throw malformed('A control character', this.cursor.pos);
    return false;
  }

  private markup(): boolean {
    const { cursor } = this;
    if (cursor.bytes[cursor.pos + 1] === 0x2f) {
      this.finish();
      return true;
    }
    if (cursor.isAt(CDATA)) this.beginSection();
    else if (cursor.beginSkip()) this.resumeAt(cursor.endOfSkip(), cursor.pos);
    else throw malformed('An element within text', cursor.pos);
    return false;
  }

  private finish(): void {
    this.ascii = this.seen < 0x80;
    this.source = this.cursor.bytes;
    this.end = this.cursor.pos;
    if (this.mixed === undefined) return;
    const mixed = this.copyRun();
    this.source = mixed.bytes;
    this.start = 0;
    this.end = mixed.length;
  }

  private beginSection(): void {
    const { cursor } = this;
    const start = cursor.pos + CDATA.length;
    const end = cursor.bytes.indexOf(CDATA_END, start);
    if (end === -1) throw malformed('The document ends within a section', cursor.bytes.length);
    this.resumeAt(start);
    this.sectionEnd = end;
  }

  private endSection(): void {
    this.resumeAt(this.sectionEnd + CDATA_END.length);
    this.sectionEnd = 0;
  }

  private reference(): void {
    const { bytes, pos } = this.cursor;
    let end = pos + 1;
    while (end < pos + LONGEST_REFERENCE && bytes[end] !== 0x3b) end += 1;
    const code = bytes[end] === 0x3b ? referenced(bytes.toString('latin1', pos + 1, end)) : undefined;
    if (code === undefined) throw malformed('An unknown entity', pos);
    if (!isXmlCharacter(code)) throw malformed('A reference to an illegal character', pos);
    this.resumeAt(end + 1);
    this.appendCode(code);
  }

  private closingBracket(): void {
    const { bytes, pos } = this.cursor;
    if (bytes[pos - 1] === 0x5d && bytes[pos - 2] === 0x5d)
      throw malformed('The end of a section within text', pos);
    this.cursor.pos += 1;
  }

  /** XML 1.0 section 2.11: CR LF, and CR alone, are read as LF. */
  private lineEnd(): void {
    const { bytes, pos } = this.cursor;
    this.resumeAt(bytes[pos + 1] === 0x0a ? pos + 2 : pos + 1);
    this.appendCode(0x0a);
  }

  private appendCode(code: number): void {
    this.seen |= Math.min(code, 0x80);
    this.mixed?.appendCode(code);
  }

  /** Keeps the plain text so far; the next run of it starts at `start`, and reading goes on there (or at `pos`). */
  private resumeAt(start: number, pos = start): void {
    this.copyRun();
    this.start = start;
    this.cursor.pos = pos;
  }

  private copyRun(): TextBuffer {
    this.mixed ??= new TextBuffer();
    this.mixed.append(this.cursor.bytes, this.start, this.cursor.pos);
    return this.mixed;
  }
}
