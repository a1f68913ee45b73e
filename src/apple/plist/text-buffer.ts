const ENTITIES = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
]);
const NUMERIC = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}))$/;

/** The code point that `&name;` stands for: the five of XML 1.0 section 4.6, or a number. Undefined for any other. */
export function referenced(name: string): number | undefined {
  const numeric = name.startsWith('#') ? NUMERIC.exec(name) : null;
  if (numeric === null) return ENTITIES.get(name);
  return numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
}

/**
 * UTF-8 text put together from pieces, where references or sections interrupt it. What is appended is never longer than
 * what it was read from, so the buffer never outgrows twice the document.
 */
export class TextBuffer {
  bytes = Buffer.allocUnsafe(256);
  length = 0;

  append(source: Buffer, start: number, end: number): void {
    if (start === end) return;
    this.reserve(end - start);
    source.copy(this.bytes, this.length, start, end);
    this.length += end - start;
  }

  appendCode(code: number): void {
    this.reserve(4);
    if (code < 0x80) this.bytes[this.length++] = code;
    else this.length += this.bytes.write(String.fromCodePoint(code), this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.length + count, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
