import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/index.js';
import { createHttp, listen } from '../../src/http.js';
import { createLog } from '../../src/log.js';

let http: FastifyInstance;
afterEach(() => http.close());

describe('The listener', () => {
  it('says in a sentence that a port is taken, and what would do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    http = createHttp(createLog('fatal'));
    const start = listen(http, '127.0.0.1', port);
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken already. Give another`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('says so of a host that is not this machine', async () => {
    http = createHttp(createLog('fatal'));
    await expect(listen(http, '192.0.2.1', 0)).rejects.toThrow(
      'POMONA_HOST: "192.0.2.1" is no address of this machine.',
    );
  });

  it('tells whoever asks for an address that is not there where things are', async () => {
    http = createHttp(createLog('fatal'));
    http.get('/things/:id', () => 'here');
    await listen(http, '127.0.0.1', 0);
    const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
    const nothing = await fetch(`${url}/grapql?query=secret`, { method: 'POST' });
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toEqual({
      error:
        'There is no POST /grapql here. GraphQL is POST /graphql, REST is /management/v1, and the explorer /graphiql.',
      code: 'NOT_FOUND',
    });
    const long = await fetch(`${url}/things/${'a'.repeat(513)}`);
    expect(long.status).toBe(414);
    expect(await long.json()).toEqual({
      error: 'A part of the address is longer than 512 characters; no id here is.',
      code: 'BAD_USER_INPUT',
    });
  });
});
