import fastify from 'fastify';
import { expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { scepRoutes } from '../../src/scep/routes.js';
import { useMdm } from '../mdm/kit.js';

const isTrustedProxy = (address: string): boolean => address === '127.0.0.1';

const mdm = useMdm('sqlite');

it('an address that sends too many messages is told when to come back; what costs nothing is not counted', async () => {
  const http = fastify({ loggerInstance: createLog('silent') });
  const { authority } = mdm.services;
  await http.register(scepRoutes({ authority, now: Date.now, messagesPerMinute: 3, isTrustedProxy }));
  const send = () => http.inject({ method: 'POST', url: '/scep?operation=PKIOperation', payload: 'noise' });
  const statuses = [await send(), await send(), await send(), await send()].map(
    ({ statusCode }) => statusCode,
  );
  expect(statuses).toEqual([400, 400, 400, 429]);
  const refused = await send();
  expect(refused.headers['retry-after']).toBe('30');
  expect(refused.body).toMatch(/More than 3 messages a minute/);
  expect((await http.inject('/scep?operation=GetCACaps')).statusCode).toBe(200);
  await http.close();
});

it('behind a trusted proxy each client is counted for itself, and none can name another', async () => {
  const http = fastify({ loggerInstance: createLog('silent') });
  const { authority } = mdm.services;
  await http.register(scepRoutes({ authority, now: Date.now, messagesPerMinute: 1, isTrustedProxy }));
  const send = async (forwarded: string, remoteAddress = '127.0.0.1') => {
    const url = '/scep?operation=PKIOperation';
    const headers = { 'x-forwarded-for': forwarded };
    return (await http.inject({ method: 'POST', url, payload: 'noise', headers, remoteAddress })).statusCode;
  };
  expect([await send('198.51.100.1'), await send('198.51.100.2')]).toEqual([400, 400]);
  expect(await send('192.0.2.99, 198.51.100.1')).toBe(429);
  // Whoever is no proxy may write there what they like.
  expect([await send('203.0.113.1', '192.0.2.7'), await send('203.0.113.2', '192.0.2.7')]).toEqual([
    400, 429,
  ]);
  await http.close();
});
