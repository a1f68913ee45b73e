import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLE } from '../../src/rest/openapi/examples.js';
import { OPERATIONS } from '../../src/rest/routes.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { faultOf } from './faults.js';
import { Context, type Reply, type Request } from './kit.js';
import { seedExamples } from './seed.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const PATHS = [...new Set(OPERATIONS.map(({ path }) => path)), '/openapi.json', '/docs', '/nothing', '/'];
/** Percent-encodings that are broken, overlong, of NUL, of slashes, or of half a character. */
const ODD = [
  '%',
  '%zz',
  '%2',
  '%00',
  '%2F..%2F',
  '%2e%2e',
  '%C0%80',
  '%ED%A0%80',
  '%FF',
  '%25',
  '%E2%80%AE',
  ';a=b',
  '+',
  '*',
  '~',
];
const segment = fc.oneof(
  fc.constantFrom(...ODD, EXAMPLE.device, EXAMPLE.udid, EXAMPLE.workflow.toUpperCase(), 'x'.repeat(600)),
  fc.string({ unit: 'binary', maxLength: 40 }).map((one) => encodeURIComponent(one.toWellFormed())),
);
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html; charset="',
  'nonsense',
  '*/*',
  '',
  null,
);
const raw = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    'null',
    '[]',
    '{"name":"a",}',
    '\u0000',
    '{"__proto__":{"name":"a"}}',
    '{"name":{"toString":1}}',
  ),
  fc.json({ maxDepth: 3 }),
  fc.uint8Array({ maxLength: 60 }),
);
const WRONG: readonly unknown[] = [
  0,
  -1.5,
  1e308,
  true,
  {},
  { a: { b: {} } },
  [],
  [[]],
  [null],
  ['x'],
  [1],
  '\u0000',
  'a\u0000b',
  '\u202eevil\u2066',
  "'; DROP TABLE devices; --",
  '{"$gt":""}',
  '__proto__',
  'x'.repeat(1_000_000),
];
const KIND: Record<string, string> = {
  string: 'string',
  array: 'object',
  integer: 'number',
  object: 'object',
};

/** A field of a body: how to reach it, and the JSON type it is declared with. */
interface Field {
  readonly path: readonly string[];
  readonly type: string;
}

function resolved(document: Json, schema: Json): Json {
  return schema.$ref === undefined
    ? schema
    : document.components.schemas[(schema.$ref as string).split('/').at(-1) ?? ''];
}

function typeOf(schema: Json): string {
  const one = schema.anyOf?.find((some: Json) => some.type !== 'null') ?? schema;
  return Array.isArray(one.type) ? one.type.find((name: string) => name !== 'null') : one.type;
}

/** Every field of a schema, those of the first entry of each list included. */
function fieldsOf(document: Json, schema: Json, path: readonly string[] = []): Field[] {
  return Object.entries(resolved(document, schema).properties as Record<string, Json>).flatMap(
    ([name, one]) => {
      const list = one.anyOf?.find((some: Json) => some.type === 'array') ?? one;
      const inside = list.items === undefined ? [] : fieldsOf(document, list.items, [...path, name, '0']);
      return [{ path: [...path, name], type: typeOf(one) }, ...inside];
    },
  );
}

/** A body with one field set, and nothing else but what it needs. */
function bodyWith([name = '', ...rest]: readonly string[], value: unknown): Json {
  const inner = rest.length === 0 ? value : bodyWith(rest, value);
  return name === '0' ? [inner] : { [name]: inner };
}

onBothDatabases('every route of /management/v1', (name) => {
  let ctx: Context;
  beforeAll(async () => {
    ctx = await Context.start(name);
    await seedExamples(ctx);
  });
  afterAll(() => ctx.stop());

  /** `call` holds the answer against openapi.json besides. */
  async function answered(method: string, path: string, o: Request): Promise<Reply> {
    const reply = await ctx.call(method, path, o);
    const fault = faultOf(reply, method);
    if (fault === undefined) return reply;
    throw new Error(
      `${method} ${path.slice(0, 200)} ${String(o.raw).slice(0, 200)}: ${fault}: ${reply.text.slice(0, 500)}`,
    );
  }

  test('answers any address, media type and body with any method', async () => {
    const request = fc.record({ part: segment, type, raw, query: fc.option(segment, { nil: undefined }) });
    let requests = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ part, query, ...sent }) => {
        for (const path of PATHS) {
          for (const method of METHODS) {
            const address =
              path.replaceAll(/:\w+/g, () => part) +
              (query === undefined ? '' : `?limit=${query}&after=${query}`);
            const { raw: body, ...bare } = sent;
            await answered(
              method,
              address,
              method === 'GET' || method === 'HEAD' ? bare : { ...bare, raw: body },
            );
            requests += 1;
          }
        }
      }),
      { numRuns: 8 },
    );
    expect(requests).toBeGreaterThanOrEqual(8 * PATHS.length * METHODS.length);
  });

  test('refuses what is of the wrong type in any field, and names the field', async () => {
    const { json: document } = await ctx.call('GET', '/openapi.json');
    const taking = OPERATIONS.filter(({ body }) => body !== undefined);
    let refused = 0;
    for (const { method, path } of taking) {
      const operation =
        document.paths[`/management/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`][method.toLowerCase()];
      const { schema, examples } = operation.requestBody.content['application/json'] as Json;
      const whole = (Object.values(examples)[0] as { value: object }).value;
      const address = path.replace(':uuid', path.startsWith('/devices') ? EXAMPLE.device : EXAMPLE.workflow);
      for (const field of fieldsOf(document, schema)) {
        for (const value of WRONG) {
          const json = { ...whole, ...bodyWith(field.path, value) };
          const reply = await answered(method, address, { json });
          const right =
            typeof value === KIND[field.type] && Array.isArray(value) === (field.type === 'array');
          if (right) continue;
          const at = field.path.join('.').replaceAll('.0', '[0]');
          expect([at, reply.status, reply.json.details?.field]).toEqual([at, 400, at]);
          expect(reply.json.error).toContain(at);
          refused += 1;
        }
      }
    }
    expect(refused).toBeGreaterThan(200);
  });

  test('reads nesting of any depth, and lists of any length, without falling over', async () => {
    const deep = 100_000;
    const bodies = [
      '['.repeat(deep),
      `${'['.repeat(deep)}${']'.repeat(deep)}`,
      `{"name":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
      `{"profiles":${'['.repeat(deep)}${']'.repeat(deep)},"name":"a"}`,
    ];
    for (const { method, path, body } of OPERATIONS) {
      if (body === undefined) continue;
      const address = path.replace(':uuid', EXAMPLE.workflow);
      for (const text of bodies)
        expect([400, 422]).toContain((await answered(method, address, { raw: text })).status);
    }
    const many = `{"name":"a","profiles":[${'1,'.repeat(5_000_000)}1]}`;
    const reply = await answered('POST', '/workflows', { raw: many });
    expect(reply.json).toMatchObject({
      error: 'profiles may have 10,000 entries at most.',
      details: { field: 'profiles' },
    });
  });
});
