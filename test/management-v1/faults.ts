import type { Reply } from './kit.js';

/** Code, statements and file names of ours. */
const TELLS =
  /\bat .*\.[jt]s:\d+|node_modules|SQLITE|\bER_[A-Z]+|QueryFailedError|TypeError|RangeError|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b .*\b(FROM|VALUES|SET|WHERE)\b/;

/** What no answer may be: ours to explain, without words, or telling how the server is made. */
export function faultOf({ status, text, json }: Reply, method = 'GET'): string | undefined {
  if (status >= 500) return String(status);
  if (status < 400 || method === 'HEAD') return undefined;
  if (typeof json?.error !== 'string') return 'no error';
  return TELLS.test(text) ? 'tells too much' : undefined;
}
