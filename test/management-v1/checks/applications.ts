import { expect } from 'vitest';
import { unique } from '../kit.js';
import { expectEmpty, expectError, NOBODY, type Check } from './check.js';

const manifest = (): string => `https://example.org/${unique('app')}.plist`;

export const APPLICATIONS: readonly Check[] = [
  {
    id: 'MV1-050',
    protects: 'the natural completion: adding an application by its manifest',
    run: async (ctx) => {
      const json = { name: unique('App'), 'manifest-url': manifest() };
      const reply = await ctx.call('POST', '/applications', { json });
      expect(reply.status).toBe(201);
      expect(reply.json).toMatchObject({ ...json, revision: 1 });
      expect(reply.headers.get('location')).toBe(
        `/management/v1/applications/${reply.json.application_uuid}`,
      );
      expect((await ctx.call('GET', `/applications/${reply.json.application_uuid}`)).json).toEqual(
        reply.json,
      );
    },
  },
  {
    id: 'MV1-051',
    protects: 'languages without hyphens: manifest_url is accepted beside manifest-url',
    run: async (ctx) => {
      const url = manifest();
      const reply = await ctx.call('POST', '/applications', {
        json: { name: unique('App'), manifest_url: url },
      });
      expect(reply.json['manifest-url']).toBe(url);
    },
  },
  {
    id: 'MV1-052',
    protects: 'App Store applications: by itunes_store_id, with a bundle identifier',
    run: async (ctx) => {
      const json = {
        name: unique('Store'),
        itunes_store_id: 361_309_726,
        bundle_identifier: 'com.example.store',
      };
      const reply = await ctx.call('POST', '/applications', { json });
      expect(reply.json).toMatchObject(json);
      expect(reply.json).not.toHaveProperty('manifest-url');
    },
  },
  {
    id: 'MV1-053',
    protects: 'everyone: what is missing is 400, what will not do is 422, each named',
    run: async (ctx) => {
      expectError(
        await ctx.call('POST', '/applications', { json: { 'manifest-url': manifest() } }),
        400,
        /name is missing/,
      );
      expectError(
        await ctx.call('POST', '/applications', { json: { name: 'x', itunes_store_id: '1' } }),
        400,
        /itunes_store_id/,
      );
      for (const url of ['http://example.org/a.plist', 'nonsense', undefined]) {
        const reply = await ctx.call('POST', '/applications', {
          json: { name: unique('App'), 'manifest-url': url },
        });
        expectError(reply, 422, '', 'INVALID');
        expect(reply.json.details.field).toBe('manifest-url');
      }
    },
  },
  {
    id: 'MV1-054',
    protects: 'everyone: the same name or manifest again is a 409 that names the application',
    run: async (ctx) => {
      const json = { name: unique('App'), 'manifest-url': manifest() };
      const { application_uuid: uuid } = (await ctx.call('POST', '/applications', { json })).json;
      const again = [
        { ...json, 'manifest-url': manifest() },
        { ...json, name: unique('App') },
      ];
      for (const one of again) {
        const reply = await ctx.call('POST', '/applications', { json: one });
        expectError(reply, 409, uuid, 'CONFLICT');
      }
    },
  },
  {
    id: 'MV1-055',
    protects: 'the natural completion: listing and deleting',
    run: async (ctx) => {
      const { json } = await ctx.call('POST', '/applications', {
        json: { name: unique('App'), 'manifest-url': manifest() },
      });
      expect((await ctx.call('GET', '/applications')).json).toContainEqual(json);
      expectEmpty(await ctx.call('DELETE', `/applications/${json.application_uuid}`), 204);
      expectError(await ctx.call('DELETE', `/applications/${json.application_uuid}`), 404);
      expect((await ctx.call('GET', '/applications')).json).not.toContainEqual(json);
    },
  },
  {
    id: 'MV1-056',
    protects: 'devices: an application that a workflow uses is not deleted; the 409 names the workflows',
    run: async (ctx) => {
      const name = unique('Uses it');
      const workflow = await ctx.workflow({
        name,
        applications: [{ name: unique('App'), 'manifest-url': manifest() }],
      });
      const [application] = (await ctx.call('GET', `/workflows/${workflow}`)).json.applications;
      expectError(
        await ctx.call('DELETE', `/applications/${application.application_uuid}`),
        409,
        name,
        'IN_USE',
      );
    },
  },
  {
    id: 'MV1-057',
    protects: 'everyone: bad and unknown ids are 400 and 404',
    run: async (ctx) => {
      expectError(await ctx.call('DELETE', '/applications/x'), 400);
      expectError(await ctx.call('DELETE', `/applications/${NOBODY}`), 404, NOBODY);
    },
  },
];
