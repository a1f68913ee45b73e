import { isWhiteSpace } from './characters.js';
import { malformed, PlistError } from './errors.js';

/** No tag, declaration or document type of a property list is longer; it bounds the work on each. */
const LONGEST = 1024;
const SPACE = String.raw`[ \t\r\n]`;
const EQUALS = `${SPACE}*=${SPACE}*`;
const QUOTED = `(?:"[^<"]*"|'[^<']*')`;
const VERSION = String.raw`${SPACE}+version${EQUALS}(?:"1\.[0-9]"|'1\.[0-9]')`;
const ENCODING = String.raw`${SPACE}+encoding${EQUALS}(?:"([\w.-]+)"|'([\w.-]+)')`;
const STANDALONE = `${SPACE}+standalone${EQUALS}(?:"(?:yes|no)"|'(?:yes|no)')`;
const XML_DECLARATION = new RegExp(
  String.raw`^<\?xml${VERSION}(?:${ENCODING})?(?:${STANDALONE})?${SPACE}*\?>`,
);
const EXTERNAL_ID = `(?:PUBLIC${SPACE}+${QUOTED}|SYSTEM)${SPACE}+${QUOTED}`;
const DOCTYPE = new RegExp(`^<!DOCTYPE${SPACE}+plist(?:${SPACE}+${EXTERNAL_ID})?${SPACE}*>`);
const INTERNAL_SUBSET = /^<!DOCTYPE[^>[]*\[/;
const ATTRIBUTE = String.raw`${SPACE}+[A-Za-z_:][\w:.-]*${EQUALS}${QUOTED}`;
const ATTRIBUTES = new RegExp(`^(?:${ATTRIBUTE})*`);

/** Returns the end of the XML declaration at `at`. UTF-8 (or UTF-16 that has been transcoded) is the only encoding read. */
export function endOfXmlDeclaration(bytes: Buffer, at: number, transcoded: boolean): number {
  const match = XML_DECLARATION.exec(textAt(bytes, at));
  if (match === null) throw malformed('The XML declaration is malformed', at);
  const encoding = (match[1] ?? match[2] ?? 'utf-8').toLowerCase();
  const readable = transcoded
    ? encoding.startsWith('utf-16')
    : encoding === 'utf-8' || encoding === 'us-ascii';
  if (!readable) throw new PlistError('unsupported', 'The document is not in UTF-8', at);
  return at + match[0].length;
}

/**
 * Returns the end of the document type at `at`. Its external identifier is never followed; declarations of its own are
 * refused, because they are how a document defines entities.
 */
export function endOfDoctype(bytes: Buffer, at: number): number {
  const text = textAt(bytes, at);
  const match = DOCTYPE.exec(text);
  if (match !== null) return at + match[0].length;
  if (INTERNAL_SUBSET.test(text)) {
    throw new PlistError('unsupported', 'A document type with declarations of its own', at);
  }
  throw malformed('The document type is malformed', at);
}

/** Returns the end of the attributes that follow a tag's name; only `<plist>` may have them, and they mean nothing here. */
export function endOfAttributes(bytes: Buffer, at: number): number {
  return at + (ATTRIBUTES.exec(textAt(bytes, at))?.[0].length ?? 0);
}

/** Returns the end of a tag, from the end of its name or attributes: white space, `/` for an empty element, `>`. */
export function endOfTag(bytes: Buffer, at: number): number {
  let end = at;
  while (isWhiteSpace(bytes[end])) end += 1;
  if (bytes[end] === 0x2f) end += 1;
  if (bytes[end] !== 0x3e) throw malformed('A tag is malformed', end);
  return end + 1;
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + LONGEST);
}
