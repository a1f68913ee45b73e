import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS_PER_MINUTE } from '../../src/resolvers/plumbing/rate-limit.js';
import { codesOf, startLimits } from './limits-kit.js';

const as = (caller: string): Record<string, string> => ({ 'x-caller': caller });

describe('points', () => {
  it('are charged by cost, ten times for mutations, to each caller alone', async () => {
    const server = await startLimits({ pointsPerMinute: 1_000 });
    const left = async (query: string, caller = 'a') =>
      (await server.post({ query }, as(caller))).body.data?.['left'];
    expect(await left('{ left }')).toBe(999);
    expect(await left('{ left dear }')).toBe(999 - 401);
    await server.post({ query: 'mutation { work }' }, as('a'));
    expect(await left('{ left }')).toBe(999 - 401 - 10 - 1);
    expect(await left('{ left }', 'b')).toBe(999);
    await server.close();
  });

  it('that are missing are said with 429, when to come back, and nothing is taken', async () => {
    const server = await startLimits({ pointsPerMinute: 500 });
    expect((await server.post({ query: '{ dear }' })).status).toBe(200);
    const refused = await server.post({ query: '{ dear }' });
    expect(refused.status).toBe(429);
    expect(codesOf(refused)).toEqual(['RATE_LIMITED']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.body.errors?.[0]?.extensions['details']).toMatchObject({
      cost: 400,
      limit: 500,
      remaining: 100,
      retryAfterSeconds: seconds,
    });
    expect((await server.post({ query: '{ left }' })).body.data).toEqual({ left: 99 });
    await server.close();
  });

  it('are not taken for what the guard refuses', async () => {
    const server = await startLimits({ pointsPerMinute: 500, limits: { maxCost: 10 } });
    expect(codesOf(await server.post({ query: '{ dear }' }))).toEqual(['QUERY_TOO_COMPLEX']);
    expect((await server.post({ query: '{ left }' })).body.data).toEqual({ left: 499 });
    await server.close();
  });

  it('are not counted when there is no limit', async () => {
    const server = await startLimits({ pointsPerMinute: 0 });
    expect((await server.post({ query: '{ left dear }' })).body).toEqual({ data: { left: null, dear: 1 } });
    await server.close();
  });

  it('are one account for all transports', async () => {
    const server = await startLimits({ pointsPerMinute: 500 });
    await server.post({ query: '{ dear }' }, as('a'));
    const bySocket = await server.core.admit({ document: parse('{ dear }') }, { caller: 'a' });
    expect(bySocket.map((error) => server.core.format(error, 'id').extensions?.['code'])).toEqual([
      'RATE_LIMITED',
    ]);
    await server.close();
  });

  it('of callers without a token are counted by operation', async () => {
    const server = await startLimits({ pointsPerMinute: 500 });
    for (let n = 0; n < ANONYMOUS_PER_MINUTE; n += 1)
      expect(await server.core.admit({ document: parse('{ dear }') }, {})).toEqual([]);
    expect((await server.post({ query: '{ hello }' }, {})).status).toBe(429);
    expect((await server.post({ query: '{ hello }' })).status).toBe(200);
    await server.close();
  });
});

describe('introspection', () => {
  const introspect = { query: getIntrospectionQuery() };
  const hidden = { query: '{ ...F } fragment F on Query { a: __type(name: "Query") { name } }' };

  it('is for callers with a token, where that is asked', async () => {
    const server = await startLimits({ introspection: 'known' });
    for (const body of [introspect, hidden]) {
      const refused = await server.post(body, {});
      expect(refused.status).toBe(401);
      expect(codesOf(refused)).toEqual(['UNAUTHENTICATED']);
      expect((await server.post(body)).body.errors).toBeUndefined();
    }
    expect((await server.post({ query: '{ __typename }' }, {})).body.data).toEqual({ __typename: 'Query' });
    expect((await fetch(`${server.url}/schema.graphql`)).status).toBe(200);
    await server.close();
  });

  it('is for nobody, where that is asked', async () => {
    const server = await startLimits({ introspection: 'nobody' });
    const refused = await server.post(introspect);
    expect(refused.status).toBe(403);
    expect(refused.body.errors?.[0]?.message).toContain('/schema.graphql');
    await server.close();
  });
});
