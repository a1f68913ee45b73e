/** Size and depth of the variables a client sent. */
export interface Extent {
  /** Nesting of lists and objects. */
  readonly depth: number;
  /** Values, plus the characters of texts. */
  readonly size: number;
  readonly values: number;
}

type Tally = { -readonly [Key in keyof Extent]: number };

/** Measures any JSON value; stops descending at `maxDepth`, and looking any further beyond `maxValues`. */
export function extentOf(value: unknown, maxDepth: number, maxValues = Infinity): Extent {
  const tally = { depth: 0, size: 0, values: 0 };
  count(value, 0, maxDepth, maxValues, tally);
  return tally;
}

function count(value: unknown, level: number, maxDepth: number, maxValues: number, tally: Tally): void {
  tally.values += 1;
  tally.size += typeof value === 'string' ? 1 + value.length : 1;
  if (typeof value !== 'object' || value === null) return;
  tally.depth = Math.max(tally.depth, level + 1);
  if (level >= maxDepth) return;
  const object = value as Readonly<Record<string, unknown>>;
  // Not its values as a list: that alone would take as long for a huge one as all the rest.
  for (const key in object) {
    if (tally.values > maxValues) return;
    count(object[key], level + 1, maxDepth, maxValues, tally);
  }
}
