import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { faultOf } from './faults.js';
import { Context, mobileconfig, type Reply, type Request } from './kit.js';

const RUNS = { numRuns: 60 };

const HOSTILE = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  '\u202e',
  '🍏'.repeat(300),
  "'; DROP TABLE devices; --",
  '%',
  '_',
  '\\',
  '"',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '0',
  '-1',
  'x'.repeat(70_000),
  'https://',
  'https://[',
  'https://x/\u0000',
  'https://example.org/a',
  'https://example.org/a ',
  'org.example.x',
  '00000000-0000-0000-0000-000000000000',
  'ＵＵＩＤ',
  'İı',
  'A\u0301',
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.jsonValue(),
  fc.double(),
  fc.constantFrom(1e308, 2 ** 53, -0, true, null, [], {}),
);
const NAMES = [
  'name',
  'description',
  'profiles',
  'applications',
  'included_workflows',
  'payload_identifier',
  'payload_data',
  'profile_data',
  'profile_uuid',
  'application_uuid',
  'manifest-url',
  'manifest_url',
  'itunes_store_id',
  'bundle_identifier',
  'workflow_uuid',
  '__proto__',
];
/** Names that are one to some databases and two to others, or too long, come often. */
const identifiers = fc.oneof(
  fc.constantFrom('org.a', 'org.a ', 'org.A', 'org.\u00e9', 'org.e\u0301', 'x'.repeat(255), 'x'.repeat(256)),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
);
const flat = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 });
const deep = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(value, fc.array(flat, { maxLength: 4 })), {
  maxKeys: 6,
});

const written = (body: unknown): string => JSON.stringify(body) ?? 'null';

onBothDatabases('/management/v1 given anything at all', (name) => {
  let ctx: Context;
  let bodyRoutes: [string, string][];
  let workflow: string;

  beforeAll(async () => {
    ctx = await Context.start(name);
    const [device] = await ctx.stored(1);
    workflow = await ctx.workflow();
    bodyRoutes = [
      ['POST', '/profiles'],
      ['POST', '/workflows'],
      ['PATCH', `/workflows/${workflow}`],
      ['POST', '/applications'],
      ['PATCH', `/devices/${device!.uuid}`],
    ];
  });
  afterAll(() => ctx.stop());

  async function answered(method: string, path: string, o: Request): Promise<Reply> {
    const reply = await ctx.call(method, path, o);
    const fault = faultOf(reply);
    if (fault !== undefined)
      throw new Error(`${method} ${path} ${String(o.raw).slice(0, 300)}: ${fault}: ${reply.text}`);
    return reply;
  }

  async function everywhere(o: Request): Promise<void> {
    for (const [method, path] of bodyRoutes) await answered(method, path, o);
  }

  test('bodies that are not JSON', async () => {
    const cut = fc
      .tuple(deep, fc.nat())
      .map(([body, at]) => written(body).slice(0, at % (written(body).length + 1)));
    const bytes = fc.uint8Array({ maxLength: 200 });
    await expect(
      fc.assert(
        fc.asyncProperty(fc.oneof(cut, anyText, bytes), (raw) => everywhere({ raw })),
        RUNS,
      ),
    ).resolves.toBeUndefined();
  });

  test('any JSON under any field', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(fc.oneof(deep, value), (body) => everywhere({ raw: written(body) })),
        RUNS,
      ),
    ).resolves.toBeUndefined();
  });

  test('hostile texts where a text belongs, twice over', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(anyText, anyText, async (a, b) => {
          const raws: [string, string, unknown][] = [
            ['POST', '/workflows', { name: a, description: b }],
            [
              'POST',
              '/workflows',
              { name: b, applications: [{ name: a, 'manifest-url': `https://example.org/${b}` }] },
            ],
            ['PATCH', `/workflows/${workflow}`, { name: a, profiles: [{ payload_identifier: b }] }],
            ['POST', '/applications', { name: a, 'manifest-url': `https://example.org/${b}` }],
            ['POST', '/applications', { name: b, itunes_store_id: 7, bundle_identifier: a }],
            ['POST', '/profiles', { payload_identifier: a, payload_data: b }],
          ];
          for (const [method, path, json] of raws) {
            await answered(method, path, { json });
            await answered(method, path, { json });
          }
        }),
        RUNS,
      ),
    ).resolves.toBeUndefined();
    expect((await ctx.call('GET', '/workflows')).status).toBe(200);
    expect((await ctx.call('GET', '/applications')).status).toBe(200);
  });

  test('any PayloadIdentifier that a profile may have', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(identifiers, async (identifier) => {
          const json = { payload_identifier: identifier, payload_data: mobileconfig(identifier) };
          await answered('POST', '/profiles', { json });
          await answered('POST', '/profiles', { json });
        }),
        { numRuns: 30 },
      ),
    ).resolves.toBeUndefined();
    expect((await ctx.call('GET', '/profiles')).json).toBeInstanceOf(Array);
  });

  test('any text in an address', async () => {
    const segment = fc.oneof(
      anyText.map((one) => encodeURIComponent(one.toWellFormed())),
      fc.string().map((one) => one.replaceAll(/[#\s]/g, '%')),
    );
    await expect(
      fc.assert(
        fc.asyncProperty(segment, async (part) => {
          for (const list of ['devices', 'profiles', 'workflows', 'applications']) {
            await answered('GET', `/${list}/${part}`, {});
            await answered('DELETE', `/${list}/${part}`, {});
            await answered('GET', `/${list}?limit=${part}&after=${part}&limit=${part}`, {});
          }
          await answered('POST', `/devices/${part}/push`, {});
          await answered('PATCH', `/devices/${part}`, { json: { workflow_uuid: '' } });
          await answered('GET', `/devices/${part}/certificates`, {});
        }),
        { numRuns: 40 },
      ),
    ).resolves.toBeUndefined();
  });

  test('any Authorization', async () => {
    const header = fc.string({ unit: fc.constantFrom(...'Basic earB:=+/0123 \t') }).map((one) => one.trim());
    await expect(
      fc.assert(
        fc.asyncProperty(header, async (authorization) => {
          expect((await answered('GET', '/devices', { authorization })).status).toBe(401);
        }),
        RUNS,
      ),
    ).resolves.toBeUndefined();
  });
});
