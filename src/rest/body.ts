import { PomonaError } from '../errors.js';

/** A request body as JSON; undefined when it is empty. Throws BAD_USER_INPUT that says where it stops being JSON. */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PomonaError('BAD_USER_INPUT', explain(text, error as SyntaxError));
  }
}

/** A byte order mark, as Windows tools write it, is dropped. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PomonaError('BAD_USER_INPUT', 'The request body is not UTF-8 text, so it is not JSON.');
  }
}

function explain(text: string, error: SyntaxError): string {
  const comma = trailingComma(text);
  if (comma === undefined) return `The request body is not JSON: ${withoutExcerpt(error.message)}.`;
  const before = text.slice(0, comma).split('\n');
  const where = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return `The request body is not JSON: there is a trailing comma at ${where}. JSON has no comma after the last entry; take it out.`;
}

/** V8 quotes the text around the fault; a body may hold secrets, which would end up in logs of clients. */
function withoutExcerpt(message: string): string {
  return message.replace(/,? (?:\.\.\.)?".*$/s, '').replace(/ in JSON(?= at )/, '');
}

/** Where a comma stands that is followed by a closing bracket, outside strings. */
function trailingComma(text: string): number | undefined {
  let comma: number | undefined;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (inString) {
      if (character === '\\') at += 1;
      else inString = character !== '"';
    } else if (character === ',') comma = at;
    else if ((character === '}' || character === ']') && comma !== undefined) return comma;
    else if (!/\s/.test(character)) {
      comma = undefined;
      inString = character === '"';
    }
  }
  return undefined;
}
