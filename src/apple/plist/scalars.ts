const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 64n - 1n;
const DECIMAL = /^[+-]?[0-9]{1,64}$/;
const HEXADECIMAL = /^([+-]?)(0[xX][0-9a-fA-F]{1,64})$/;
const REAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;

/** True for an integer that a property list can hold: from the least signed to the greatest unsigned 64-bit number. */
export function isInRange(value: bigint): boolean {
  return value >= SMALLEST && value <= LARGEST;
}

/** The number when it is exact, otherwise the bigint itself. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Reads `<integer>` text: decimal or hexadecimal, with an optional sign. Undefined when malformed or out of range. */
export function readInteger(text: string): number | bigint | undefined {
  const value = bigInteger(text);
  return value !== undefined && isInRange(value) ? narrow(value) : undefined;
}

function bigInteger(text: string): bigint | undefined {
  if (DECIMAL.test(text)) return BigInt(text.startsWith('+') ? text.slice(1) : text);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal === null) return undefined;
  const magnitude = BigInt(hexadecimal[2] ?? '');
  return hexadecimal[1] === '-' ? -magnitude : magnitude;
}

/** Reads up to 15 decimal digits without making a string, the common case. Undefined: use `readInteger`. */
export function readShortInteger(bytes: Buffer, start: number, end: number): number | undefined {
  if (end === start || end - start > 15) return undefined;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** Reads `<real>` text: decimal with optional exponent, `nan`, `inf` or `infinity`. Undefined when malformed. */
export function readReal(text: string): number | undefined {
  if (REAL.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : undefined;
}

/** Reads `<date>` text, `YYYY-MM-DDThh:mm:ssZ` and nothing else. Undefined when malformed or no such day or time. */
export function readDate(text: string): Date | undefined {
  if (!DATE.test(text)) return undefined;
  const date = new Date(text);
  // A day such as 30 February may be taken as a day in March; only the round trip shows it.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== text.slice(0, 19)) return undefined;
  return date;
}
