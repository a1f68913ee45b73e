import { getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/resolvers/plumbing/cost.js';
import { createGuard, type GuardLimits } from '../../src/resolvers/plumbing/guard.js';
import { buildTestSchema } from './schema.js';

const schema = buildTestSchema();
const limits: Partial<GuardLimits> = { selfReference: { 'Tree.grafts': 4 } };
const guard = createGuard(schema, limits);

function codes(query: string, variables?: Record<string, unknown>, operationName?: string): unknown[] {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return guard({ document, variables, operationName }).errors.map((error) => error.extensions['code']);
}

const nest = (times: number, inner = 'id') =>
  'grafts(first: 1) { nodes { '.repeat(times) + inner + ' } }'.repeat(times);

describe('depth', () => {
  it('lets a field be inside itself as often as was said', () => {
    expect(codes(`{ trees(first: 1) { nodes { ${nest(4)} } } }`)).toEqual([]);
    expect(
      codes(`{ trees(first: 1) { edges { node { ${nest(2).replaceAll('nodes', 'nodes')} } } } }`),
    ).toEqual([]);
    expect(codes(`{ trees(first: 1) { nodes { ${nest(5)} } } }`)).toEqual(['QUERY_TOO_DEEP']);
  });
  it('sees through fragments', () => {
    const fragments = Array.from(
      { length: 6 },
      (_, n) => `fragment F${n} on Tree { grafts(first: 1) { nodes { ...F${n + 1} } } }`,
    );
    expect(codes(`{ tree { ...F0 } } ${fragments.join(' ')} fragment F6 on Tree { id }`)).toEqual([
      'QUERY_TOO_DEEP',
    ]);
  });
  it('sees below an interface', () => {
    const deep = 'neighbours { ... on Plant { '.repeat(20) + 'id' + ' } }'.repeat(20);
    expect(codes(`{ plants(numbers: [1]) { ${deep} } }`)).toEqual(['QUERY_TOO_DEEP']);
  });
  it('says the number and the limit', () => {
    const document = parse(`{ trees(first: 1) { nodes { ${nest(5)} } } }`);
    expect(guard({ document }).errors[0]?.message).toMatch(
      /Tree\.grafts nested 5 times which exceeds maximum of 4/,
    );
  });
  it('lets introspection pass, also a code generator’s', () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect(codes(query)).toEqual([]);
  });
});

describe('cost', () => {
  const cost = (query: string, variables?: Record<string, unknown>) =>
    costOf(schema, { document: parse(query), variables }, 5);
  it.each([
    ['{ trees(first: 100) { nodes { a: id b: id c: id d: id e: id f: id g: id h: id i: id } } }', 901],
    [
      '{ trees(first: 50) { nodes { a: id b: id c: id grafts(first: 10) { nodes { x: id y: id z: id } } } } }',
      1701,
    ],
    ['{ trees { edges { cursor node { id } } pageInfo { endCursor } } }', 41],
    ['{ trees(first: 20) { totalCount } }', 11],
    ['{ trees(first: 1000000) { nodes { id } } }', 101],
    ['{ tree { neighbours { id } } }', 7],
    ['{ plants(numbers: [1, 2, 3]) { id } }', 4],
    ['{ __schema { types { name fields { name } } } }', 0],
  ])('of %s', (query, points) => expect(cost(query)).toBe(points));
  it('comes from the real variables', () => {
    const query =
      'query ($n: Int = 2, $skip: Boolean = false) { trees(first: $n) { nodes { id @skip(if: $skip) } } }';
    expect([cost(query), cost(query, { n: 50 }), cost(query, { n: 50, skip: true })]).toEqual([3, 51, 1]);
    const dear = 'query ($n: Int) { trees(first: $n) { nodes { grafts(first: 100) { nodes { id } } } } }';
    expect([codes(dear, { n: 1 }), codes(dear, { n: 100 }), codes(dear, { n: 1 })]).toEqual([
      [],
      ['QUERY_TOO_COMPLEX'],
      [],
    ]);
  });
  it('of a fan-out through fragments is refused at once', () => {
    const fans = Array.from(
      { length: 14 },
      (_, n) => `fragment F${n} on Tree { a: neighbours { ...F${n + 1} } neighbours { ...F${n + 1} } }`,
    );
    const document = parse(`{ tree { ...F0 } } ${fans.join(' ')} fragment F14 on Tree { id }`);
    const generous = createGuard(schema, { maxSelfReferentialDepth: 100, maxListDepth: 100 });
    const began = performance.now();
    expect(generous({ document }).errors.map((error) => error.extensions['code'])).toEqual([
      'QUERY_TOO_COMPLEX',
    ]);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('other limits', () => {
  it('on aliases, directives and mutations', () => {
    const many = (count: number, of: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => of(n)).join(' ');
    expect(codes(`{ ${many(30, (n) => `a${n}: whoami`)} }`)).toEqual([]);
    expect(codes(`{ ${many(31, (n) => `a${n}: whoami`)} }`)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(codes(`{ ${many(51, () => 'whoami @skip(if: false)')} }`)).toEqual(['QUERY_TOO_COMPLEX']);
    const mutations = (count: number) =>
      `mutation { ...M } fragment M on Mutation { ${many(count, (n) => `a${n}: treeFell(number: ${n}) { userErrors { code } }`)} }`;
    expect(codes(mutations(5))).toEqual([]);
    expect(codes(mutations(6))).toEqual(['QUERY_TOO_COMPLEX']);
  });
  it('on which operation is meant', () => {
    expect(codes('query A { whoami } query B { whoami }')).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codes('query A { whoami } query B { whoami }', {}, 'C')).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codes('query A { whoami } query B { whoami }', {}, 'B')).toEqual([]);
    expect(codes('{ whoami }', {}, 'C')).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });
  it('on variables', () => {
    expect(codes('query ($n: Int) { tree(number: $n) { id } }', { n: 'x' })).toEqual(['BAD_USER_INPUT']);
    const json = 'query ($json: JSON) { echo(text: "x", json: $json) }';
    const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
    expect(codes(json, { json: deep(31) })).toEqual([]);
    expect(codes(json, { json: deep(32) })).toEqual(['BAD_USER_INPUT']);
    expect(codes(json, { json: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) })).toEqual([
      'BAD_USER_INPUT',
    ]);
    const bomb = codes('query ($n: [Int!]!) { plants(numbers: $n) { id } }', {
      n: Array.from({ length: 100_000 }, () => 'x'),
    });
    expect(bomb.length).toBeLessThan(20);
    expect(new Set(bomb)).toEqual(new Set(['BAD_USER_INPUT']));
  });
});
