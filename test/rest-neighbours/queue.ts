import { expect } from 'vitest';
import { Role } from '../../src/entities/enums.js';
import { expectEmpty, expectError, expectStatus, NOBODY } from '../management-v1/checks/check.js';
import { basic, type Context } from '../management-v1/kit.js';
import { ADMIN } from '../support/principal.js';
import { ask, send, type Check } from './kit.js';

const uuidsIn = (json: { command_uuid: string }[]): string[] => json.map((one) => one.command_uuid);

async function queueOf(ctx: Context, udid: string): Promise<string[]> {
  return uuidsIn((await ask(ctx, 'GET', `/mdm/commands/${udid}`)).json);
}

export const QUEUE: readonly Check[] = [
  {
    id: 'NB-020',
    protects: 'scripts: the queue is a bare array in the order of delivery, and shows no secrets',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const udid = device!.udid!;
      const first = await send(ctx, udid, { request_type: 'DeviceLock', pin: '123456' });
      const second = await send(ctx, udid, { request_type: 'ProfileList' });
      const { services } = ctx.server.app;
      const request = { requestType: 'CertificateList', priority: 5 };
      const [urgent] = await services.commands.send([device!.uuid], request, ADMIN);
      const reply = await ask(ctx, 'GET', `/mdm/commands/${udid}`);
      expectStatus(reply, 200);
      expect(uuidsIn(reply.json)).toEqual([urgent!.commandUuid, first, second]);
      expect(reply.text).not.toContain('123456');
      expect(reply.json[1]).toEqual({
        command_uuid: first,
        command: { request_type: 'DeviceLock' },
        request_type: 'DeviceLock',
        status: 'queued',
        priority: 0,
        queued_at: expect.stringMatching(/^\d{4}-.*Z$/),
        delivery_count: 0,
        not_now_count: 0,
      });
    },
  },
  {
    id: 'NB-021',
    protects: 'long queues: all of it, however long',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const sent: string[] = [];
      for (let count = 0; count < 205; count += 1) {
        const request = { requestType: 'ProfileList' };
        const [one] = await ctx.server.app.services.commands.send([device!.uuid], request, ADMIN);
        sent.push(one!.commandUuid!);
      }
      expect(await queueOf(ctx, device!.udid!)).toEqual(sent);
    },
  },
  {
    id: 'NB-022',
    protects: 'the curious: the next command is shown whole, and asking neither sends it nor marks it',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const uuid = await send(ctx, udid, { request_type: 'DeviceInformation', queries: ['UDID'] });
      await send(ctx, udid, { request_type: 'ProfileList' });
      for (let time = 0; time < 2; time += 1) {
        const reply = await ask(ctx, 'GET', `/mdm/commands/${udid}/next`);
        expectStatus(reply, 200);
        expect(reply.json).toEqual({
          command_uuid: uuid,
          command: { request_type: 'DeviceInformation', queries: ['UDID'] },
        });
      }
      const [listed] = (await ask(ctx, 'GET', `/mdm/commands/${udid}`)).json;
      expect(listed).toMatchObject({ status: 'queued', delivery_count: 0 });
      expect((await device.connect()).commands[0]!.uuid).toBe(uuid);
    },
  },
  {
    id: 'NB-023',
    protects:
      'the curious: next is what would be handed out, so not what has to wait, and 204 when nothing is',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const path = `/mdm/commands/${device!.udid}/next`;
      expectEmpty(await ask(ctx, 'GET', path), 204);
      const { services } = ctx.server.app;
      const notBefore = new Date(Date.now() + 3_600_000);
      const later = { requestType: 'ProfileList', priority: 9, notBefore };
      await services.commands.send([device!.uuid], later, ADMIN);
      expectEmpty(await ask(ctx, 'GET', path), 204);
      const now = { requestType: 'CertificateList' };
      const [other] = await services.commands.send([device!.uuid], now, ADMIN);
      expect((await ask(ctx, 'GET', path)).json.command_uuid).toBe(other!.commandUuid);
    },
  },
  {
    id: 'NB-024',
    protects:
      'passcodes: what a command holds is shown to a token with the scope for secrets, and to no other',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const uuid = await send(ctx, device!.udid!, { request_type: 'DeviceLock', pin: '654321' });
      for (const role of [Role.VIEWER, Role.OPERATOR, Role.ADMIN]) {
        const authorization = basic(await ctx.token(role));
        const reply = await ask(ctx, 'GET', `/mdm/commands/${device!.udid}/next`, { authorization });
        expect(reply.json).toEqual({ command_uuid: uuid, command: { request_type: 'DeviceLock' } });
      }
      const whole = await ask(ctx, 'GET', `/mdm/commands/${device!.udid}/next`);
      expect(whole.json.command).toEqual({ request_type: 'DeviceLock', pin: '654321' });
    },
  },
  {
    id: 'NB-025',
    protects: 'scripts: a waiting command is taken out of the queue with 204; the others stay',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const kept = await send(ctx, udid, { request_type: 'ProfileList' });
      const uuid = await send(ctx, udid, { request_type: 'CertificateList' });
      expectEmpty(await ask(ctx, 'DELETE', `/mdm/commands/${udid}/${uuid.toUpperCase()}`), 204);
      expect(await queueOf(ctx, udid)).toEqual([kept]);
      expectEmpty(await ask(ctx, 'DELETE', `/mdm/commands/${udid}/${uuid}`), 204);
      expect((await device.connect()).commands.map((one) => one.requestType)).toEqual(['ProfileList']);
    },
  },
  {
    id: 'NB-026',
    protects: 'scripts: what the device answered already is 409; it is not in the queue any more',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const uuid = await send(ctx, udid, { request_type: 'ProfileList' });
      await device.connect();
      const reply = await ask(ctx, 'DELETE', `/mdm/commands/${udid}/${uuid}`);
      expectError(reply, 409, 'finished (ACKNOWLEDGED)', 'CONFLICT');
      expect(await queueOf(ctx, udid)).toEqual([]);
    },
  },
  {
    id: 'NB-027',
    protects: 'other devices: a command is cancelled by the UDID it belongs to, and by no other',
    run: async (ctx) => {
      const [device, other] = await ctx.stored(2);
      const uuid = await send(ctx, device!.udid!, { request_type: 'ProfileList' });
      expectError(await ask(ctx, 'DELETE', `/mdm/commands/${other!.udid}/${uuid}`), 404, uuid);
      expectError(await ask(ctx, 'DELETE', `/mdm/commands/${device!.udid}/${NOBODY}`), 404, NOBODY);
      expectError(await ask(ctx, 'DELETE', `/mdm/commands/${device!.udid}/x`), 400, 'not a UUID');
      const authorization = basic(await ctx.token(Role.VIEWER));
      const path = `/mdm/commands/${device!.udid}/${uuid}`;
      expectError(await ask(ctx, 'DELETE', path, { authorization }), 403);
      expect(await queueOf(ctx, device!.udid!)).toEqual([uuid]);
    },
  },
  {
    id: 'NB-028',
    protects: 'scripts: an unknown UDID is 404 on each address, and a uuid in its place is told',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      for (const [method, rest] of [
        ['GET', ''],
        ['GET', '/next'],
        ['DELETE', `/${NOBODY}`],
      ] as const) {
        expectError(await ask(ctx, method, `/mdm/commands/NOT-A-DEVICE${rest}`), 404, 'NOT-A-DEVICE');
        const mistaken = await ask(ctx, method, `/mdm/commands/${device!.uuid}${rest}`);
        expectError(mistaken, 404, device!.udid!);
        expect(mistaken.json.details).toEqual({ udid: device!.udid });
      }
    },
  },
];
