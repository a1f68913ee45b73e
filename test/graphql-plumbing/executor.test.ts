import { execute, parse, validate, type DocumentNode, type ExecutionResult } from 'graphql';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatError } from '../../src/resolvers/plumbing/errors.js';
import { createExecutor } from '../../src/resolvers/plumbing/executor.js';
import { buildTestSchema, counts } from './schema.js';

const schema = buildTestSchema();
const logged: [object, string][] = [];
const log = {
  warn: (facts: object, message: string) => void logged.push([facts, message]),
  error: () => undefined,
};
const contextValue = { who: 'me', serial: 1 };
const args = (
  document: DocumentNode,
  variableValues: Record<string, unknown> = {},
  operationName?: string,
) => ({
  schema,
  document,
  contextValue,
  variableValues,
  operationName,
});
const shown = (result: ExecutionResult) =>
  JSON.parse(
    JSON.stringify({
      data: result.data,
      errors: result.errors?.map((error) => formatError(error, 'id', log)),
    }),
  ) as unknown;

/** Compiles at the first use, so that both ways are compared. */
const executor = createExecutor(schema, log, { compileAtUse: 1 });

async function bothWays(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const compiled = executor.executeCompiled(args(document, variables, operationName));
  expect(compiled).toBeDefined();
  const interpreted = await execute(args(document, variables, operationName));
  return { compiled: shown(await compiled!), interpreted: shown(interpreted) };
}

describe('compiled and interpreted queries give equal answers', () => {
  it.each([
    [
      'a connection',
      '{ trees(first: 3) { totalCount pageInfo { hasNextPage endCursor } edges { cursor position node { id name plantedAt facts } } nodes { id } } }',
    ],
    [
      'nested connections',
      '{ trees(first: 2) { nodes { name grafts(first: 1) { nodes { name grafts { nodes { name } } } } } } }',
    ],
    [
      'interfaces and fragments',
      '{ plants(numbers: [1, 2]) { __typename id ...T ... on Tree { name } neighbours { name } } } fragment T on Tree { plantedAt }',
    ],
    [
      'errors',
      '{ a: fail(how: "x") b: fail(how: "secret") c: broken d: fail(how: "string") e: fail(how: "unavailable") }',
    ],
    ['null in the place of an object', '{ tree(number: 5000) { id grafts { nodes { id } } } }'],
    ['default of an argument', '{ tree { id } }'],
    ['a bad cursor', '{ trees(after: "nonsense") { nodes { id } } }'],
    ['a literal of difficult text', '{ echo(text: "a\\"b`${1}\\u2028\\\\") }'],
  ])('%s', async (_what, query) => {
    const { compiled, interpreted } = await bothWays(query);
    expect(compiled).toEqual(interpreted);
  });

  const variables =
    'query ($at: DateTime, $json: JSON, $bytes: Base64, $uuid: UUID, $yes: Boolean!) { echo(text: "x", at: $at, json: $json, bytes: $bytes, uuid: $uuid) tree @include(if: $yes) { id name @skip(if: $yes) } }';
  const uuid = '018F3C6E-5B7A-7CC3-9D5E-0B6F0A1C2D3E';
  const defaults = 'query ($t: String = "a`\\"", $n: Int = 3) { echo(text: $t) tree(number: $n) { id } }';
  const required = 'query ($t: String! = "a", $n: Int! = 3) { echo(text: $t) tree(number: $n) { id } }';
  const several = 'query A { tree(number: 1) { id } } query B { tree(number: 2) { name } }';
  it.each([
    ['defaults of variables that may not be null', required, { n: 4 }, undefined],
    [
      'variables',
      variables,
      { at: '2026-01-01T00:00:00Z', json: { a: 1 }, bytes: 'AAEC', uuid, yes: true },
      undefined,
    ],
    ['absent variables', variables, { at: null, yes: false }, undefined],
    ['defaults of variables', defaults, {}, undefined],
    ['variables in place of defaults', defaults, { t: 'x', n: 4 }, undefined],
    ['the first of several operations', several, {}, 'A'],
    ['the second of several operations', several, {}, 'B'],
  ])('%s', async (_what, query, values, operationName) => {
    const { compiled, interpreted } = await bothWays(query, values, operationName);
    expect(compiled).toEqual(interpreted);
  });

  it('of any text, in a literal, a variable and an alias', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[_a-zA-Z][_a-zA-Z0-9]{0,12}$/),
        async (text, alias) => {
          const name = alias.startsWith('__') ? `a${alias}` : alias;
          const literal = JSON.stringify(text).replaceAll('\u007f', '\\u007f');
          const query = `query ($text: String!) { ${name}: echo(text: ${literal}) v${name}: echo(text: $text) }`;
          const { compiled, interpreted } = await bothWays(query, { text });
          expect(compiled).toEqual(interpreted);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what is compiled, and when', () => {
  const query = '{ whoami }';
  it('a query at its third use', async () => {
    const patient = createExecutor(schema, log);
    const document = parse(query);
    expect([1, 2, 3, 4].map(() => patient.executeCompiled(args(document)) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(await patient.execute(args(document))).toEqual({ data: { whoami: 'me' } });
  });
  it.each([
    ['a mutation', 'mutation { treeFell(number: 1) { tree { id } } }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection in a fragment', '{ ...F } fragment F on Query { __type(name: "Tree") { name } }'],
    ['an unknown operation', 'query A { whoami } query B { whoami }'],
    [
      'a DateTime in the document, which graphql-jit would pass as text',
      '{ echo(text: "x", at: "2026-01-01T00:00:00Z") }',
    ],
    ['bytes as a default', 'query ($bytes: Base64 = "AAEC") { echo(text: "x", bytes: $bytes) }'],
    ['JSON in the document', '{ echo(text: "x", json: {a: [1]}) }'],
  ])('not %s', (_what, text) => {
    expect(executor.executeCompiled(args(parse(text)))).toBeUndefined();
  });
  it('not a document that would become megabytes of code', () => {
    const fans = Array.from(
      { length: 14 },
      (_, n) =>
        `fragment F${n} on Tree { a: neighbours @skip(if: true) { ...F${n + 1} } b: neighbours @skip(if: true) { ...F${n + 1} } }`,
    );
    const document = parse(`{ tree { ...F0 } } ${fans.join(' ')} fragment F14 on Tree { id }`);
    expect(validate(schema, document)).toEqual([]);
    const began = performance.now();
    expect(executor.executeCompiled(args(document))).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(200);
  });
  it('totalCount is counted only when asked', async () => {
    const before = counts.totals;
    await executor.execute(args(parse('{ trees { nodes { id } } }')));
    expect(counts.totals).toBe(before);
    await executor.execute(args(parse('{ trees { totalCount } }')));
    expect(counts.totals).toBe(before + 1);
  });
});
