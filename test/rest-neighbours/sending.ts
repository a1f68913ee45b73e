import { expect } from 'vitest';
import { EnrollmentKind, EnrollmentStatus, Role } from '../../src/entities/enums.js';
import { expectError, expectStatus, NOBODY } from '../management-v1/checks/check.js';
import { basic, mobileconfig, unique } from '../management-v1/kit.js';
import { ask, send, type Check } from './kit.js';

const COMMANDS = '/mdm/commands';

export const SENDING: readonly Check[] = [
  {
    id: 'NB-001',
    protects: 'scripts of 2016: the documented body queues the command, and the answer is what was queued',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const json = { udid, request_type: 'DeviceInformation', queries: ['UDID', 'DeviceName'] };
      const reply = await ask(ctx, 'POST', COMMANDS, { json });
      expectStatus(reply, 201);
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const uuid = reply.json.command_uuid as string;
      expect(reply.headers.get('location')).toBe(`${COMMANDS}/${udid}/${uuid}`);
      expect(reply.json).toEqual({
        command_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        command: { request_type: 'DeviceInformation', queries: ['UDID', 'DeviceName'] },
      });
      const { commands } = await device.connect();
      expect(commands.map((one) => [one.uuid, one.requestType])).toEqual([[uuid, 'DeviceInformation']]);
    },
  },
  {
    id: 'NB-002',
    protects: 'scripts: a profile goes as base64 in payload, and is installed',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const identifier = unique('org.example');
      await send(ctx, udid, { request_type: 'InstallProfile', payload: mobileconfig(identifier) });
      await device.connect();
      expect([...device.state.profiles.keys()]).toContain(identifier);
      await send(ctx, udid, { request_type: 'RemoveProfile', identifier });
      await device.connect();
      expect([...device.state.profiles.keys()]).not.toContain(identifier);
    },
  },
  {
    id: 'NB-003',
    protects: 'scripts: parameters in snake case or under Apple’s own names, nested ones too',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const manifest = 'https://example.org/app.plist';
      for (const json of [
        { manifest_url: manifest, management_flags: 1, options: { purchase_method: 1 } },
        { ManifestURL: manifest, ManagementFlags: 1, Options: { PurchaseMethod: 1 } },
      ]) {
        const reply = await ask(ctx, 'POST', COMMANDS, {
          json: { udid: device!.udid, request_type: 'InstallApplication', ...json },
        });
        expect(reply.json.command).toEqual({
          request_type: 'InstallApplication',
          manifest_url: manifest,
          management_flags: 1,
          options: { purchase_method: 1 },
        });
      }
    },
  },
  {
    id: 'NB-004',
    protects: 'scripts: a missing udid or request type is 400 and says which; so is what is no JSON object',
    run: async (ctx) => {
      for (const [json, says] of [
        [{ request_type: 'DeviceLock' }, 'udid is missing'],
        [{ udid: '', request_type: 'DeviceLock' }, 'udid is missing'],
        [{ udid: 'x' }, 'request_type is missing'],
        [{ udid: 5, request_type: 'DeviceLock' }, 'udid must be a text'],
        [[], 'must be a JSON object'],
      ] as const) {
        expectError(await ask(ctx, 'POST', COMMANDS, { json }), 400, says, 'BAD_USER_INPUT');
      }
      expectError(await ask(ctx, 'POST', COMMANDS), 400, 'needs a JSON object');
      expectError(await ask(ctx, 'POST', COMMANDS, { raw: '{"udid":"x",}' }), 400, /trailing comma/);
    },
  },
  {
    id: 'NB-005',
    protects: 'scripts: an unknown UDID is 404; a uuid in its place is told, with the UDID',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const json = (udid: string) => ({ json: { udid, request_type: 'DeviceLock' } });
      expectError(await ask(ctx, 'POST', COMMANDS, json(NOBODY)), 404, NOBODY, 'NOT_FOUND');
      const mistaken = await ask(ctx, 'POST', COMMANDS, json(device!.uuid));
      expectError(mistaken, 404, device!.udid!, 'NOT_FOUND');
      expect(mistaken.json.details).toEqual({ udid: device!.udid });
      const [private_] = await ctx.stored(1, { udid: null, enrollmentKind: EnrollmentKind.USER_ENROLLMENT });
      expectError(await ask(ctx, 'POST', COMMANDS, json(private_!.uuid)), 404, 'User Enrollment');
    },
  },
  {
    id: 'NB-006',
    protects: 'scripts: a device that is not enrolled is 409',
    run: async (ctx) => {
      const [gone] = await ctx.stored(1, { enrollmentStatus: EnrollmentStatus.UNENROLLED });
      const json = { udid: gone!.udid, request_type: 'ProfileList' };
      expectError(await ask(ctx, 'POST', COMMANDS, { json }), 409, 'not enrolled', 'NOT_ENROLLED');
    },
  },
  {
    id: 'NB-007',
    protects: 'everyone: what Apple’s command does not take is 422, naming the field and what there is',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      for (const [fields, says, field] of [
        [{ request_type: 'DeviceLok' }, /did you mean DeviceLock/, 'request_type'],
        [{ request_type: 'ProfileList', quereis: [] }, /there are managed_only/, 'quereis'],
        [{ request_type: 'DeviceInformation', queries: 'x' }, /expected an array/, 'queries'],
        [{ request_type: 'DeviceInformation' }, /required/, 'queries'],
        [{ request_type: 'InstallApplication', manifest_url: 'http://x' }, /https/, 'manifest_url'],
        [{ request_type: 'InstallProfile', payload: '###' }, /base64/, 'payload'],
        [
          { request_type: 'InstallApplication', itunes_store_id: 1, options: { purchase_method: 'x' } },
          /whole number/,
          'options.purchase_method',
        ],
      ] as const) {
        const reply = await ask(ctx, 'POST', COMMANDS, { json: { udid: device!.udid, ...fields } });
        expectError(reply, 422, says, 'INVALID');
        expect(reply.json.details.field).toBe(field);
      }
      expect((await ask(ctx, 'GET', `${COMMANDS}/${device!.udid}`)).json).toEqual([]);
    },
  },
  {
    id: 'NB-008',
    protects: 'devices: nobody sends without a token, nor with a viewer’s',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const json = { udid: device!.udid, request_type: 'ProfileList' };
      expectError(await ask(ctx, 'POST', COMMANDS, { json, authorization: null }), 401);
      const viewer = basic(await ctx.token(Role.VIEWER));
      expectError(await ask(ctx, 'POST', COMMANDS, { json, authorization: viewer }), 403, 'commands.write');
      expect((await ask(ctx, 'GET', `${COMMANDS}/${device!.udid}`, { authorization: viewer })).json).toEqual(
        [],
      );
    },
  },
  {
    id: 'NB-009',
    protects: 'devices: what erases or locks one needs the scope for it, whatever the role',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const json = { udid: device!.udid, request_type: 'EraseDevice', pin: '123456' };
      const authorization = basic(await ctx.token(Role.ADMIN));
      expectError(await ask(ctx, 'POST', COMMANDS, { json, authorization }), 403, 'DESTRUCTIVE', 'FORBIDDEN');
      expect((await ask(ctx, 'GET', `${COMMANDS}/${device!.udid}`)).json).toEqual([]);
      expectStatus(await ask(ctx, 'POST', COMMANDS, { json }), 201);
    },
  },
];
