import { assert, asyncProperty, constantFrom, jsonValue, tuple } from 'fast-check';
import { expect } from 'vitest';
import { VERSION } from '../../src/version.js';
import { expectError } from '../management-v1/checks/check.js';
import { ask, type Check } from './kit.js';

export const AROUND: readonly Check[] = [
  {
    id: 'NB-040',
    protects: 'whoever looks after the server: its version, without a token',
    run: async (ctx) => {
      const reply = await ask(ctx, 'GET', '/_version', { authorization: null });
      expect(reply).toMatchObject({ status: 200, json: { version: VERSION } });
    },
  },
  {
    id: 'NB-041',
    protects:
      'clients: a wrong method is 405 with what can be used, a wrong address 404; both only with a token',
    run: async (ctx) => {
      for (const [method, path, allow] of [
        ['GET', '/mdm/commands', 'POST'],
        ['POST', '/mdm/commands/x', 'GET, HEAD'],
        ['DELETE', '/mdm/commands/x/next', 'GET, HEAD'],
        ['GET', '/mdm/commands/x/y', 'DELETE'],
      ] as const) {
        const reply = await ask(ctx, method, path);
        expectError(reply, 405, method, 'METHOD_NOT_ALLOWED');
        expect(reply.headers.get('allow')).toBe(allow);
        expectError(await ask(ctx, method, path, { authorization: null }), 401);
      }
      expectError(await ask(ctx, 'GET', '/mdm/commands/x/y/z'), 404, '/mdm/commands/x/y/z');
      expectError(await ask(ctx, 'GET', '/mdm/commands/x/y/z', { authorization: null }), 401);
    },
  },
  {
    id: 'NB-042',
    protects: 'devices: their doors beside the queue keep their own rules: no token, never 401 or 403',
    run: async (ctx) => {
      for (const path of ['/mdm/checkin', '/mdm/connect']) {
        for (const authorization of [null, undefined]) {
          const reply = await ask(ctx, 'PUT', path, {
            authorization,
            raw: '<plist/>',
            type: 'application/xml',
          });
          expect({ path, status: reply.status }).toEqual({ path, status: 400 });
          expect(reply.text).toContain('Mdm-Signature');
        }
        const wrong = await ask(ctx, 'GET', path, { authorization: null });
        expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'PUT, POST']);
      }
    },
  },
  {
    id: 'NB-043',
    protects: 'the server: what is not JSON is 415, what is too large 413, as in the management API',
    run: async (ctx) => {
      const form = { raw: 'udid=x', type: 'application/x-www-form-urlencoded' };
      expectError(await ask(ctx, 'POST', '/mdm/commands', form), 415, 'Content-Type: application/json');
      const raw = `{"payload":"${'A'.repeat(12 * 1024 * 1024)}"}`;
      expectError(await ask(ctx, 'POST', '/mdm/commands', { raw }), 413);
    },
  },
  {
    id: 'NB-044',
    protects:
      'the server: whatever is sent as a command, the answer is no fault of ours and shows no code of ours',
    run: async (ctx) => {
      const [device] = await ctx.stored(1);
      const types = ['DeviceInformation', 'Settings', 'InstallApplication', 'ScheduleOSUpdate', 'Nonsense'];
      const keys = ['queries', 'settings', 'options', 'updates', 'configuration', '__proto__', 'constructor'];
      const body = tuple(constantFrom(...types), constantFrom(...keys), jsonValue());
      const property = asyncProperty(body, async ([requestType, key, value]) => {
        const raw = `{"udid":"${device!.udid}","request_type":"${requestType}","${key}":${JSON.stringify(value)}}`;
        const reply = await ask(ctx, 'POST', '/mdm/commands', { raw });
        expect([201, 400, 422]).toContain(reply.status);
        expect(reply.text).not.toMatch(/\.(ts|js):\d/);
      });
      await assert(property, { numRuns: 100 });
      for (const udid of ['%00', '%2e%2e%2f', '%F0%9F%8D%8E', "'%20OR%201=1", 'x'.repeat(512)])
        expectError(await ask(ctx, 'GET', `/mdm/commands/${udid}`), 404);
    },
  },
];
