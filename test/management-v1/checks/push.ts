import { expect } from 'vitest';
import { EnrollmentKind, EnrollmentStatus } from '../../../src/entities/enums.js';
import type { Reply } from '../kit.js';
import { expectError, expectStatus, NOBODY, type Check } from './check.js';

/** As `expectError`, in the form of this route's own. */
function expectFailure(reply: Reply, status: number, says: RegExp | string, code: string): void {
  expectError(reply, status, says, code);
  expect(reply.json.status).toBe('failure');
}

export const PUSH: readonly Check[] = [
  {
    id: 'MV1-100',
    protects: 'the documented page: a push that APNs took is 200 with the id APNs knows it by',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      const reply = await ctx.call('POST', `/devices/${udid}/push`);
      expectStatus(reply, 200);
      const token = device.state.pushToken?.toString('hex');
      const received = ctx.apns.received.findLast((push) => push.token === token);
      expect(received?.pushMagic).toBe(device.state.pushMagic);
      expect(reply.json).toEqual({ status: 'success', push_notification_id: received?.apnsId });
    },
  },
  {
    id: 'MV1-101',
    protects: 'the documented trap: the uuid in place of the UDID is a 404 that names the UDID',
    run: async (ctx) => {
      const { udid, uuid } = await ctx.enrolled();
      for (const wrong of [uuid, uuid.toUpperCase()]) {
        const reply = await ctx.call('POST', `/devices/${wrong}/push`);
        expectFailure(reply, 404, udid, 'NOT_FOUND');
        expect(reply.json.error).toMatch(/is its uuid/);
        expect(reply.json.details).toEqual({ udid });
      }
    },
  },
  {
    id: 'MV1-102',
    protects: 'the same trap with a device that has no UDID',
    run: async (ctx) => {
      const [stored] = await ctx.stored(1, { udid: null, enrollmentKind: EnrollmentKind.USER_ENROLLMENT });
      expectFailure(await ctx.call('POST', `/devices/${stored!.uuid}/push`), 404, /no UDID/, 'NOT_FOUND');
    },
  },
  {
    id: 'MV1-103',
    protects: 'everyone: an unknown UDID is a 404 that shows it',
    run: async (ctx) => {
      for (const udid of ['00008120-001122334455667E', NOBODY]) {
        expectFailure(await ctx.call('POST', `/devices/${udid}/push`), 404, udid, 'NOT_FOUND');
      }
    },
  },
  {
    id: 'MV1-104',
    protects: 'everyone: a device that is not enrolled is a 409',
    run: async (ctx) => {
      const { udid, device } = await ctx.enrolled();
      await device.checkOut();
      expectFailure(await ctx.call('POST', `/devices/${udid}/push`), 409, /not enrolled/, 'NOT_ENROLLED');
      const [early] = await ctx.stored(1, { enrollmentStatus: EnrollmentStatus.AUTHENTICATED });
      expectFailure(
        await ctx.call('POST', `/devices/${early!.udid}/push`),
        409,
        /not enrolled/,
        'NOT_ENROLLED',
      );
    },
  },
  {
    id: 'MV1-105',
    protects: 'everyone: a device without a usable push token is a 409 that says so',
    run: async (ctx) => {
      const [without] = await ctx.stored(1, {}, { pushToken: null });
      expectFailure(
        await ctx.call('POST', `/devices/${without!.udid}/push`),
        409,
        /no push token/,
        'NOT_ENROLLED',
      );
      const [retired] = await ctx.stored(1, {}, { tokenRetired: true });
      expectFailure(
        await ctx.call('POST', `/devices/${retired!.udid}/push`),
        409,
        /no valid push token/,
        'NOT_ENROLLED',
      );
    },
  },
  {
    id: 'MV1-106',
    protects: 'who set up half: without a push certificate it is a 409 that names the setting',
    run: async (ctx) => {
      const [stored] = await ctx.stored(1, {}, {}, ctx.bare);
      const reply = await ctx.call('POST', `/devices/${stored!.udid}/push`, { server: ctx.bare });
      expectFailure(reply, 409, 'POMONA_APNS_CERT_FILE', 'FEATURE_NOT_AVAILABLE');
    },
  },
  {
    id: 'MV1-107',
    protects: 'everyone: what APNs refused is a 502 with its reason',
    run: async (ctx) => {
      for (const [status, reason] of [
        [400, 'BadDeviceToken'],
        [410, 'Unregistered'],
      ] as const) {
        const { udid, device } = await ctx.enrolled();
        ctx.apns.answer(device.state.pushToken!.toString('hex'), { status, reason });
        const reply = await ctx.call('POST', `/devices/${udid}/push`);
        expectFailure(reply, 502, reason, 'UPSTREAM_REFUSED');
        expect(reply.json.details).toMatchObject({ http_status: status, reason });
      }
    },
  },
  {
    id: 'MV1-108',
    protects: 'clients that send an empty JSON body, or an object, with the push',
    run: async (ctx) => {
      const { udid } = await ctx.enrolled();
      for (const raw of ['', '{}']) {
        expect((await ctx.call('POST', `/devices/${udid}/push`, { raw })).status).toBe(200);
      }
    },
  },
];
