import { isEnumType, isObjectType, parseValue, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Base64, DateTime } from '../../src/resolvers/plumbing/scalars.js';
import { buildTestSchema } from './schema.js';
import { post, startServer, type TestServer } from './server.js';

const schema = buildTestSchema();
const text = printSchema(schema);
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('connection types', () => {
  it('have Relay’s shape, nodes, and a count that may fail alone', () => {
    const withoutDescriptions = text.replaceAll(/ *"""[\s\S]*?"""\n/g, '').replaceAll('\n\n', '\n');
    expect(withoutDescriptions).toContain(
      [
        'type TreeConnection {',
        '  edges: [TreeEdge!]!',
        '  nodes: [Tree!]!',
        '  pageInfo: PageInfo!',
        '  totalCount: Int',
        '}',
      ].join('\n'),
    );
    expect(withoutDescriptions).toContain(
      ['type TreeEdge {', '  cursor: String!', '  node: Tree!', '  position: Int!', '}'].join('\n'),
    );
  });
  it('describe every type, field and argument', () => {
    for (const name of ['TreeConnection', 'TreeEdge', 'PageInfo', 'TreeFellUserError', 'TreeFellErrorCode']) {
      const type = schema.getType(name);
      expect(type?.description).toBeTruthy();
      const parts = isObjectType(type)
        ? Object.values(type.getFields())
        : isEnumType(type)
          ? type.getValues()
          : [];
      for (const part of parts) expect(part.description).toBeTruthy();
    }
    for (const argument of schema.getQueryType()!.getFields()['trees']!.args)
      expect(argument.description).toBeTruthy();
  });
  it('have no resolver on their plain fields', () => {
    for (const name of ['TreeConnection', 'TreeEdge', 'PageInfo']) {
      const type = schema.getType(name);
      const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
      expect(fields.filter((field) => field.resolve).map((field) => field.name)).toEqual(
        name === 'TreeConnection' ? ['totalCount'] : [],
      );
    }
  });
  it('answer over HTTP, edge fields included, and page on', async () => {
    const query =
      'query ($after: String) { trees(first: 2, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { position node { name } } nodes { name } } }';
    const first = (await post(server, { query })).body.data?.['trees'];
    expect(first).toMatchObject({
      totalCount: 250,
      edges: [{ position: 0, node: { name: 'Tree 0' } }, { position: 1 }],
      nodes: [{ name: 'Tree 0' }, {}],
    });
    const second = (await post(server, { query, variables: { after: first.pageInfo.endCursor } })).body
      .data?.['trees'];
    expect(second.nodes).toEqual([{ name: 'Tree 2' }, { name: 'Tree 3' }]);
  });
  it('refuse a tampered cursor as the client’s mistake', async () => {
    const { status, body } = await post(server, { query: '{ trees(after: "AAAA") { nodes { id } } }' });
    expect(status).toBe(200);
    expect(body.errors?.[0]).toMatchObject({ path: ['trees'], extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('user errors', () => {
  const query =
    'mutation ($n: Int!) { treeFell(number: $n) { tree { name } userErrors { code message path ... on UserError { message } } } }';
  it('are none when all went well', async () => {
    expect((await post(server, { query, variables: { n: 1 } })).body.data?.['treeFell']).toEqual({
      tree: { name: 'Tree 1' },
      userErrors: [],
    });
  });
  it('take the codes of the mutation', async () => {
    expect((await post(server, { query, variables: { n: 999 } })).body).toEqual({
      data: {
        treeFell: {
          tree: null,
          userErrors: [{ code: 'NOT_FOUND', message: 'There is no tree 999.', path: ['number'] }],
        },
      },
    });
  });
  it('leave other codes to the top level', async () => {
    const { body } = await post(server, { query, variables: { n: 13 } });
    expect(body.errors?.[0]).toMatchObject({
      message: 'Thirteen is not felled.',
      extensions: { code: 'INVALID' },
    });
  });
  it('have an enum of just those codes, and the common interface', () => {
    expect(text).toMatch(/enum TreeFellErrorCode \{[^}]*NOT_FOUND[^}]*CONFLICT\n\}/);
    expect(text).toContain('type TreeFellUserError implements UserError {');
  });
});

describe('scalars', () => {
  it('DateTime takes any offset and gives UTC with milliseconds', () => {
    expect(DateTime.parseValue('2026-03-01T10:30:00+01:00')).toEqual(new Date('2026-03-01T09:30:00.000Z'));
    expect(DateTime.serialize(new Date('2026-03-01T09:30:00Z'))).toBe('2026-03-01T09:30:00.000Z');
    expect(() => DateTime.parseValue('yesterday')).toThrow('invalid date-time-string');
  });
  it('Base64 is strict, and does not take hexadecimal-looking text for hexadecimal', () => {
    expect(Base64.parseValue('deadbeef')).toEqual(Buffer.from('deadbeef', 'base64'));
    expect(Base64.parseValue('AA\r\nEC')).toEqual(Buffer.from([0, 1, 2]));
    expect(Base64.serialize(new Uint8Array([0, 1, 2]))).toBe('AAEC');
    for (const bad of ['AAE', 'AA=A', 'AA-_', 'A===', 7])
      expect(() => Base64.parseValue(bad)).toThrow(/base64/i);
  });
  it('Base64 that is wrong in the document is refused with its place', () => {
    const literal = parseValue('"@@"');
    expect(() => Base64.parseLiteral(literal, {})).toThrow(
      expect.objectContaining({ locations: [{ line: 1, column: 1 }] }),
    );
  });
});
