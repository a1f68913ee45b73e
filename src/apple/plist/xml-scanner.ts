import { Base64Decoder } from './base64.js';
import { isWhiteSpace } from './characters.js';
import { Cursor, STEP } from './cursor.js';
import { elementAt, type ElementName, isElementAt, type LeafName } from './elements.js';
import { toUtf8 } from './encoding.js';
import { malformed } from './errors.js';
import { keyOf, scalarOf, stringOf } from './leaf-values.js';
import type { PlistLimits } from './limits.js';
import { endOfAttributes, endOfDoctype, endOfTag, endOfXmlDeclaration } from './markup.js';
import { Scanner } from './scanner.js';
import { TextReader } from './text-reader.js';
import { TreeBuilder } from './tree.js';

const XML_DECLARATION = Buffer.from('<?xml');
const DOCTYPE = Buffer.from('<!DOCTYPE');

/** Reads an XML property list (Apple's PropertyList-1.0.dtd) from its bytes, one tag or piece of text a step. */
export class XmlScanner extends Scanner {
  private readonly cursor: Cursor;
  private readonly text: TextReader;
  private place: 'before' | 'inside' | 'after' = 'before';
  private doctypeSeen = false;
  private leaf: LeafName | undefined;
  private leafOffset = 0;
  private decoder: Base64Decoder | undefined;

  constructor(document: Buffer, limits: PlistLimits) {
    super(new TreeBuilder(limits));
    const { bytes, start, transcoded } = toUtf8(document);
    this.cursor = new Cursor(bytes, start);
    this.text = new TextReader(this.cursor);
    this.cursor.passWhiteSpace();
    if (this.cursor.isAt(XML_DECLARATION)) {
      this.cursor.pos = endOfXmlDeclaration(bytes, this.cursor.pos, transcoded);
    }
  }

  protected step(): number {
    const from = this.cursor.pos;
    if (this.decoder !== undefined) return this.decode(this.decoder);
    if (this.cursor.isSkipping()) this.cursor.skip();
    else if (this.leaf !== undefined) this.readText(this.leaf);
    else this.readMarkup();
    return this.cursor.pos - from + 1;
  }

  private decode(decoder: Base64Decoder): number {
    if (decoder.step(STEP)) {
      this.tree.add(decoder.result(), this.leafOffset);
      this.decoder = undefined;
    }
    return STEP;
  }

  private readText(leaf: LeafName): void {
    if (!this.text.step()) return;
    this.readEndTag(leaf);
    this.leaf = undefined;
    this.addLeaf(leaf);
  }

  private addLeaf(leaf: LeafName): void {
    const { text, tree, leafOffset } = this;
    if (leaf === 'key') tree.key(keyOf(text, leafOffset), leafOffset);
    else if (leaf === 'string') tree.add(stringOf(text, leafOffset), leafOffset);
    else if (leaf === 'data') this.decoder = new Base64Decoder(text.source, text.start, text.end, leafOffset);
    else tree.add(scalarOf(leaf, text, leafOffset), leafOffset);
  }

  private readMarkup(): void {
    const { cursor } = this;
    cursor.passWhiteSpace();
    const { bytes, pos } = cursor;
    if (pos === bytes.length) this.endDocument();
    else if (bytes[pos] !== 0x3c) this.refuseText();
    else if (bytes[pos + 1] === 0x2f) this.close();
    else if (bytes[pos + 1] === 0x21 || bytes[pos + 1] === 0x3f) this.readDeclaration();
    else this.open();
  }

  private endDocument(): void {
    if (this.place !== 'after') throw malformed('The document ends too early', this.cursor.pos);
    this.done = true;
  }

  /** White space longer than one step also ends here, and is no text. */
  private refuseText(): void {
    const { bytes, pos } = this.cursor;
    if (!isWhiteSpace(bytes[pos])) throw malformed('Text where an element is expected', pos);
  }

  private readDeclaration(): void {
    const { cursor } = this;
    if (cursor.beginSkip()) return;
    if (!cursor.isAt(DOCTYPE) || this.place !== 'before' || this.doctypeSeen) {
      throw malformed('A declaration where none is allowed', cursor.pos);
    }
    this.doctypeSeen = true;
    cursor.pos = endOfDoctype(cursor.bytes, cursor.pos);
  }

  private open(): void {
    const { bytes, pos } = this.cursor;
    const name = elementAt(bytes, pos + 1);
    if (name === undefined) throw malformed('An unknown element', pos);
    if ((name === 'plist') !== (this.place === 'before') || this.place === 'after') {
      throw malformed('The document is not one <plist> element', pos);
    }
    const nameEnd = pos + 1 + name.length;
    this.cursor.pos = endOfTag(bytes, name === 'plist' ? endOfAttributes(bytes, nameEnd) : nameEnd);
    const isEmpty = bytes[this.cursor.pos - 2] === 0x2f;
    if (name === 'plist' || name === 'dict' || name === 'array') this.openContainer(name, isEmpty, pos);
    else this.openLeaf(name, isEmpty, pos);
  }

  private openContainer(name: 'plist' | 'dict' | 'array', isEmpty: boolean, offset: number): void {
    if (name === 'plist') this.place = 'inside';
    else if (name === 'dict') this.tree.openDict(offset);
    else this.tree.openArray(offset);
    if (isEmpty) this.closeContainer(name, offset);
  }

  private openLeaf(name: LeafName, isEmpty: boolean, offset: number): void {
    this.leafOffset = offset;
    this.text.begin();
    if (isEmpty) return this.addLeaf(name);
    this.leaf = name;
    this.readText(name);
  }

  private close(): void {
    const { bytes, pos } = this.cursor;
    const name = elementAt(bytes, pos + 2);
    if (name !== 'plist' && name !== 'dict' && name !== 'array') throw malformed('A mismatched end tag', pos);
    this.readEndTag(name);
    this.closeContainer(name, pos);
  }

  private closeContainer(name: 'plist' | 'dict' | 'array', offset: number): void {
    if (name === 'dict') this.tree.closeDict(offset);
    else if (name === 'array') this.tree.closeArray(offset);
    else this.closeDocument(offset);
  }

  private closeDocument(offset: number): void {
    if (this.place !== 'inside' || this.tree.isOpen()) throw malformed('A mismatched end tag', offset);
    if (this.tree.root === undefined) throw malformed('The document has no value', offset);
    this.place = 'after';
  }

  private readEndTag(name: ElementName): void {
    const { bytes, pos } = this.cursor;
    if (!isElementAt(bytes, pos + 2, name)) throw malformed('A mismatched end tag', pos);
    const end = endOfTag(bytes, pos + 2 + name.length);
    if (bytes[end - 2] === 0x2f) throw malformed('A tag is malformed', pos);
    this.cursor.pos = end;
  }
}
