import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVIL_DEPTH, post, startServer, type TestServer } from './server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('GraphQL over HTTP audits', () => {
  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), 'apollo-require-preflight': 'audit' },
      }),
  });
  it('are 61', () => expect(audits).toHaveLength(61));
  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result).toMatchObject({ status: 'ok' });
    },
  );
});

describe('requests that must not run', () => {
  it('a mutation by GET', async () => {
    const url = `${server.url}/graphql?query=${encodeURIComponent('mutation { treeFell(number: 1) { userErrors { message } } }')}`;
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
  it('a GET that a page could have caused', async () => {
    const response = await fetch(`${server.url}/graphql?query=%7Bwhoami%7D`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });
  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'a post of %s',
    async (type) => {
      const answer = await post(server, 'query={whoami}', {
        'content-type': type,
        'apollo-require-preflight': '1',
      });
      expect(answer.status).toBe(415);
      expect(answer.body.errors?.[0]?.extensions['code']).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );
  it('several operations in one body', async () => {
    const answer = await post(server, [{ query: '{ whoami }' }, { query: '{ whoami }' }]);
    expect(answer.status).toBe(400);
    expect(answer.body.data).toBeUndefined();
  });
  it('a body that is not JSON, answered in GraphQL’s format', async () => {
    const answer = await post(server, '{"query": "{ whoami }');
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: answer.headers.get('x-request-id'),
    });
  });
  it('a subscription', async () => {
    const answer = await post(server, { query: 'subscription { numbers { number } }' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.message).toContain('WebSocket');
  });
  it('a document of one megabyte, and of many tokens', async () => {
    const large = await post(server, { query: `{ whoami }${' '.repeat(1_000_000)}` });
    expect(large.status).toBe(413);
    expect(large.body.errors?.[0]?.extensions['code']).toBe('PAYLOAD_TOO_LARGE');
    const many = await post(server, { query: `{ ${'whoami '.repeat(3000)} }` });
    expect(many.status).toBe(400);
    expect(many.body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_PARSE_FAILED');
  });
  it('a body over the limit', async () => {
    const answer = await post(server, {
      query: '{ whoami }',
      variables: { a: 'x'.repeat(12 * 1024 * 1024) },
    });
    expect(answer.status).toBe(413);
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('PAYLOAD_TOO_LARGE');
  });
  it('a recursive query, refused within milliseconds', async () => {
    await post(server, { query: '{ whoami }' });
    const began = performance.now();
    const answer = await post(server, { query: EVIL_DEPTH });
    expect(performance.now() - began).toBeLessThan(500);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('QUERY_TOO_DEEP');
  });
  it('100 aliases of one field', async () => {
    const query = `{ ${Array.from({ length: 100 }, (_, n) => `a${n}: whoami`).join(' ')} }`;
    const answer = await post(server, { query });
    expect(answer.body.errors?.[0]).toMatchObject({
      message: 'The document has 100 aliases; the limit is 30.',
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    });
  });
});

describe('requests that must run', () => {
  it('a profile of 8 MiB as base64 in a variable', async () => {
    const picture = Buffer.alloc(8 * 1024 * 1024, 1).toString('base64');
    const query = 'mutation ($input: TreePlantInput!) { treePlant(input: $input) }';
    const answer = await post(server, { query, variables: { input: { name: 'x', picture } } });
    expect(answer.body).toEqual({ data: { treePlant: 8 * 1024 * 1024 } });
  });
  it('introspection, and the schema as text', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const answer = await post(server, {
      query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true }),
    });
    expect(answer.body.errors).toBeUndefined();
    const text = await (await fetch(`${server.url}/schema.graphql`)).text();
    expect(text).toContain('type TreeConnection');
    expect(text).toContain('scalar DateTime @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339');
  });
});

describe('errors', () => {
  it('gives a client that knows only application/json 200 for its own mistakes', async () => {
    const accept = { accept: 'application/json' };
    expect((await post(server, { query: '{' }, accept)).status).toBe(200);
    expect((await post(server, { query: '{ nothing }' }, accept)).status).toBe(200);
    const answer = await post(server, { query: 'query ($n: Int!) { tree(number: $n) { id } }' }, accept);
    expect(answer.status).toBe(200);
    expect(answer.body.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect((await post(server, { query: '{' })).status).toBe(400);
  });
  it('shows the whole of an error made to be shown', async () => {
    const { body, headers } = await post(server, { query: '{ fail(how: "x") }' });
    expect(body.errors).toEqual([
      {
        message: 'There is no such tree.',
        locations: [{ line: 1, column: 3 }],
        path: ['fail'],
        extensions: {
          code: 'NOT_FOUND',
          requestId: headers.get('x-request-id'),
          details: { number: 7 },
        },
      },
    ]);
    const input = await post(server, { query: '{ fail(how: "input") }' });
    expect(input.body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: ['how'] });
  });
  it('answers 401 for a refused token and 500, masked, for a context that failed', async () => {
    const refused = await post(server, { query: '{ whoami }' }, { authorization: 'Bearer bad' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.body.errors?.[0]).toMatchObject({
      message: 'This token is not known.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
    const failed = await post(server, { query: '{ whoami }' }, { authorization: 'Bearer down' });
    expect(failed.status).toBe(500);
    expect(JSON.stringify(failed.body)).not.toContain('hunter2');
    expect(failed.body.errors?.[0]?.extensions['code']).toBe('INTERNAL');
  });
  it('leaves suggestions out in production only', async () => {
    const production = await startServer({ production: true });
    const query = { query: '{ whoam }' };
    const bad = {
      query: 'query ($input: TreePlantInput!) { tree(number: $input) { id } }',
      variables: { input: { nam: 'x' } },
    };
    expect(JSON.stringify((await post(server, query)).body)).toContain('whoami');
    expect(JSON.stringify((await post(production, query)).body)).not.toContain('whoami');
    expect(JSON.stringify((await post(production, bad)).body)).not.toContain('Did you mean');
    await production.close();
  });
});
