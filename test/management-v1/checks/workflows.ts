import { expect } from 'vitest';
import { unique } from '../kit.js';
import { expectEmpty, expectError, expectStatus, NOBODY, type Check } from './check.js';

const manifest = (): string => `https://example.org/${unique('app')}.plist`;

export const WORKFLOWS: readonly Check[] = [
  {
    id: 'MV1-060',
    protects: 'the documented page: a workflow is answered in the form it was requested in, with ids',
    run: async (ctx) => {
      const { uuid, identifier } = await ctx.profile();
      const included = await ctx.workflow();
      const app = { name: unique('App'), 'manifest-url': manifest() };
      const json = {
        name: unique('Whole'),
        profiles: [{ payload_identifier: identifier, profile_uuid: uuid }],
        applications: [app],
        included_workflows: [{ workflow_uuid: included }],
      };
      const reply = await ctx.call('POST', '/workflows', { json });
      expect(reply.status).toBe(201);
      expect(reply.json).toMatchObject(json);
      expect(reply.json.uuid).toBe(reply.json.workflow_uuid);
      expect(reply.json.applications[0].application_uuid).toMatch(/^[0-9a-f-]{36}$/);
      expect(reply.headers.get('location')).toBe(`/management/v1/workflows/${reply.json.uuid}`);
    },
  },
  {
    id: 'MV1-061',
    protects: 'who keeps answers: what is shown can be sent again, and makes the same',
    run: async (ctx) => {
      const { identifier } = await ctx.profile();
      const first = await ctx.workflow({
        profiles: [{ payload_identifier: identifier }],
        applications: [{ name: unique('App'), 'manifest-url': manifest() }],
        included_workflows: [{ workflow_uuid: await ctx.workflow() }],
      });
      const shown = (await ctx.call('GET', `/workflows/${first}`)).json;
      const reply = await ctx.call('POST', '/workflows', { json: { ...shown, name: unique('Copy') } });
      expectStatus(reply, 201);
      const { profiles, applications, included_workflows } = shown;
      expect(reply.json).toMatchObject({ profiles, applications, included_workflows });
    },
  },
  {
    id: 'MV1-062',
    protects: 'the documented page: a name alone makes an empty workflow; lists may be null',
    run: async (ctx) => {
      const json = { name: unique('Empty'), profiles: null, applications: null, included_workflows: null };
      const reply = await ctx.call('POST', '/workflows', { json });
      expect(reply.status).toBe(201);
      expect(reply.json).toMatchObject({ profiles: [], applications: [], included_workflows: [] });
    },
  },
  {
    id: 'MV1-063',
    protects: 'everyone: no name is a 400 that says so',
    run: async (ctx) => {
      for (const json of [{}, { name: '' }, { name: null }]) {
        expectError(await ctx.call('POST', '/workflows', { json }), 400, /name is missing/);
      }
      expectError(await ctx.call('POST', '/workflows', { json: { name: 'x'.repeat(256) } }), 422, /255/);
    },
  },
  {
    id: 'MV1-064',
    protects: 'everyone: the same name again is a 409 that names the workflow',
    run: async (ctx) => {
      const name = unique('Twice');
      const uuid = await ctx.workflow({ name });
      expectError(await ctx.call('POST', '/workflows', { json: { name } }), 409, uuid, 'CONFLICT');
    },
  },
  {
    id: 'MV1-065',
    protects: 'scripts: a profile may be named by uuid alone, by identifier alone, or both',
    run: async (ctx) => {
      const [a, b, c] = [await ctx.profile(), await ctx.profile(), await ctx.profile()];
      const uuid = await ctx.workflow({
        profiles: [
          { profile_uuid: a.uuid, payload_identifier: '' },
          { payload_identifier: b.identifier },
          { profile_uuid: c.uuid, payload_identifier: c.identifier },
        ],
      });
      const { profiles } = (await ctx.call('GET', `/workflows/${uuid}`)).json;
      expect(profiles).toEqual(
        [a, b, c].map((one) => ({ payload_identifier: one.identifier, profile_uuid: one.uuid })),
      );
    },
  },
  {
    id: 'MV1-066',
    protects: 'devices: an identifier and a uuid that disagree are a 422 that names the entry',
    run: async (ctx) => {
      const [a, b] = [await ctx.profile(), await ctx.profile()];
      const profiles = [{ profile_uuid: b.uuid }, { profile_uuid: a.uuid, payload_identifier: b.identifier }];
      const reply = await ctx.call('POST', '/workflows', { json: { name: unique('Torn'), profiles } });
      expectError(reply, 422, a.identifier, 'INVALID');
      expect(reply.json.details.field).toBe('profiles[1]');
    },
  },
  {
    id: 'MV1-067',
    protects:
      'everyone: an unknown profile or workflow is a 422 that names it; an entry without any name is a 400',
    run: async (ctx) => {
      const cases: [object, number, RegExp][] = [
        [{ profiles: [{ profile_uuid: NOBODY }] }, 422, new RegExp(NOBODY)],
        [{ profiles: [{ payload_identifier: 'org.example.nobody' }] }, 422, /org\.example\.nobody/],
        [{ included_workflows: [{ workflow_uuid: NOBODY }] }, 422, new RegExp(NOBODY)],
        [{ applications: [{ name: 'Nobody knows it' }] }, 422, /Nobody knows it/],
        [{ applications: [{ application_uuid: NOBODY }] }, 422, new RegExp(NOBODY)],
        [{ applications: [{ 'manifest-url': manifest() }] }, 422, /Give a name too/],
        [{ profiles: [{}] }, 400, /profiles\[0\] needs/],
        [{ applications: [{}] }, 400, /applications\[0\] needs/],
      ];
      for (const [lists, status, says] of cases) {
        expectError(
          await ctx.call('POST', '/workflows', { json: { name: unique('Wrong'), ...lists } }),
          status,
          says,
        );
      }
    },
  },
  {
    id: 'MV1-068',
    protects: 'devices: the same member twice is a 422',
    run: async (ctx) => {
      const { uuid, identifier } = await ctx.profile();
      const profiles = [{ profile_uuid: uuid }, { payload_identifier: identifier }];
      expectError(
        await ctx.call('POST', '/workflows', { json: { name: unique('Double'), profiles } }),
        422,
        /twice/,
      );
    },
  },
  {
    id: 'MV1-069',
    protects: 'scripts: an unknown manifest makes the application; a known one, or a known name, is found',
    run: async (ctx) => {
      const app = { name: unique('App'), manifest_url: manifest() };
      const first = await ctx.workflow({ applications: [app] });
      const again = await ctx.workflow({ applications: [{ 'manifest-url': app.manifest_url }] });
      const named = await ctx.workflow({ applications: [{ name: app.name }] });
      const shown = await Promise.all(
        [first, again, named].map(
          async (uuid) => (await ctx.call('GET', `/workflows/${uuid}`)).json.applications,
        ),
      );
      expect(shown[0]).toHaveLength(1);
      expect(shown[1]).toEqual(shown[0]);
      expect(shown[2]).toEqual(shown[0]);
    },
  },
  {
    id: 'MV1-070',
    protects: 'devices: an application whose names disagree is a 422 that says what is known',
    run: async (ctx) => {
      const app = { name: unique('App'), 'manifest-url': manifest() };
      await ctx.workflow({ applications: [app] });
      const torn = [
        { ...app, name: 'Another' },
        { ...app, 'manifest-url': manifest() },
      ];
      for (const one of torn) {
        const reply = await ctx.call('POST', '/workflows', {
          json: { name: unique('Torn'), applications: [one] },
        });
        expectError(reply, 422, /one application/, 'INVALID');
        expect(reply.json.details.field).toBe('applications[0]');
      }
    },
  },
  {
    id: 'MV1-071',
    protects: 'the catalogue: a refused workflow leaves no application behind',
    run: async (ctx) => {
      const name = unique('Left over');
      const refused: object[] = [
        { included_workflows: [{ workflow_uuid: NOBODY }] },
        { profiles: [{ profile_uuid: NOBODY }] },
        { name: 'x'.repeat(300) },
        {
          applications: [
            { name, 'manifest-url': manifest() },
            { name: unique('App'), 'manifest-url': 'http://example.org' },
          ],
        },
      ];
      for (const wrong of refused) {
        const json = {
          name: unique('Refused'),
          applications: [{ name, 'manifest-url': manifest() }],
          ...wrong,
        };
        expectError(await ctx.call('POST', '/workflows', { json }), 422);
      }
      const names = (await ctx.call('GET', '/applications')).json.map((one: { name: string }) => one.name);
      expect(names).not.toContain(name);
    },
  },
  {
    id: 'MV1-072',
    protects: 'devices: an inclusion cycle is a 422 that spells it',
    run: async (ctx) => {
      const [a, b] = [unique('A'), unique('B')];
      const first = await ctx.workflow({ name: a });
      const second = await ctx.workflow({ name: b, included_workflows: [{ workflow_uuid: first }] });
      const json = { included_workflows: [{ workflow_uuid: second }] };
      const reply = await ctx.call('PATCH', `/workflows/${first}`, { json });
      expectError(reply, 422, `"${a}" → "${b}" → "${a}"`, 'CYCLE');
      expect(reply.json.details).toEqual({ field: 'included_workflows', cycle: [a, b, a] });
    },
  },
  {
    id: 'MV1-073',
    protects: 'historic: the list shows each workflow whole',
    run: async (ctx) => {
      const { identifier } = await ctx.profile();
      const uuid = await ctx.workflow({ profiles: [{ payload_identifier: identifier }] });
      const shown = (await ctx.call('GET', `/workflows/${uuid}`)).json;
      expect((await ctx.call('GET', '/workflows')).json).toContainEqual(shown);
    },
  },
  {
    id: 'MV1-074',
    protects: 'the natural completion: PATCH replaces the lists that are given, and only those',
    run: async (ctx) => {
      const [a, b] = [await ctx.profile(), await ctx.profile()];
      const applications = [{ name: unique('App'), 'manifest-url': manifest() }];
      const uuid = await ctx.workflow({ profiles: [{ profile_uuid: a.uuid }], applications });
      expectEmpty(
        await ctx.call('PATCH', `/workflows/${uuid}`, { json: { profiles: [{ profile_uuid: b.uuid }] } }),
        204,
      );
      const shown = (await ctx.call('GET', `/workflows/${uuid}`)).json;
      expect(shown.profiles).toEqual([{ payload_identifier: b.identifier, profile_uuid: b.uuid }]);
      expect(shown).toMatchObject({ applications, revision: 2 });
      const json = { name: unique('Renamed'), applications: [] };
      expectEmpty(await ctx.call('PATCH', `/workflows/${uuid}`, { json }), 204);
      expect((await ctx.call('GET', `/workflows/${uuid}`)).json).toMatchObject({
        ...json,
        profiles: shown.profiles,
      });
    },
  },
  {
    id: 'MV1-075',
    protects: 'everyone: changing what is not there is 404, with a taken name 409, with a bad id 400',
    run: async (ctx) => {
      const name = unique('Taken');
      await ctx.workflow({ name });
      const uuid = await ctx.workflow();
      expectError(await ctx.call('PATCH', `/workflows/${NOBODY}`, { json: {} }), 404, NOBODY);
      expectError(await ctx.call('PATCH', '/workflows/x', { json: {} }), 400);
      expectError(await ctx.call('PATCH', `/workflows/${uuid}`, { json: { name } }), 409, name);
    },
  },
  {
    id: 'MV1-076',
    protects: 'the natural completion: deleting a workflow keeps what it contained',
    run: async (ctx) => {
      const profile = await ctx.profile();
      const uuid = await ctx.workflow({ profiles: [{ profile_uuid: profile.uuid }] });
      expectEmpty(await ctx.call('DELETE', `/workflows/${uuid}`), 204);
      expectError(await ctx.call('GET', `/workflows/${uuid}`), 404);
      expectError(await ctx.call('DELETE', `/workflows/${uuid}`), 404);
      expectEmpty(await ctx.call('DELETE', `/profiles/${profile.uuid}`), 204);
    },
  },
  {
    id: 'MV1-077',
    protects: 'devices: a workflow that is included or assigned is not deleted; the 409 says by what',
    run: async (ctx) => {
      const inner = await ctx.workflow();
      const name = unique('Outer');
      await ctx.workflow({ name, included_workflows: [{ workflow_uuid: inner }] });
      expectError(await ctx.call('DELETE', `/workflows/${inner}`), 409, name, 'IN_USE');
      const assigned = await ctx.workflow();
      await ctx.stored(2, { workflowUuid: assigned });
      expectError(await ctx.call('DELETE', `/workflows/${assigned}`), 409, /2 device/, 'IN_USE');
    },
  },
];
