import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscerningSource } from '../../src/resolvers/plumbing/event-stream.js';
import { SharedResults } from '../../src/resolvers/plumbing/shared-results.js';
import { SubscriptionQueue } from '../../src/resolvers/plumbing/subscription-queue.js';
import { SocketClient, startServer, type TestServer } from './server.js';

interface Tick {
  readonly number: number;
}

/** A source whose values are the same for all. */
class Ticks extends SubscriptionQueue<Tick> implements DiscerningSource<Tick> {
  identityOf = ({ number }: Tick): string | undefined => (number < 0 ? undefined : String(number));
  fits = async ({ number }: Tick): Promise<boolean> => {
    asked += 1;
    return number !== 4;
  };
}

let sources: Set<Ticks>;
let executed: number[];
let asked: number;
let server: TestServer;

const ticks = {
  type: new GraphQLNonNull(GraphQLInt),
  args: { after: { type: GraphQLString }, scale: { type: GraphQLInt, defaultValue: 1 } },
  subscribe: () => {
    const source: Ticks = new Ticks({ maxItems: 32, onRelease: () => sources.delete(source) });
    sources.add(source);
    return source;
  },
  resolve: ({ number }: Tick, { scale }: { scale: number }) => {
    executed.push(number);
    if (number === 13) throw new Error('secret of thirteen');
    return number * scale;
  },
};
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { ok: { type: GraphQLString, resolve: () => 'yes' } },
  }),
  subscription: new GraphQLObjectType({ name: 'Subscription', fields: { ticks } }),
});

beforeEach(async () => {
  [sources, executed, asked] = [new Set(), [], 0];
  server = await startServer({
    schema,
    live: { audienceOf: ({ name }) => name, startArguments: ['after'] },
  });
});
afterEach(() => server.close());

const happen = (number: number): void => sources.forEach((source) => source.push({ number }));
const WATCH = 'subscription ($after: String, $scale: Int) { ticks(after: $after, scale: $scale) }';

async function watching(count: number, query = WATCH, variables: (n: number) => object = () => ({})) {
  const client = await SocketClient.connected(server);
  const before = sources.size;
  for (let n = 0; n < count; n += 1) client.subscribe(`w${n}`, query, variables(n));
  await expect.poll(() => sources.size, { interval: 1 }).toBe(before + count);
  return client;
}

async function told(client: SocketClient, count: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  while (seen.length < count) seen.push((await client.next()).payload);
  return seen;
}

describe('subscriptions to the same', () => {
  it('are executed once for each event, whatever cursor they began at', async () => {
    const client = await watching(40, WATCH, (n) => ({ after: `cursor ${n}`, scale: 2 }));
    happen(1);
    expect(new Set((await told(client, 40)).map((payload) => JSON.stringify(payload)))).toEqual(
      new Set(['{"data":{"ticks":2}}']),
    );
    happen(2);
    await told(client, 40);
    expect(executed).toEqual([1, 2]);
    expect(asked).toBe(2);
  });

  it('are apart when document or variables differ, and together when only the order of keys or spaces does', async () => {
    const client = await watching(2, WATCH, (n) => ({ scale: n + 1 }));
    await watching(1, `${WATCH}  # the same`, () => ({ scale: 1, after: 'x' }));
    await watching(1, 'subscription { ticks }');
    happen(1);
    expect(await told(client, 2)).toEqual([{ data: { ticks: 1 } }, { data: { ticks: 2 } }]);
    await expect.poll(() => executed.length).toBe(3);
  });

  it('are apart for different audiences', async () => {
    const apart = await startServer({
      schema,
      live: { audienceOf: () => undefined, startArguments: ['after'] },
    });
    const client = await SocketClient.connected(apart);
    for (const id of ['a', 'b']) client.subscribe(id, WATCH);
    await expect.poll(() => sources.size, { interval: 1 }).toBe(2);
    happen(1);
    await told(client, 2);
    expect(executed).toEqual([1, 1]);
    await apart.close();
  });

  it('all get the error of the one execution, masked and logged once, and go on', async () => {
    const client = await watching(10);
    happen(13);
    const errors = (await told(client, 10)).map((payload) => JSON.stringify(payload));
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).not.toContain('secret');
    expect(server.logged.filter(([, message]) => message === 'A GraphQL field failed')).toHaveLength(1);
    happen(14);
    expect(new Set((await told(client, 10)).map((payload) => JSON.stringify(payload))).size).toBe(1);
    expect(executed).toEqual([13, 14]);
  });

  it('are not told what does not fit, which is asked once', async () => {
    const client = await watching(10);
    happen(4);
    happen(5);
    expect(await told(client, 10)).toEqual(Array.from({ length: 10 }, () => ({ data: { ticks: 5 } })));
    expect([executed, asked]).toEqual([[5], 2]);
  });

  it('are each told for themselves what concerns them alone', async () => {
    const client = await watching(3);
    happen(-1);
    await told(client, 3);
    expect(executed).toEqual([-1, -1, -1]);
  });

  it('a slow one neither slows the others, nor has more waiting than its queue holds', async () => {
    // A result is as long as the name it goes by.
    const name = 'n'.repeat(30_000);
    const query = `subscription { ${name}: ticks }`;
    const slow = await watching(1, query);
    const [source] = sources;
    const quick = await watching(1, query);
    slow.socket.pause();
    // Until what the operating system takes is full, and then the queue.
    for (let number = 100; source!.dropped === 0; number += 1) {
      happen(number);
      expect(await told(quick, 1)).toEqual([{ data: { [name]: number } }]);
      expect(source!.size).toBeLessThanOrEqual(32);
    }
    slow.socket.terminate();
  });

  it('end when the last has left: nothing is executed for nobody', async () => {
    const client = await watching(5);
    for (let n = 0; n < 5; n += 1) client.send({ id: `w${n}`, type: 'complete' });
    await expect.poll(() => sources.size, { interval: 1 }).toBe(0);
    expect(server.live.subscriptions).toBe(0);
    happen(1);
    expect((await client.run('q', '{ ok }')).payload).toEqual({ data: { ok: 'yes' } });
    expect(executed).toEqual([]);
  });

  it('one whose permission was withdrawn is dropped alone', async () => {
    const [one, other] = [await watching(1), await watching(1)];
    server.principals[0]!.revoked = true;
    const closed = one.closed();
    happen(1);
    expect(await told(other, 1)).toEqual([{ data: { ticks: 1 } }]);
    expect(await closed).toBe(4403);
    happen(2);
    expect(await told(other, 1)).toEqual([{ data: { ticks: 2 } }]);
  });
});

describe('shared results', () => {
  it('are made once for all who wait, and for those who come soon after', async () => {
    const results = new SharedResults();
    let made = 0;
    const make = async () => `result ${(made += 1)}`;
    const given = await Promise.all([results.of('a', make), results.of('a', make), results.of('b', make)]);
    expect(given).toEqual(['result 1', 'result 1', 'result 2']);
    expect(await results.of('a', make)).toBe('result 1');
  });

  it('that nobody is to be told are remembered as well', async () => {
    const results = new SharedResults();
    await results.of('a', async () => undefined);
    expect(await results.of('a', async () => 'made again')).toBeUndefined();
  });

  it('are not kept when they failed', async () => {
    const results = new SharedResults();
    await expect(results.of('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await results.of('a', async () => 'yes')).toBe('yes');
  });

  it('are kept up to a size', async () => {
    const results = new SharedResults({ maxCharacters: 10_000 });
    for (let n = 0; n < 100; n += 1) await results.of(`k${n}`, async () => 'x'.repeat(1_000));
    expect(await results.of('k99', async () => 'again')).toHaveLength(1_000);
    expect(await results.of('k0', async () => 'again')).toBe('again');
  });
});
