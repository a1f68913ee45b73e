import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tokenIn } from '../../src/resolvers/authentication.js';
import { EXAMPLES } from '../../src/resolvers/examples/index.js';
import { LIMITS } from '../../src/resolvers/limits.js';
import { createGuard } from '../../src/resolvers/plumbing/guard.js';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';
import { useWorld } from './world.js';

describe('the GraphQL door', () => {
  const world = useWorld('sqlite');

  it('serves the explorer and the schema', async () => {
    expect((await fetch(`${world.server.url}/graphiql`)).status).toBe(200);
    const text = await (await fetch(`${world.server.url}/schema.graphql`)).text();
    expect(`${text}\n`).toBe(readFileSync('schema.graphql', 'utf8'));
  });

  it('shows examples that the guard lets pass', () => {
    const schema = buildPomonaSchema();
    const guard = createGuard(schema, LIMITS);
    const variablesOf = (text = '{}') => JSON.parse(text) as Record<string, unknown>;
    for (const { query, variables } of EXAMPLES) {
      const document = parse(query);
      expect(guard({ document, variables: variablesOf(variables) }).errors).toEqual([]);
    }
  });

  it('lets mutations of one request see what the earlier ones did', async () => {
    const { a, b } = await world.server.data(`mutation {
      a: workflowCreate(input: { name: "One" }) { query { workflows { totalCount } } }
      b: workflowCreate(input: { name: "Two" }) { query { workflows { totalCount } } }
    }`);
    expect([a.query.workflows.totalCount, b.query.workflows.totalCount]).toEqual([1, 2]);
  });

  it('prices a mutation by how many devices it names', async () => {
    const query = `mutation ($ids: [ID!]!) {
      devicePush(input: { deviceIds: $ids }) { results { device { commands(first: 100) { nodes { id uuid status } } } } }
    }`;
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `id ${n}`);
    expect((await world.server.graphql(query, { ids: ids(10) })).errors).toBeUndefined();
    const many = await world.server.graphql(query, { ids: ids(2_000) });
    expect(many.errors?.[0]?.extensions['code']).toBe('QUERY_TOO_COMPLEX');
    const tooMany = await world.server.data(
      'mutation ($ids: [ID!]!) { devicePush(input: { deviceIds: $ids }) { userErrors { code path } } }',
      { ids: ids(10_001) },
    );
    expect(tooMany.devicePush.userErrors).toEqual([{ code: 'BAD_USER_INPUT', path: ['input', 'deviceIds'] }]);
  });

  it('reads tokens from Bearer and Basic, and nothing else', () => {
    expect(tokenIn('Bearer abc')).toBe('abc');
    expect(tokenIn('bearer  abc')).toBe('abc');
    expect(tokenIn(`Basic ${Buffer.from('user:a:b').toString('base64')}`)).toBe('a:b');
    for (const wrong of ['abc', 'Bearer', 'Digest abc', 'Basic !!!', 42, undefined])
      expect(tokenIn(wrong)).toBeUndefined();
  });
});
