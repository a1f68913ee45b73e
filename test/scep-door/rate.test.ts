import fastify from 'fastify';
import { expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { scepRoutes } from '../../src/scep/routes.js';
import { useMdm } from '../mdm/kit.js';

const mdm = useMdm('sqlite');

it('an address that sends too many messages is told when to come back; what costs nothing is not counted', async () => {
  const http = fastify({ loggerInstance: createLog('silent') });
  const { authority } = mdm.services;
  await http.register(scepRoutes({ authority, now: Date.now, messagesPerMinute: 3 }));
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
