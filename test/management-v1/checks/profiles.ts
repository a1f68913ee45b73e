import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { mobileconfig, unique } from '../kit.js';
import { expectEmpty, expectError, expectStatus, NOBODY, type Check } from './check.js';

export const PROFILES: readonly Check[] = [
  {
    id: 'MV1-030',
    protects: 'the documented page: adding a profile answers 201 with the profile and where it is',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const data = mobileconfig(identifier);
      const reply = await ctx.call('POST', '/profiles', {
        json: { payload_identifier: identifier, payload_data: data },
      });
      expect(reply.status).toBe(201);
      expect(reply.json).toMatchObject({
        payload_identifier: identifier,
        payload_data: data,
        profile_data: data,
      });
      expect(reply.headers.get('location')).toBe(`/management/v1/profiles/${reply.json.profile_uuid}`);
    },
  },
  {
    id: 'MV1-031',
    protects: 'clients of 2016: the data may be called profile_data',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const json = { payload_identifier: identifier, profile_data: mobileconfig(identifier) };
      expect((await ctx.call('POST', '/profiles', { json })).status).toBe(201);
    },
  },
  {
    id: 'MV1-032',
    protects: 'who sends both names of the data: the same is fine, different is a 400',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const data = mobileconfig(identifier);
      const json = {
        payload_identifier: identifier,
        payload_data: data,
        profile_data: mobileconfig(identifier),
      };
      expectError(await ctx.call('POST', '/profiles', { json }), 400, /differ/);
      expect((await ctx.call('POST', '/profiles', { json: { ...json, profile_data: data } })).status).toBe(
        201,
      );
    },
  },
  {
    id: 'MV1-033',
    protects: 'shell scripts: base64 may have line breaks, as the base64 command makes them',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const wrapped = mobileconfig(identifier).replaceAll(/.{76}/g, '$&\n');
      const reply = await ctx.call('POST', '/profiles', {
        json: { payload_identifier: identifier, payload_data: `${wrapped}\n` },
      });
      expect(reply.status).toBe(201);
      expect(reply.json.payload_data).toBe(wrapped.replaceAll('\n', ''));
    },
  },
  {
    id: 'MV1-034',
    protects: 'everyone: a missing field is a 400 that names it',
    run: async (ctx) => {
      const identifier = unique('org.example');
      expectError(
        await ctx.call('POST', '/profiles', { json: { payload_identifier: identifier } }),
        400,
        /payload_data is missing/,
      );
      expectError(
        await ctx.call('POST', '/profiles', { json: { payload_data: mobileconfig(identifier) } }),
        400,
        /payload_identifier is missing/,
      );
      expectError(
        await ctx.call('POST', '/profiles', { json: { payload_identifier: '', payload_data: '' } }),
        400,
        /missing/,
      );
    },
  },
  {
    id: 'MV1-035',
    protects: 'everyone: the same PayloadIdentifier again is a 409 that names the profile',
    run: async (ctx) => {
      const { identifier, uuid, data } = await ctx.profile();
      const reply = await ctx.call('POST', '/profiles', {
        json: { payload_identifier: identifier, payload_data: data },
      });
      expectError(reply, 409, identifier, 'CONFLICT');
      expect(reply.json.details).toEqual({ field: 'payload_identifier', uuid });
    },
  },
  {
    id: 'MV1-036',
    protects: 'devices: what is not base64, or not a configuration profile, is a 422 with the reason',
    run: async (ctx) => {
      const broken = ['not base64!', 'QUJD', 'QUJ', Buffer.from('<plist><dict/></plist>').toString('base64')];
      for (const data of broken) {
        const reply = await ctx.call('POST', '/profiles', {
          json: { payload_identifier: 'org.example.x', payload_data: data },
        });
        expectError(reply, 422, '', 'INVALID');
        expect(reply.json.details.field).toBe('payload_data');
      }
    },
  },
  {
    id: 'MV1-037',
    protects: 'everyone: a PayloadIdentifier that is not the one inside is a 422 with both',
    run: async (ctx) => {
      const identifier = unique('org.example');
      const json = { payload_identifier: `${identifier}.other`, payload_data: mobileconfig(identifier) };
      const reply = await ctx.call('POST', '/profiles', { json });
      expectError(reply, 422, `${identifier}.other`);
      expectError(reply, 422, identifier);
    },
  },
  {
    id: 'MV1-038',
    protects: 'the documented page: showing a profile, with what GraphQL shows beside it',
    run: async (ctx) => {
      const { uuid, identifier, data } = await ctx.profile();
      const { status, json } = await ctx.call('GET', `/profiles/${uuid}`);
      expect(status).toBe(200);
      const bytes = Buffer.from(data, 'base64');
      expect(json).toMatchObject({
        profile_uuid: uuid,
        payload_identifier: identifier,
        payload_data: data,
        profile_data: data,
        display_name: 'Web clip',
        payload_types: ['com.apple.webClip.managed'],
        signed: false,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        revision: 1,
      });
      expect(json.created_at).toBe(new Date(json.created_at).toISOString());
      expect(Object.values(json)).not.toContain(null);
    },
  },
  {
    id: 'MV1-039',
    protects: 'who writes UUIDs in capitals',
    run: async (ctx) => {
      const { uuid } = await ctx.profile();
      expect((await ctx.call('GET', `/profiles/${uuid.toUpperCase()}`)).json.profile_uuid).toBe(uuid);
    },
  },
  {
    id: 'MV1-040',
    protects: 'the documented page: the list has every profile with its data, also beyond one batch of them',
    run: async (ctx) => {
      const added = [];
      for (let count = 0; count < 3; count += 1) added.push(await ctx.profile());
      const large = unique('org.example');
      for (const identifier of [large, `${large}.2`]) {
        const data = mobileconfig(identifier, { Label: 'x'.repeat(3_000_000) });
        const json = { payload_identifier: identifier, payload_data: data };
        const { status, json: made } = await ctx.call('POST', '/profiles', { json });
        expect(status).toBe(201);
        added.push({ uuid: made.profile_uuid as string, identifier, data });
      }
      const { json } = await ctx.call('GET', '/profiles');
      for (const { uuid, identifier, data } of added) {
        const found = json.find((one: { profile_uuid: string }) => one.profile_uuid === uuid);
        expect(found.payload_identifier).toBe(identifier);
        expect(found.payload_data === data && found.profile_data === data).toBe(true);
      }
      for (const { uuid } of added) expectEmpty(await ctx.call('DELETE', `/profiles/${uuid}`), 204);
    },
  },
  {
    id: 'MV1-041',
    protects: 'the documented page: deleting is a 204 without a body, and then a 404',
    run: async (ctx) => {
      const { uuid } = await ctx.profile();
      expectEmpty(await ctx.call('DELETE', `/profiles/${uuid}`), 204);
      expectError(await ctx.call('DELETE', `/profiles/${uuid}`), 404, uuid);
      expectError(await ctx.call('GET', `/profiles/${uuid}`), 404, uuid);
    },
  },
  {
    id: 'MV1-042',
    protects: 'devices: a profile that a workflow uses is not deleted; the 409 names the workflows',
    run: async (ctx) => {
      const { uuid } = await ctx.profile();
      const name = unique('Uses it');
      await ctx.workflow({ name, profiles: [{ profile_uuid: uuid }] });
      const reply = await ctx.call('DELETE', `/profiles/${uuid}`);
      expectError(reply, 409, name, 'IN_USE');
      expect(reply.json.details.workflows).toEqual([name]);
      expect((await ctx.call('GET', `/profiles/${uuid}`)).status).toBe(200);
    },
  },
  {
    id: 'MV1-043',
    protects: 'everyone: deleting by a bad or an unknown id is 400 or 404',
    run: async (ctx) => {
      expectError(await ctx.call('DELETE', '/profiles/x'), 400, /UUID/);
      expectError(await ctx.call('DELETE', `/profiles/${NOBODY}`), 404, NOBODY);
    },
  },
  {
    id: 'MV1-044',
    protects: 'every database: what is too long to be known by is a 422; what only tells people is cut',
    run: async (ctx) => {
      const long = 'x'.repeat(2_000);
      for (const identifier of [`org.example.${long}`, 'org.example.a ', ' org.example.a']) {
        const json = { payload_identifier: identifier, payload_data: mobileconfig(identifier) };
        expectError(await ctx.call('POST', '/profiles', { json }), 422, /255 characters/, 'INVALID');
      }
      const identifier = unique('org.example');
      const keys = { PayloadDisplayName: long, PayloadDescription: long, PayloadOrganization: long };
      const json = { payload_identifier: identifier, payload_data: mobileconfig(identifier, {}, keys) };
      const reply = await ctx.call('POST', '/profiles', { json });
      expectStatus(reply, 201);
      expect(reply.json.display_name).toHaveLength(255);
      expect(reply.json.description).toHaveLength(1_024);
    },
  },
];
