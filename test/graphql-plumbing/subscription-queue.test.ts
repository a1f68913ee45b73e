import { describe, expect, it } from 'vitest';
import { SubscriptionQueue } from '../../src/resolvers/plumbing/subscription-queue.js';

interface Item {
  readonly key: string;
  readonly value: number;
}

async function take<T>(queue: SubscriptionQueue<T>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) taken.push((await queue.next()).value);
  return taken;
}

describe('a subscription queue', () => {
  it('gives items in order, before and after someone waits', async () => {
    const queue = new SubscriptionQueue<number>();
    queue.push(1);
    queue.push(2);
    expect(await take(queue, 2)).toEqual([1, 2]);
    const waiting = [queue.next(), queue.next()];
    queue.push(3);
    queue.push(4);
    expect((await Promise.all(waiting)).map((step) => step.value)).toEqual([3, 4]);
  });

  it('keeps the newest of a key, in the order of pushing', async () => {
    const queue = new SubscriptionQueue<Item>({ keyOf: ({ key }) => key });
    for (const [key, value] of [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['c', 1],
      ['a', 3],
    ] as const)
      queue.push({ key, value });
    expect(await take(queue, 3)).toEqual([
      { key: 'b', value: 1 },
      { key: 'c', value: 1 },
      { key: 'a', value: 3 },
    ]);
    expect(queue.dropped).toBe(0);
  });

  it('drops all and says so once when too many wait, then goes on', async () => {
    const queue = new SubscriptionQueue<number>({ maxItems: 3 });
    for (let n = 1; n <= 9; n += 1) queue.push(n);
    expect(queue.dropped).toBe(8);
    expect(await take(queue, 2)).toEqual([{ resync: true }, 9]);
    queue.push(10);
    expect(await take(queue, 1)).toEqual([10]);
  });

  it('stays small while 100,000 events come that nobody reads', async () => {
    const queue = new SubscriptionQueue<{ id: number; body: string }>({ keyOf: ({ id }) => String(id) });
    let largest = 0;
    const pushAll = () => {
      for (let id = 0; id < 50_000; id += 1) {
        queue.push({ id, body: `event ${id} `.repeat(20) });
        largest = Math.max(largest, queue.size);
      }
    };
    pushAll();
    const before = process.memoryUsage().heapUsed;
    pushAll();
    expect(largest).toBe(256);
    expect(queue.dropped).toBeGreaterThan(99_000);
    // 50,000 such events are more than 10 MB; garbage not yet collected is allowed for by asking for the retained items above.
    if (globalThis.gc) globalThis.gc();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
    expect(await take(queue, 1)).toEqual([{ resync: true }]);
  });

  it('lets go once, and ends for whoever waits', async () => {
    let released = 0;
    const queue = new SubscriptionQueue<number>({ onRelease: () => (released += 1) });
    const waiting = queue.next();
    await queue.return();
    await queue.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    queue.push(1);
    expect(queue.size).toBe(0);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
    expect(released).toBe(1);
  });

  it('ends a for-await that is left', async () => {
    let released = false;
    const queue = new SubscriptionQueue<number>({ onRelease: () => (released = true) });
    queue.push(1);
    for await (const item of queue) {
      expect(item).toBe(1);
      break;
    }
    expect(released).toBe(true);
  });
});
