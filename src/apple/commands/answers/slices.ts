import { setImmediate } from 'node:timers/promises';

/** The longest the event loop is held, in milliseconds. */
const SLICE_MS = 10;

/** `items.map(convert)`, letting other work run about every 10 ms. An error of `convert` rejects the promise. */
export async function mapInSlices<T, R>(items: readonly T[], convert: (item: T) => R): Promise<R[]> {
  const converted: R[] = [];
  let sliceEnd = performance.now() + SLICE_MS;
  for (const item of items) {
    converted.push(convert(item));
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return converted;
}
