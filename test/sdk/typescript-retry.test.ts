import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient, type PomonaClient } from '../../sdk/typescript/src/index.ts';

describe('a server that is busy', () => {
  let answers: ((response: ServerResponse, request: IncomingMessage) => void)[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const answer = answers.shift();
    if (answer === undefined) response.end('{"data":{"ok":true}}');
    else answer(response, request);
  });
  const busy =
    (status: number, headers = {}) =>
    (response: ServerResponse) =>
      response
        .writeHead(status, headers)
        .end(JSON.stringify({ errors: [{ message: 'busy', extensions: { code: 'RATE_LIMITED' } }] }));
  const waits: number[] = [];
  let client: PomonaClient;
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = createClient({ url, delay: (attempt) => waits.push(attempt) });
  });
  afterAll(() => server.close());
  const during = async (given: typeof answers, call: () => Promise<unknown>) => {
    [answers, asked] = [given, 0];
    waits.length = 0;
    const outcome = await call().catch((error: unknown) => error);
    return { outcome, asked, waits };
  };

  it('is asked again, after as long as it said', async () => {
    const began = performance.now();
    const { outcome, asked: times } = await during([busy(429, { 'retry-after': '1' })], () =>
      client.query('{ ok }'),
    );
    expect([outcome, times]).toEqual([{ ok: true }, 2]);
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('and with growing patience when it did not say, four times in all', async () => {
    const refusals = [busy(503), busy(429), busy(503), busy(429), busy(503)];
    const { outcome, asked: times, waits: waited } = await during(refusals, () => client.query('{ ok }'));
    expect(outcome).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect([times, waited]).toEqual([4, [1, 2, 3]]);
  });

  it('is not waited for longer than a minute', async () => {
    const { outcome, asked: times } = await during([busy(503, { 'retry-after': '3600' })], () =>
      client.query('{ ok }'),
    );
    expect([times, outcome]).toMatchObject([1, { retryAfter: 3_600_000 }]);
  });

  it('is not sent a mutation twice, unless it has a key', async () => {
    const text = 'mutation ($input: Some!) { some(input: $input) }';
    const bare = await during([busy(503)], () => client.mutate(text, { input: {} }));
    expect([bare.asked, bare.outcome]).toMatchObject([1, { code: 'RATE_LIMITED' }]);
    const dropped = await during([(response) => response.destroy()], () =>
      client.mutate(text, { input: {} }),
    );
    expect([dropped.asked, dropped.outcome]).toMatchObject([1, { code: 'NETWORK' }]);
    const keyed = await during([busy(503), (response) => response.destroy()], () =>
      client.mutate(text, { input: { idempotencyKey: 'one' } }),
    );
    expect([keyed.asked, keyed.outcome]).toEqual([3, { ok: true }]);
  });

  it('or something else than a server, is named', async () => {
    const page = (response: ServerResponse) => response.writeHead(404).end('<html>');
    const { outcome } = await during([page], () => client.query('{ ok }'));
    expect(outcome).toMatchObject({
      code: 'BAD_RESPONSE',
      status: 404,
      message: expect.stringContaining('Pomona'),
    });
  });
});

/** A WebSocket to nowhere: it opens, is acknowledged, and then says nothing more, except pong if it is alive. */
function silentSocket(alive: boolean, made: unknown[]) {
  return class Silent {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState = Silent.OPEN;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    constructor() {
      made.push(this);
      queueMicrotask(() => this.onopen?.());
    }
    send(text: string): void {
      const { type } = JSON.parse(text) as { type: string };
      if (type === 'connection_init') this.#tell('{"type":"connection_ack"}');
      if (type === 'ping' && alive) this.#tell('{"type":"pong"}');
    }
    close(): void {
      this.readyState = Silent.CLOSED;
    }
    #tell(data: string): void {
      queueMicrotask(() => this.onmessage?.({ data }));
    }
  };
}

describe('a network that went silent', () => {
  const ONE_MINUTE = 60_000;
  const watch = async (alive: boolean) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const sockets: unknown[] = [];
    const states: string[] = [];
    const client = createClient({
      url: 'http://127.0.0.1:1',
      webSocket: silentSocket(alive, sockets),
      onConnection: (state) => states.push(state),
    });
    const stop = new AbortController();
    const text = 'subscription ($after: String) { it(after: $after) { cursor } }';
    const events = client.subscribe(text, { after: 'here' }, { signal: stop.signal });
    const ended = events[Symbol.asyncIterator]().next();
    await vi.advanceTimersByTimeAsync(ONE_MINUTE);
    const seen = { sockets: sockets.length, states: [...states] };
    stop.abort();
    expect(await ended).toMatchObject({ done: true });
    return seen;
  };

  it('is noticed, though nothing says that the socket is gone', async () => {
    const { sockets, states } = await watch(false);
    expect(sockets).toBeGreaterThan(2);
    expect(states.slice(0, 3)).toEqual(['open', 'lost', 'open']);
  });

  it('is told from a server that has nothing to say', async () => {
    expect(await watch(true)).toEqual({ sockets: 1, states: ['open'] });
  });
});
