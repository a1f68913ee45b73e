/** A statement with more bytes than this in one parameter goes the binary way, where bytes stay bytes. */
const BINARY_FROM = 256 * 1024;

/** What mysql2 writes with a backslash before it. */
const ESCAPED = new Set('\0\b\t\n\r\u001a"\'\\');

/**
 * Whether a statement is sent to MySQL with its parameters beside it (prepared) rather than in its text. In the text a
 * byte is written as two hexadecimal digits, so that half of `max_allowed_packet` would be the most that fits; but
 * preparing costs a round trip, which only large parameters are worth.
 */
export function isSentBinary(parameters: readonly unknown[]): boolean {
  return parameters.some((value) => Buffer.isBuffer(value) && value.length > BINARY_FROM);
}

/** Whether a statement with these parameters is larger than `most` bytes on its way to MySQL. Counts exactly only near the limit. */
export function isLargerThan(most: number, sql: string, parameters: readonly unknown[]): boolean {
  return roughly(sql, parameters) > most && exactly(sql, parameters) > most;
}

/** No less than the true size. A character is two bytes escaped, three in UTF-8 (two halves of a pair are four). */
function roughly(sql: string, parameters: readonly unknown[]): number {
  let bytes = sql.length * 3;
  for (const value of parameters) {
    if (typeof value === 'string') bytes += value.length * 3 + 16;
    else bytes += Buffer.isBuffer(value) ? value.length * 2 + 16 : 32;
  }
  return bytes;
}

function exactly(sql: string, parameters: readonly unknown[]): number {
  const binary = isSentBinary(parameters);
  let bytes = Buffer.byteLength(sql);
  for (const value of parameters) {
    if (typeof value === 'string') bytes += Buffer.byteLength(value) + (binary ? 0 : escapes(value)) + 16;
    else bytes += Buffer.isBuffer(value) ? value.length * (binary ? 1 : 2) + 16 : 32;
  }
  return bytes;
}

function escapes(text: string): number {
  let count = 0;
  for (const character of text) count += ESCAPED.has(character) ? 1 : 0;
  return count;
}
