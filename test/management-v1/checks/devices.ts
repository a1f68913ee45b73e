import { expect } from 'vitest';
import { EnrollmentKind, EnrollmentStatus, Role, Scope } from '../../../src/entities/enums.js';
import { TOPIC } from '../../apns/setup.js';
import { ADMIN } from '../../support/principal.js';
import { basic, type Context, type EnrolledDevice } from '../kit.js';
import { expectEmpty, expectError, NOBODY, type Check } from './check.js';

/** Asks a device something and lets it answer. */
async function ask(
  ctx: Context,
  { uuid, device }: EnrolledDevice,
  requestType: string,
  parameters: Record<string, unknown> = {},
): Promise<void> {
  await ctx.server.app.services.commands.send([uuid], { requestType, parameters }, ADMIN);
  await device.connect();
}

export const DEVICES: readonly Check[] = [
  {
    id: 'MV1-080',
    protects: 'the documented page: a device that enrolled is shown as scripts know it',
    run: async (ctx) => {
      const { uuid, device } = await ctx.enrolled({ imei: '35 328909 123456 7' });
      const { facts } = device;
      const { status, json } = await ctx.call('GET', `/devices/${uuid}`);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        uuid,
        udid: facts.udid,
        serial_number: facts.serialNumber,
        os_version: facts.osVersion,
        build_version: facts.buildVersion,
        product_name: facts.productName,
        imei: '35 328909 123456 7',
        mdm_topic: TOPIC,
        awaiting_configuration: false,
        enrolled: true,
        dep_device: false,
      });
      expect(json.last_checkin).toBe(new Date(json.last_checkin).toISOString());
      expect(Date.now() - Date.parse(json.last_checkin)).toBeLessThan(60_000);
    },
  },
  {
    id: 'MV1-081',
    protects: 'devices: their secrets are shown as in 2016, but only to a token with the scope for it',
    run: async (ctx) => {
      const { uuid, device } = await ctx.enrolled();
      const { pushMagic, pushToken, unlockToken } = device.state;
      const token = pushToken?.toString('hex');
      const secrets = { push_magic: pushMagic, token, unlock_token: unlockToken?.toString('hex') };
      for (const secret of Object.values(secrets)) expect(secret).toBeTypeOf('string');
      expect((await ctx.call('GET', `/devices/${uuid}`)).json).toMatchObject(secrets);
      expect((await ctx.call('GET', '/devices')).json).toContainEqual(expect.objectContaining(secrets));
      const authorization = basic(await ctx.token(Role.ADMIN, [Scope.DESTRUCTIVE]));
      for (const path of [`/devices/${uuid}`, '/devices']) {
        const { text } = await ctx.call('GET', path, { authorization });
        expect(text).toContain(uuid);
        expect(text).not.toMatch(/"(push_magic|token|unlock_token)"/);
        for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
      }
    },
  },
  {
    id: 'MV1-082',
    protects: 'scripts: what is not known is absent, but udid and serial_number are there, if null',
    run: async (ctx) => {
      const [stored] = await ctx.stored(1, {
        udid: null,
        serialNumber: null,
        enrollmentId: `E-${Date.now()}`,
        enrollmentKind: EnrollmentKind.USER_ENROLLMENT,
      });
      const authorization = basic(await ctx.token(Role.VIEWER));
      const { json } = await ctx.call('GET', `/devices/${stored!.uuid}`, { authorization });
      expect(json).toEqual({
        uuid: stored!.uuid,
        udid: null,
        serial_number: null,
        awaiting_configuration: false,
        enrolled: true,
        dep_device: false,
      });
    },
  },
  {
    id: 'MV1-083',
    protects: 'scripts: enrolled and awaiting_configuration follow the device',
    run: async (ctx) => {
      const { uuid, device } = await ctx.enrolled();
      await device.checkOut();
      expect((await ctx.call('GET', `/devices/${uuid}`)).json.enrolled).toBe(false);
      const [waiting] = await ctx.stored(1, {
        awaitingConfiguration: true,
        enrollmentStatus: EnrollmentStatus.AUTHENTICATED,
      });
      expect((await ctx.call('GET', `/devices/${waiting!.uuid}`)).json).toMatchObject({
        awaiting_configuration: true,
        enrolled: false,
      });
    },
  },
  {
    id: 'MV1-084',
    protects: 'the documented page: the list has every device, in the shape of the single one',
    run: async (ctx) => {
      const { uuid } = await ctx.enrolled();
      const { json } = await ctx.call('GET', '/devices');
      expect(json).toContainEqual((await ctx.call('GET', `/devices/${uuid}`)).json);
    },
  },
  {
    id: 'MV1-085',
    protects: 'large fleets: devices can be paged, and a page is what was asked for',
    run: async (ctx) => {
      await ctx.stored(205);
      const all = (await ctx.call('GET', '/devices')).json.map(
        (one: { uuid: string }) => one.uuid,
      ) as string[];
      expect(new Set(all).size).toBe(all.length);
      expect((await ctx.call('GET', '/devices?limit=150')).json).toHaveLength(150);
      const rest = (await ctx.call('GET', `/devices?after=${all[149]}`)).json as { uuid: string }[];
      expect(rest.map((one) => one.uuid)).toEqual(all.slice(150));
      expect((await ctx.call('GET', `/devices?limit=3&after=${all.at(-1)}`)).json).toEqual([]);
    },
  },
  {
    id: 'MV1-086',
    protects: 'large fleets: a list comes in pieces, so nobody holds it whole',
    run: async (ctx) => {
      await ctx.stored(300);
      const reply = await ctx.call('GET', '/devices');
      expect(reply.headers.get('transfer-encoding')).toBe('chunked');
      expect(reply.headers.get('content-length')).toBeNull();
    },
  },
  {
    id: 'MV1-087',
    protects: 'who mixes up ids: a UDID where the uuid belongs is a 404 that gives the uuid',
    run: async (ctx) => {
      const { uuid, udid } = await ctx.enrolled({ platform: 'macOS' });
      for (const [method, path, json] of [
        ['GET', '', undefined],
        ['GET', '/applications', undefined],
        ['PATCH', '', { workflow_uuid: '' }],
      ] as const) {
        const reply = await ctx.call(method, `/devices/${udid}${path}`, json === undefined ? {} : { json });
        expectError(reply, 404, uuid, 'NOT_FOUND');
        expect(reply.json.details).toEqual({ uuid });
      }
    },
  },
  {
    id: 'MV1-088',
    protects:
      'the documented page: assigning a workflow is a 204, and the device has it and is brought up to it',
    run: async (ctx) => {
      const enrolled = await ctx.enrolled();
      const profile = await ctx.profile();
      const workflow = await ctx.workflow({ profiles: [{ profile_uuid: profile.uuid }] });
      const reply = await ctx.call('PATCH', `/devices/${enrolled.uuid}`, {
        json: { workflow_uuid: workflow },
      });
      expectEmpty(reply, 204);
      expect((await ctx.call('GET', `/devices/${enrolled.uuid}`)).json.workflow_uuid).toBe(workflow);
      await enrolled.device.connect();
      expect([...enrolled.device.state.profiles.keys()]).toContain(profile.identifier);
    },
  },
  {
    id: 'MV1-089',
    protects: 'scripts: "" and null take the workflow away, and its profiles with it',
    run: async (ctx) => {
      const enrolled = await ctx.enrolled();
      const profile = await ctx.profile();
      const workflow = await ctx.workflow({ profiles: [{ profile_uuid: profile.uuid }] });
      for (const nothing of ['', null]) {
        await ctx.call('PATCH', `/devices/${enrolled.uuid}`, { json: { workflow_uuid: workflow } });
        await enrolled.device.connect();
        expect(enrolled.device.state.profiles.has(profile.identifier)).toBe(true);
        expectEmpty(
          await ctx.call('PATCH', `/devices/${enrolled.uuid}`, { json: { workflow_uuid: nothing } }),
          204,
        );
        expect((await ctx.call('GET', `/devices/${enrolled.uuid}`)).json).not.toHaveProperty('workflow_uuid');
        await enrolled.device.connect();
        expect(enrolled.device.state.profiles.has(profile.identifier)).toBe(false);
      }
    },
  },
  {
    id: 'MV1-090',
    protects: 'scripts that run again: assigning twice is a 204 both times',
    run: async (ctx) => {
      const [stored] = await ctx.stored(1);
      const json = { workflow_uuid: await ctx.workflow() };
      for (const path of [stored!.uuid, stored!.uuid.toUpperCase()])
        expectEmpty(await ctx.call('PATCH', `/devices/${path}`, { json }), 204);
    },
  },
  {
    id: 'MV1-091',
    protects: 'everyone: unknown device 404, unknown workflow 422, missing or bad field 400, each named',
    run: async (ctx) => {
      const [stored] = await ctx.stored(1);
      const workflow = await ctx.workflow();
      const path = `/devices/${stored!.uuid}`;
      expectError(
        await ctx.call('PATCH', `/devices/${NOBODY}`, { json: { workflow_uuid: workflow } }),
        404,
        NOBODY,
      );
      const unknown = await ctx.call('PATCH', path, { json: { workflow_uuid: NOBODY } });
      expectError(unknown, 422, NOBODY, 'INVALID');
      expect(unknown.json.details.field).toBe('workflow_uuid');
      expectError(await ctx.call('PATCH', path, { json: {} }), 400, /workflow_uuid is missing/);
      expectError(
        await ctx.call('PATCH', path, { json: { workflow_uuid: 5 } }),
        400,
        /workflow_uuid must be a text/,
      );
      expectError(
        await ctx.call('PATCH', path, { json: { workflow_uuid: 'x' } }),
        400,
        /workflow_uuid must be a UUID/,
      );
      expectError(
        await ctx.call('PATCH', '/devices/x', { json: { workflow_uuid: workflow } }),
        400,
        /“x” is not a UUID/,
      );
    },
  },
  {
    id: 'MV1-092',
    protects: 'historic: the applications a device last listed, as an array; empty before it did',
    run: async (ctx) => {
      const enrolled = await ctx.enrolled({ applicationCount: 4 });
      const path = `/devices/${enrolled.uuid}/applications`;
      expect((await ctx.call('GET', path)).json).toEqual([]);
      await ask(ctx, enrolled, 'InstalledApplicationList');
      const { status, json } = await ctx.call('GET', path);
      expect(status).toBe(200);
      expect(json).toHaveLength(4);
      expect(json[0]).toMatchObject({
        identifier: expect.any(String),
        name: expect.any(String),
        bundle_size: expect.any(Number),
      });
      expect(Object.keys(json[0]).join()).not.toMatch(/[A-Z]/);
    },
  },
  {
    id: 'MV1-093',
    protects: 'historic: the certificates a device last listed, as an array',
    run: async (ctx) => {
      const enrolled = await ctx.enrolled();
      await ask(ctx, enrolled, 'CertificateList');
      const { status, json } = await ctx.call('GET', `/devices/${enrolled.uuid}/certificates`);
      expect(status).toBe(200);
      expect(json).toContainEqual(
        expect.objectContaining({
          common_name: expect.any(String),
          is_identity: true,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        }),
      );
    },
  },
  {
    id: 'MV1-094',
    protects: 'everyone: inventory of a device that is not there is 404, of a bad id 400',
    run: async (ctx) => {
      for (const what of ['applications', 'certificates']) {
        expectError(await ctx.call('GET', `/devices/${NOBODY}/${what}`), 404, NOBODY);
        expectError(await ctx.call('GET', `/devices/x/${what}`), 400);
      }
    },
  },
  {
    id: 'MV1-095',
    protects: 'scripts: what a device answered to DeviceInformation is shown, in columns and as it was',
    run: async (ctx) => {
      const enrolled = await ctx.enrolled({ deviceName: 'Idared' });
      await ask(ctx, enrolled, 'DeviceInformation', { Queries: ['DeviceName', 'Model', 'OSVersion'] });
      const { json } = await ctx.call('GET', `/devices/${enrolled.uuid}`);
      expect(json).toMatchObject({ device_name: 'Idared', model: enrolled.device.facts.model });
      expect(json.last_query_response).toMatchObject({ DeviceName: 'Idared' });
    },
  },
  {
    id: 'MV1-096',
    protects: 'DEP users: fetching without DEP is a 409 that says so, and how to configure it',
    run: async (ctx) => {
      expectError(
        await ctx.call('POST', '/devices/fetch'),
        409,
        /Feature not available.*DEP.*not configured.*depAccountCreate.*depAccountTokenUpload/,
        'FEATURE_NOT_AVAILABLE',
      );
    },
  },
];
