import { describe, expect, it } from 'vitest';
import {
  closedBy,
  INIT,
  NUMBERS,
  opened,
  ready,
  soFar,
  sourceOf,
  theServer,
  useConformance,
} from './conformance.js';
import { counts } from './schema.js';
import { startServer } from './server.js';

/**
 * The protocol text of graphql-transport-ws, sentence by sentence, against the server's raw frames. Titles say what
 * the text says.
 */
useConformance();

describe('Subscribe', () => {
  it('before the acknowledgement: 4401 Unauthorized', async () => {
    const subscribe = { id: '1', type: 'subscribe', payload: { query: '{ whoami }' } };
    expect(await closedBy(await opened(), subscribe)).toEqual([4401, 'Unauthorized']);
  });
  it('while the acknowledgement is being made up: 4401 Unauthorized', async () => {
    const slow = await startServer({ socket: { onConnect: () => new Promise(() => undefined) } });
    const client = await opened(slow);
    client.send(INIT);
    const subscribe = { id: '1', type: 'subscribe', payload: { query: '{ whoami }' } };
    expect(await closedBy(client, subscribe)).toEqual([4401, 'Unauthorized']);
    await slow.close();
  });
  it('with an id in use: 4409 Subscriber for <id> already exists', async () => {
    const client = await ready();
    await sourceOf(client, 'same');
    expect(await closedBy(client, { id: 'same', type: 'subscribe', payload: { query: NUMBERS } })).toEqual([
      4409,
      'Subscriber for same already exists',
    ]);
  });
  it('with a long id in use, of which the close frame has room for a part: 4409 all the same', async () => {
    const client = await ready();
    const id = 'ü'.repeat(500);
    await sourceOf(client, id);
    expect((await closedBy(client, { id, type: 'subscribe', payload: { query: NUMBERS } }))[0]).toBe(4409);
  });
  it('the same id on another socket is another operation', async () => {
    const [one, other] = [await ready(), await ready()];
    await sourceOf(one, 'same');
    await sourceOf(other, 'same');
    expect([await soFar(one), await soFar(other)]).toEqual([[], []]);
  });
  it.each(['__proto__', 'constructor', 'hasOwnProperty', ' ', '"quoted"\n', '🍏'])(
    'with the id %j, which is text like any other',
    async (id) => {
      const client = await ready();
      client.subscribe(id, '{ whoami }');
      expect([await client.next(), await client.next()]).toEqual([
        { id, type: 'next', payload: { data: { whoami: 'socket' } } },
        { id, type: 'complete' },
      ]);
    },
  );
  it('a query gives one Next, then Complete', async () => {
    const client = await ready();
    client.subscribe('q', '{ whoami }');
    expect([await client.next(), await client.next()]).toEqual([
      { id: 'q', type: 'next', payload: { data: { whoami: 'socket' } } },
      { id: 'q', type: 'complete' },
    ]);
  });
  it('a mutation gives one Next, then Complete', async () => {
    const client = await ready();
    client.subscribe('m', 'mutation ($input: TreePlantInput!) { treePlant(input: $input) }', {
      input: { name: 'x' },
    });
    expect([await client.next(), await client.next()]).toEqual([
      { id: 'm', type: 'next', payload: { data: { treePlant: 0 } } },
      { id: 'm', type: 'complete' },
    ]);
  });
  it('null and absent operationName, variables and extensions are the same', async () => {
    const client = await ready();
    const payload = { query: '{ whoami }', operationName: null, variables: null, extensions: null };
    client.send({ id: 'n', type: 'subscribe', payload });
    expect(await client.next()).toMatchObject({ type: 'next' });
  });
  it('operationName chooses among the operations of a document', async () => {
    const client = await ready();
    const query = 'query A { a: whoami } query B { b: whoami }';
    client.send({ id: 'b', type: 'subscribe', payload: { query, operationName: 'B' } });
    expect(await client.next()).toMatchObject({ payload: { data: { b: 'socket' } } });
  });
});

describe('Next', () => {
  it('comes for every event of a subscription, in order, until Complete', async () => {
    const client = await ready();
    const source = await sourceOf(client, 's');
    for (let number = 1; number <= 12; number += 1) source.push({ number });
    for (let number = 1; number <= 12; number += 1) {
      expect(await client.next()).toEqual({
        id: 's',
        type: 'next',
        payload: { data: { numbers: { number } } },
      });
    }
    await source.return();
    expect(await client.next()).toEqual({ id: 's', type: 'complete' });
  });
  it('carries errors of fields, and the operation goes on', async () => {
    const client = await ready();
    const source = await sourceOf(client, 's');
    source.push({ number: 13 });
    source.push({ number: 14 });
    expect(await client.next()).toMatchObject({ id: 's', type: 'next', payload: { errors: [{}] } });
    expect(await client.next()).toMatchObject({ payload: { data: { numbers: { number: 14 } } } });
  });
  it('tells which operation it belongs to, with 40 of them interleaved', async () => {
    const client = await ready();
    const sources: Awaited<ReturnType<typeof sourceOf>>[] = [];
    for (let id = 0; id < 40; id += 1) sources.push(await sourceOf(client, `s${id}`));
    for (const [id, source] of sources.toReversed().entries()) source.push({ number: 139 - id });
    const told = (await soFar(client)).map(({ id, payload }) => [id, payload.data.numbers.number]);
    expect(new Map(told as [string, number][])).toEqual(
      new Map(sources.map((_source, id) => [`s${id}`, 100 + id])),
    );
  });
});

describe('Error', () => {
  it.each([
    ['text that is not GraphQL', '{ whoami', 'GRAPHQL_PARSE_FAILED'],
    ['no text at all', '', 'BAD_USER_INPUT'],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', 'query ($n: Int!) { tree(number: $n) { id } }', 'BAD_USER_INPUT'],
  ])('is what %s gives, instead of Next: an array of errors', async (_what, query, code) => {
    const client = await ready();
    client.subscribe('e', query);
    const message = await client.next();
    expect(message).toMatchObject({ id: 'e', type: 'error', payload: [{ message: expect.any(String) }] });
    expect(message.payload[0].extensions.code).toBe(code);
    expect(await soFar(client)).toEqual([]);
  });
  it('is what a variable of the wrong type gives', async () => {
    const client = await ready();
    client.subscribe('e', 'query ($n: Int!) { tree(number: $n) { id } }', { n: 'seven' });
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
  it('is what an unknown operationName gives', async () => {
    const client = await ready();
    const payload = { query: 'query A { whoami }', operationName: 'B' };
    client.send({ id: 'e', type: 'subscribe', payload });
    expect(await client.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
  });
  it('terminates the operation, no further message follows, and its id can be used again', async () => {
    const client = await ready();
    client.subscribe('again', '{ nothing }');
    expect(await client.next()).toMatchObject({ id: 'again', type: 'error' });
    expect(await soFar(client)).toEqual([]);
    client.subscribe('again', '{ whoami }');
    expect(await client.next()).toMatchObject({ id: 'again', type: 'next' });
  });
});

describe('Complete', () => {
  it('of the client ends the operation: its source is released and nothing more is sent', async () => {
    const client = await ready();
    const source = await sourceOf(client, 's');
    source.push({ number: 1 });
    expect(await client.next()).toMatchObject({ type: 'next' });
    client.send({ id: 's', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
    expect(counts.queues.has(source)).toBe(false);
    source.push({ number: 2 });
    expect(await soFar(client)).toEqual([]);
  });
  it('of an id that is not in use is ignored', async () => {
    const client = await ready();
    client.send({ id: 'never', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
  });
  it('that crosses the end of the operation is ignored', async () => {
    const client = await ready();
    await client.run('q', '{ whoami }');
    client.send({ id: 'q', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
  });
  it('frees the id: it can be used again', async () => {
    const client = await ready();
    await sourceOf(client, 's');
    client.send({ id: 's', type: 'complete' });
    const second = await sourceOf(client, 's');
    second.push({ number: 2 });
    expect(await client.next()).toMatchObject({ id: 's', payload: { data: { numbers: { number: 2 } } } });
  });
  it('frees the id at once: a Subscribe right behind it is a new operation, which lives and can be completed', async () => {
    const client = await ready();
    const first = await sourceOf(client, 's');
    const before = new Set(counts.queues);
    client.send({ id: 's', type: 'complete' });
    client.subscribe('s', NUMBERS);
    expect(await soFar(client)).toEqual([]);
    const second = [...counts.queues].find((queue) => !before.has(queue))!;
    expect(counts.queues.has(first)).toBe(false);
    second.push({ number: 3 });
    expect(await client.next()).toMatchObject({ id: 's', payload: { data: { numbers: { number: 3 } } } });
    client.send({ id: 's', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
    expect(counts.queues.has(second)).toBe(false);
  });
  it('right behind Subscribe leaves nothing behind', async () => {
    const client = await ready();
    const before = counts.queues.size;
    client.subscribe('s', NUMBERS);
    client.send({ id: 's', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
    await expect.poll(() => counts.queues.size).toBe(before);
    expect(theServer().live.subscriptions).toBe(counts.queues.size);
  });
  it('of one operation leaves the others alone', async () => {
    const client = await ready();
    const [a, b] = [await sourceOf(client, 'a'), await sourceOf(client, 'b')];
    client.send({ id: 'a', type: 'complete' });
    expect(await soFar(client)).toEqual([]);
    a.push({ number: 1 });
    b.push({ number: 2 });
    expect(await client.next()).toMatchObject({ id: 'b', payload: { data: { numbers: { number: 2 } } } });
  });
});
