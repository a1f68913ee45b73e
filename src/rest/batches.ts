/** Groups a sequence into batches that weigh `most` together (a single heavier item is a batch of its own). Never empty. */
export async function* batches<T>(
  source: AsyncIterable<T> | Iterable<T>,
  most: number,
  weightOf: (item: T) => number = () => 1,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let weight = 0;
  for await (const item of source) {
    const heavier = weight + weightOf(item);
    if (batch.length > 0 && heavier > most) {
      yield batch;
      batch = [];
      weight = 0;
    }
    batch.push(item);
    weight += weightOf(item);
  }
  if (batch.length > 0) yield batch;
}

/** The first `count` of a sequence; it is not asked for more. */
export async function* first<T>(source: AsyncIterable<T> | Iterable<T>, count: number): AsyncGenerator<T> {
  let left = count;
  if (left <= 0) return;
  for await (const item of source) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

/** A JSON array in pieces, one for each batch: a list of any length without its text ever being whole in memory. */
export async function* jsonArray(rows: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let opening = '[';
  for await (const batch of rows) {
    if (batch.length === 0) continue;
    yield opening + batch.map((row) => JSON.stringify(row)).join(',\n');
    opening = ',\n';
  }
  yield opening === '[' ? '[]\n' : ']\n';
}
