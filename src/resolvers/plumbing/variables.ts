/** Size and depth of the variables a client sent. */
export interface Extent {
  /** Nesting of lists and objects. */
  readonly depth: number;
  /** Values, plus the characters of texts. */
  readonly size: number;
  readonly values: number;
}

/** Measures any JSON value; stops descending at `maxDepth`. */
export function extentOf(value: unknown, maxDepth: number): Extent {
  if (typeof value === 'string') return { depth: 0, size: 1 + value.length, values: 1 };
  if (typeof value !== 'object' || value === null) return { depth: 0, size: 1, values: 1 };
  if (maxDepth <= 0) return { depth: 1, size: 1, values: 1 };
  let [depth, size, values] = [0, 1, 1];
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    const extent = extentOf(inner, maxDepth - 1);
    depth = Math.max(depth, extent.depth);
    size += extent.size;
    values += extent.values;
  }
  return { depth: depth + 1, size, values };
}
