import { expect } from 'vitest';
import { Role } from '../../../src/entities/enums.js';
import { basic, mobileconfig, unique } from '../kit.js';
import { expectError, NOBODY, type Check } from './check.js';

const LISTS = ['/devices', '/profiles', '/workflows', '/applications'];

export const COMMON: readonly Check[] = [
  {
    id: 'MV1-001',
    protects:
      'later MicroMDM clients: Basic authentication with the token as password, whatever the user name',
    run: async (ctx) => {
      for (const user of ['micromdm', '', 'näme']) {
        const reply = await ctx.call('GET', '/devices', { authorization: basic(ctx.server.token, user) });
        expect(reply.status).toBe(200);
      }
    },
  },
  {
    id: 'MV1-002',
    protects: 'clients that send Authorization: Bearer, in whatever case',
    run: async (ctx) => {
      for (const scheme of ['Bearer', 'bearer']) {
        const reply = await ctx.call('GET', '/devices', { authorization: `${scheme} ${ctx.server.token}` });
        expect(reply.status).toBe(200);
      }
    },
  },
  {
    id: 'MV1-003',
    protects: 'curl and browsers: 401 names the scheme and the realm, and how to do it right',
    run: async (ctx) => {
      const reply = await ctx.call('GET', '/devices', { authorization: null });
      expectError(reply, 401, /Authorization: Bearer/, 'UNAUTHENTICATED');
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Pomona"');
    },
  },
  {
    id: 'MV1-004',
    protects: 'the server: unknown tokens, other schemes and garbage are 401, on every kind of address',
    run: async (ctx) => {
      const wrong = [
        basic('not-the-token-at-all'),
        'Bearer not-the-token-at-all',
        'Basic ###',
        'Digest x',
        'Bearer',
        basic(''),
      ];
      for (const authorization of wrong) {
        for (const path of ['/devices', `/devices/${NOBODY}`, '/no/such/thing']) {
          expectError(await ctx.call('GET', path, { authorization }), 401);
        }
      }
    },
  },
  {
    id: 'MV1-005',
    protects: 'the server: a revoked token stops working',
    run: async (ctx) => {
      const { token, record } = await ctx.server.app.services.tokens.create({
        name: 'Short',
        role: Role.ADMIN,
      });
      expect((await ctx.call('GET', '/devices', { authorization: basic(token) })).status).toBe(200);
      await ctx.server.app.services.tokens.revoke(record.uuid);
      expectError(await ctx.call('GET', '/devices', { authorization: basic(token) }), 401, /revoked/);
    },
  },
  {
    id: 'MV1-006',
    protects: 'roles: a viewer reads everything',
    run: async (ctx) => {
      const authorization = basic(await ctx.token(Role.VIEWER));
      for (const path of LISTS) expect((await ctx.call('GET', path, { authorization })).status).toBe(200);
    },
  },
  {
    id: 'MV1-007',
    protects: 'roles: a viewer changes nothing, and is told 403 before the body is looked at',
    run: async (ctx) => {
      const authorization = basic(await ctx.token(Role.VIEWER));
      const changes = [
        ['POST', '/profiles'],
        ['DELETE', `/profiles/${NOBODY}`],
        ['POST', '/workflows'],
        ['PATCH', `/workflows/${NOBODY}`],
        ['DELETE', `/workflows/${NOBODY}`],
        ['POST', '/applications'],
        ['DELETE', `/applications/${NOBODY}`],
        ['PATCH', `/devices/${NOBODY}`],
        ['POST', '/devices/x/push'],
        ['POST', '/devices/fetch'],
      ] as const;
      for (const [method, path] of changes) {
        expectError(await ctx.call(method, path, { authorization, raw: '{' }), 403, /VIEWER/, 'FORBIDDEN');
      }
    },
  },
  {
    id: 'MV1-008',
    protects: 'roles: an operator does all the daily work',
    run: async (ctx) => {
      const authorization = basic(await ctx.token(Role.OPERATOR));
      const reply = await ctx.call('POST', '/workflows', {
        authorization,
        json: { name: unique('Operated') },
      });
      expect(reply.status).toBe(201);
    },
  },
  {
    id: 'MV1-009',
    protects: 'clients of 2016: lists are bare JSON arrays with the documented content type',
    run: async (ctx) => {
      for (const path of LISTS) {
        for (const server of [ctx.server, ctx.bare]) {
          const reply = await ctx.call('GET', path, { server });
          expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
          expect(Array.isArray(reply.json)).toBe(true);
        }
      }
    },
  },
  {
    id: 'MV1-010',
    protects: 'everyone: 405 says what can be done, in Allow and in words, whatever the body is',
    run: async (ctx) => {
      const allowed: [string, string, string][] = [
        ['PUT', '/devices', 'GET, HEAD'],
        ['DELETE', '/devices', 'GET, HEAD'],
        ['DELETE', `/devices/${NOBODY}`, 'GET, HEAD, PATCH'],
        ['GET', '/devices/some-udid/push', 'POST'],
        ['GET', '/devices/fetch', 'POST'],
        ['PUT', '/profiles', 'GET, HEAD, POST'],
        ['PATCH', `/profiles/${NOBODY}`, 'GET, HEAD, DELETE'],
        ['PUT', `/workflows/${NOBODY}`, 'GET, HEAD, PATCH, DELETE'],
        ['OPTIONS', '/workflows', 'GET, HEAD, POST'],
        ['PATCH', `/applications/${NOBODY}`, 'GET, HEAD, DELETE'],
      ];
      for (const [method, path, allow] of allowed) {
        const body = method === 'GET' ? {} : { raw: '<no json>', type: 'text/html' };
        const reply = await ctx.call(method, path, body);
        expectError(reply, 405, allow);
        expect(reply.headers.get('allow')).toBe(allow);
      }
    },
  },
  {
    id: 'MV1-011',
    protects: 'everyone: an address that does not exist is a 404 with words',
    run: async (ctx) => {
      expectError(await ctx.call('GET', '/nothing?x=1'), 404, '/management/v1/nothing', 'NOT_FOUND');
      expectError(await ctx.call('POST', '/', { raw: 'x', type: 'text/plain' }), 404);
    },
  },
  {
    id: 'MV1-012',
    protects: 'everyone: an id that is not a UUID is a 400 that shows it',
    run: async (ctx) => {
      for (const list of LISTS) {
        expectError(await ctx.call('GET', `${list}/not-a-uuid`), 400, 'not-a-uuid', 'BAD_USER_INPUT');
      }
    },
  },
  {
    id: 'MV1-013',
    protects: 'everyone: an unknown id is a 404 that shows it',
    run: async (ctx) => {
      for (const list of LISTS) {
        expectError(await ctx.call('GET', `${list}/${NOBODY}`), 404, NOBODY, 'NOT_FOUND');
      }
    },
  },
  {
    id: 'MV1-014',
    protects: 'who copies the documented PATCH body: its trailing comma is a 400 that says so, and where',
    run: async (ctx) => {
      const raw = '{\n  "workflow_uuid": "a, }",\n}';
      const reply = await ctx.call('PATCH', `/devices/${NOBODY}`, { raw });
      expectError(reply, 400, /trailing comma at line 2, column 26/, 'BAD_USER_INPUT');
      expectError(
        await ctx.call('POST', '/workflows', { raw: '{"name":"x","profiles":[{},]}' }),
        400,
        /trailing comma/,
      );
    },
  },
  {
    id: 'MV1-015',
    protects: 'everyone: other malformed JSON is a 400 that says where, and does not repeat the body',
    run: async (ctx) => {
      for (const raw of ['{"name": hunter2', '{', 'hunter2', '"a', '{"a":1}}', '\u0000']) {
        const reply = await ctx.call('POST', '/workflows', { raw });
        expectError(reply, 400, /not JSON/);
        expect(reply.text).not.toContain('hunter2');
      }
      expectError(
        await ctx.call('POST', '/workflows', { raw: Buffer.from([0x22, 0xff, 0x22]) }),
        400,
        /UTF-8/,
      );
    },
  },
  {
    id: 'MV1-016',
    protects: 'everyone: a body that is no object, or missing, is a 400 that says what it is',
    run: async (ctx) => {
      expectError(
        await ctx.call('POST', '/workflows', { raw: '[]' }),
        400,
        /must be a JSON object; this is a list/,
      );
      expectError(await ctx.call('POST', '/workflows', { raw: 'null' }), 400, /null/);
      expectError(await ctx.call('POST', '/workflows'), 400, /needs a JSON object/);
    },
  },
  {
    id: 'MV1-017',
    protects: 'who forgot the header: 415 with the header to add',
    run: async (ctx) => {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
        const reply = await ctx.call('POST', '/workflows', { raw: '{"name":"x"}', type });
        expectError(reply, 415, 'Content-Type: application/json', 'UNSUPPORTED_MEDIA_TYPE');
      }
    },
  },
  {
    id: 'MV1-018',
    protects: 'clients that add a charset, and Windows tools that add a byte order mark',
    run: async (ctx) => {
      const raw = `\uFEFF{"name":"${unique('Marked')}"}`;
      expect(
        (await ctx.call('POST', '/workflows', { raw, type: 'application/json; charset=UTF-8' })).status,
      ).toBe(201);
    },
  },
  {
    id: 'MV1-019',
    protects: 'the server: a body that is too large is a 413',
    run: async (ctx) => {
      const raw = `{"payload_data":"${'A'.repeat(12 * 1024 * 1024)}"}`;
      expectError(await ctx.call('POST', '/profiles', { raw }), 413, /too large/, 'PAYLOAD_TOO_LARGE');
    },
  },
  {
    id: 'MV1-020',
    protects: 'clients newer or older than the server: unknown fields are ignored, as they always were',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const json = {
        payload_identifier: identifier,
        payload_data: mobileconfig(identifier),
        future: { a: [1] },
        __proto__x: 1,
      };
      expect((await ctx.call('POST', '/profiles', { json })).status).toBe(201);
      const raw = `{"name":"${unique('Newer')}","__proto__":{"profiles":5},"constructor":1}`;
      expect((await ctx.call('POST', '/workflows', { raw })).status).toBe(201);
    },
  },
  {
    id: 'MV1-021',
    protects: 'everyone: a field of the wrong type is a 400 that names it, however deep',
    run: async (ctx) => {
      const wrong: [unknown, RegExp][] = [
        [{ name: 5 }, /name must be a text; this is a number/],
        [{ name: 'x', profiles: {} }, /profiles must be a list/],
        [{ name: 'x', profiles: ['a'] }, /profiles\[0\] must be an object/],
        [
          { name: 'x', profiles: [{ payload_identifier: 'a' }, { profile_uuid: 'zz' }] },
          /profiles\[1\]\.profile_uuid must be a UUID/,
        ],
        [{ name: 'x', included_workflows: [{}] }, /included_workflows\[0\]\.workflow_uuid is missing/],
        [
          { name: 'x', applications: [{ 'manifest-url': [] }] },
          /applications\[0\]\.manifest-url must be a text/,
        ],
        [{ name: 'x\ud800' }, /name is not well-formed Unicode/],
      ];
      for (const [json, says] of wrong) {
        const reply = await ctx.call('POST', '/workflows', { raw: JSON.stringify(json) });
        expectError(reply, 400, says);
        expect(says.source.replaceAll('\\', '')).toContain(reply.json.details.field);
      }
    },
  },
  {
    id: 'MV1-022',
    protects: 'large fleets: ?limit=&after= pages through a list without a gap or a repetition',
    run: async (ctx) => {
      for (let count = 0; count < 3; count += 1) await ctx.workflow();
      const all = (await ctx.call('GET', '/workflows')).json.map(
        (one: { uuid: string }) => one.uuid,
      ) as string[];
      const paged: string[] = [];
      for (;;) {
        const after = paged.length === 0 ? '' : `&after=${paged.at(-1)}`;
        const page = (await ctx.call('GET', `/workflows?limit=2${after}`)).json as { uuid: string }[];
        expect(page.length).toBeLessThanOrEqual(2);
        if (page.length === 0) break;
        paged.push(...page.map((one) => one.uuid));
      }
      expect(paged).toEqual(all);
    },
  },
  {
    id: 'MV1-023',
    protects: 'everyone: a bad limit or after is a 400 that names it',
    run: async (ctx) => {
      for (const list of LISTS) {
        for (const limit of ['0', '-1', 'x', '1.5', '', '99999999999', '1&limit=2']) {
          expectError(await ctx.call('GET', `${list}?limit=${limit}`), 400, /limit/);
        }
        expectError(await ctx.call('GET', `${list}?after=x`), 400, /after/);
      }
    },
  },
  {
    id: 'MV1-024',
    protects: 'who asks for help: every answer has an x-request-id',
    run: async (ctx) => {
      for (const path of ['/devices', '/nothing', '/profiles/x']) {
        expect((await ctx.call('GET', path)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      }
    },
  },
];
