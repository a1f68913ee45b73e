import { expect } from 'vitest';
import { basic, mobileconfig, unique } from '../kit.js';
import { expectEmpty, expectError, expectStatus, NOBODY, type Check } from './check.js';

const manifest = (): string => `https://example.org/${unique('app')}.plist`;
const LISTS = ['/devices', '/profiles', '/workflows', '/applications'];

/** What clients write in more than one way, and what they get wrong. */
export const SPELLINGS: readonly Check[] = [
  {
    id: 'MV1-120',
    protects: 'who probes first: HEAD answers as GET does, without a body, for lists, records and mistakes',
    run: async (ctx) => {
      const { uuid } = await ctx.profile();
      for (const path of [...LISTS, `/profiles/${uuid}`, `/profiles/${NOBODY}`, '/profiles/x']) {
        const [head, get] = [await ctx.call('HEAD', path), await ctx.call('GET', path)];
        expectEmpty(head, get.status);
        expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      }
    },
  },
  {
    id: 'MV1-121',
    protects: 'who asks with HEAD without a token: 401, as with GET',
    run: async (ctx) => {
      const reply = await ctx.call('HEAD', '/devices', { authorization: null });
      expectEmpty(reply, 401);
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Pomona"');
    },
  },
  {
    id: 'MV1-122',
    protects: 'every list: limit and after, alone and together, on all four',
    run: async (ctx) => {
      for (let count = 0; count < 3; count += 1) {
        const { identifier } = await ctx.profile();
        const application = { name: unique('App'), 'manifest-url': manifest() };
        await ctx.workflow({ profiles: [{ payload_identifier: identifier }], applications: [application] });
      }
      await ctx.stored(3);
      for (const list of LISTS) {
        const key = { '/profiles': 'profile_uuid', '/applications': 'application_uuid' }[list] ?? 'uuid';
        const uuids = async (query: string): Promise<string[]> =>
          (await ctx.call('GET', list + query)).json.map((one: Record<string, string>) => one[key]);
        const all = await uuids('');
        expect(all).toEqual([...all].sort());
        expect(await uuids('?limit=2')).toEqual(all.slice(0, 2));
        expect(await uuids(`?after=${all[0]?.toUpperCase()}`)).toEqual(all.slice(1));
        expect(await uuids(`?limit=1&after=${all[0]}`)).toEqual(all.slice(1, 2));
        expect(await uuids('?limit=999999999&colour=red')).toEqual(all);
      }
    },
  },
  {
    id: 'MV1-123',
    protects: 'who mixes up ids: a UDID that is no UUID, in place of the uuid, is a 400 that says what it is',
    run: async (ctx) => {
      const { udid } = await ctx.enrolled();
      for (const path of [udid, udid.toLowerCase(), '2b6f0cc904d137be2e1730235f5664094b831186']) {
        expectError(await ctx.call('GET', `/devices/${path}`), 400, /is a UDID, not a UUID.*GET \/devices/);
      }
      expectError(await ctx.call('GET', `/profiles/${udid}`), 400, /is not a UUID/);
    },
  },
  {
    id: 'MV1-124',
    protects:
      'who mixes up ids in any letter case: the UDID of a Mac, in small letters, still leads to the uuid',
    run: async (ctx) => {
      const { uuid, udid } = await ctx.enrolled({ platform: 'macOS' });
      expectError(await ctx.call('GET', `/devices/${udid.toLowerCase()}`), 404, uuid);
    },
  },
  {
    id: 'MV1-125',
    protects: 'the historic spelling: profile_data next to an empty or null payload_data',
    run: async (ctx) => {
      for (const nothing of ['', null]) {
        const identifier = unique('org.example');
        const profile_data = mobileconfig(identifier);
        const json = { payload_identifier: identifier, payload_data: nothing, profile_data };
        const reply = await ctx.call('POST', '/profiles', { json });
        expectStatus(reply, 201);
        expect(reply.json.payload_data).toBe(profile_data);
      }
    },
  },
  {
    id: 'MV1-126',
    protects: 'historic clients that send what is wrong as profile_data: told of the documented field',
    run: async (ctx) => {
      const json = { payload_identifier: 'org.example.x', profile_data: 'not base64!' };
      const reply = await ctx.call('POST', '/profiles', { json });
      expectError(reply, 422, /not base64/, 'INVALID');
      expect(reply.json.details.field).toBe('payload_data');
    },
  },
  {
    id: 'MV1-127',
    protects:
      'languages without hyphens: both spellings of the manifest, the same is fine, different is a 400',
    run: async (ctx) => {
      const url = manifest();
      const both = { name: unique('App'), 'manifest-url': url, manifest_url: url };
      expectStatus(await ctx.call('POST', '/applications', { json: both }), 201);
      const torn = { ...both, name: unique('App'), manifest_url: manifest() };
      const reply = await ctx.call('POST', '/applications', { json: torn });
      expectError(reply, 400, /manifest-url and manifest_url are two names of one field/);
      expect(reply.json.details.field).toBe('manifest-url');
      const inside = await ctx.call('POST', '/workflows', {
        json: { name: unique('W'), applications: [torn] },
      });
      expectError(inside, 400, /two names of one field/);
      expect(inside.json.details.field).toBe('applications[0].manifest-url');
    },
  },
  {
    id: 'MV1-128',
    protects: 'answers: a manifest is always answered as manifest-url, in whichever way it was sent',
    run: async (ctx) => {
      const app = { name: unique('App'), manifest_url: manifest() };
      const uuid = await ctx.workflow({ applications: [app] });
      const [shown] = (await ctx.call('GET', `/workflows/${uuid}`)).json.applications;
      expect(shown).toEqual({
        application_uuid: expect.any(String),
        name: app.name,
        'manifest-url': app.manifest_url,
      });
    },
  },
  {
    id: 'MV1-129',
    protects: 'who writes UUIDs in capitals, in bodies too',
    run: async (ctx) => {
      const [{ uuid: profile }, included] = [await ctx.profile(), await ctx.workflow()];
      const uuid = await ctx.workflow({
        profiles: [{ profile_uuid: profile.toUpperCase() }],
        included_workflows: [{ workflow_uuid: included.toUpperCase() }],
      });
      const { json } = await ctx.call('GET', `/workflows/${uuid}`);
      expect([json.profiles[0].profile_uuid, json.included_workflows[0].workflow_uuid]).toEqual([
        profile,
        included,
      ]);
      const [stored] = await ctx.stored(1);
      const assigned = { workflow_uuid: uuid.toUpperCase() };
      expectEmpty(await ctx.call('PATCH', `/devices/${stored!.uuid}`, { json: assigned }), 204);
      expect((await ctx.call('GET', `/devices/${stored!.uuid}`)).json.workflow_uuid).toBe(uuid);
    },
  },
  {
    id: 'MV1-130',
    protects: 'clients newer than the server: unknown fields are ignored in every body, in entries too',
    run: async (ctx) => {
      const { identifier } = await ctx.profile();
      const future = { future: [{ a: null }], workflowUuid: 5, Name: 'x' };
      const uuid = await ctx.workflow({
        profiles: [{ payload_identifier: identifier, ...future }],
        ...future,
      });
      const app = { name: unique('App'), 'manifest-url': manifest(), ...future };
      expectStatus(await ctx.call('POST', '/applications', { json: app }), 201);
      expectEmpty(await ctx.call('PATCH', `/workflows/${uuid}`, { json: future }), 204);
      const [stored] = await ctx.stored(1);
      const json = { workflow_uuid: uuid, ...future };
      expectEmpty(await ctx.call('PATCH', `/devices/${stored!.uuid}`, { json }), 204);
    },
  },
  {
    id: 'MV1-131',
    protects:
      'who copies the documented PATCH body as it is printed, trailing comma and all: nothing is changed',
    run: async (ctx) => {
      const workflow = await ctx.workflow();
      const [stored] = await ctx.stored(1, { workflowUuid: workflow });
      const raw = `{\n    "workflow_uuid": "${await ctx.workflow()}",\n}`;
      const reply = await ctx.call('PATCH', `/devices/${stored!.uuid}`, { raw });
      expectError(reply, 400, /trailing comma at line 2.*take it out/s);
      expect((await ctx.call('GET', `/devices/${stored!.uuid}`)).json.workflow_uuid).toBe(workflow);
    },
  },
  {
    id: 'MV1-132',
    protects: 'who sends the wrong media type: 415 on every route that takes a body, and nothing is done',
    run: async (ctx) => {
      const name = unique('Typed');
      for (const [method, path] of [
        ['POST', '/profiles'],
        ['POST', '/workflows'],
        ['POST', '/applications'],
        ['PATCH', `/workflows/${NOBODY}`],
        ['PATCH', `/devices/${NOBODY}`],
      ] as const) {
        const reply = await ctx.call(method, path, { raw: JSON.stringify({ name }), type: 'text/plain' });
        expectError(reply, 415, 'Content-Type: application/json', 'UNSUPPORTED_MEDIA_TYPE');
      }
      expect((await ctx.call('GET', '/workflows')).text).not.toContain(name);
    },
  },
  {
    id: 'MV1-133',
    protects:
      'devices and workflows: 409 names each workflow or the number of devices, and nothing is deleted',
    run: async (ctx) => {
      const { uuid } = await ctx.profile();
      const names = [unique('First'), unique('Second')];
      for (const name of names) await ctx.workflow({ name, profiles: [{ profile_uuid: uuid }] });
      const reply = await ctx.call('DELETE', `/profiles/${uuid}`);
      for (const name of names) expectError(reply, 409, name, 'IN_USE');
      expect([...reply.json.details.workflows].sort()).toEqual(names.sort());
    },
  },
  {
    id: 'MV1-134',
    protects:
      'the catalogue: a workflow cannot include itself, nor a longer circle be closed; each is spelled',
    run: async (ctx) => {
      const names = [unique('A'), unique('B'), unique('C')];
      const a = await ctx.workflow({ name: names[0] });
      const b = await ctx.workflow({ name: names[1], included_workflows: [{ workflow_uuid: a }] });
      const c = await ctx.workflow({ name: names[2], included_workflows: [{ workflow_uuid: b }] });
      const include = (workflow_uuid: string) => ({ json: { included_workflows: [{ workflow_uuid }] } });
      const own = await ctx.call('PATCH', `/workflows/${a}`, include(a));
      expectError(own, 422, `"${names[0]}" → "${names[0]}"`, 'CYCLE');
      const long = await ctx.call('PATCH', `/workflows/${a}`, include(c));
      expect(long.json.details.cycle).toEqual([names[0], names[2], names[1], names[0]]);
      expect((await ctx.call('GET', `/workflows/${a}`)).json.included_workflows).toEqual([]);
    },
  },
  {
    id: 'MV1-135',
    protects: 'the server: a list of more than 10,000 entries is a 400 that names it',
    run: async (ctx) => {
      const profiles = Array.from({ length: 10_001 }, () => ({}));
      const reply = await ctx.call('POST', '/workflows', { json: { name: unique('Long'), profiles } });
      expectError(reply, 400, /profiles may have 10,000 entries at most/);
    },
  },
  {
    id: 'MV1-136',
    protects:
      'browsers and code generators: openapi.json and the page need no token, and give none of the data',
    run: async (ctx) => {
      const { identifier } = await ctx.profile();
      for (const authorization of [null, 'Bearer not-the-token-at-all', basic(ctx.server.token)]) {
        const document = await ctx.call('GET', '/openapi.json', { authorization });
        expectStatus(document, 200);
        expect(document.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(document.json.openapi).toBe('3.1.0');
        expect(document.text).not.toContain(identifier);
        const page = await ctx.call('GET', '/docs', { authorization });
        expectStatus(page, 200);
        expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      }
    },
  },
  {
    id: 'MV1-137',
    protects: 'the server: an id of the address longer than any id is a 414, in the form of every failure',
    run: async (ctx) => {
      const reply = await ctx.call('GET', `/devices/${'x'.repeat(600)}`);
      expectStatus(reply, 414);
      expect(reply.json.error).toBeTypeOf('string');
    },
  },
];
