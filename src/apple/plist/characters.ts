/** Byte classes for the text of XML 1.0 (production 2, Char; section 2.4 for markup; section 2.11 for line ends). */
export const TEXT_STOPS = stops('<&>\r');
export const CDATA_STOPS = stops('\r');
const ILLEGAL = stops('');

/** True for the bytes 0-31 that are no character of XML. */
export function isIllegal(byte: number): boolean {
  return ILLEGAL[byte] === 1;
}

export function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d;
}

/** True for a code point that a document may name with a numeric reference. */
export function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  if (code < 0xd800) return true;
  return (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** 1 for each byte at which a run of plain text ends: the given characters, and control characters. */
function stops(characters: string): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0, 0x20);
  for (const allowed of '\t\n\r') table[allowed.charCodeAt(0)] = 0;
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
