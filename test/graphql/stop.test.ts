import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { freshStore } from '../support/databases.js';
import { startServer } from '../support/server.js';
import { SocketClient } from '../support/socket-client.js';

it('a server that stops says goodbye to sockets and event streams, and waits for no connection that asked nothing', async () => {
  const store = await freshStore('sqlite');
  const server = await startServer(store);
  const { hostname, port } = new URL(server.url);
  const unused = connect(Number(port), hostname).on('error', () => undefined);
  await once(unused, 'connect');
  const client = await SocketClient.connect(server);
  const closed = once(client.socket, 'close') as Promise<[number]>;
  client.start('subscription { commandUpdated { status } }');
  const stream = await fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.token}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ query: 'subscription { commandUpdated { status } }' }),
  });
  const began = performance.now();
  await server.stop();
  expect(performance.now() - began).toBeLessThan(2_500);
  expect((await closed)[0]).toBe(1001);
  // Ended, and not complete: clients come back for more.
  expect(await stream.text()).not.toContain('complete');
  unused.destroy();
  await store.remove();
});
