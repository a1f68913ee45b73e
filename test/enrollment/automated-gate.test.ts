import fastify, { type FastifyInstance } from 'fastify';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineInfo, signAttributes } from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { pageOf, setupRoutes } from '../../src/enroll/setup.js';
import { Outbox } from '../../src/events/index.js';
import { openDeviceEnrollment } from '../../src/wiring/device-enrolment.js';
import { Alerts } from '../../src/services/alerts.js';
import { EnrollmentWriter } from '../../src/services/enrolment-profiles/writer.js';
import { TOPIC } from '../apns/setup.js';
import { useMdm } from '../mdm/kit.js';
import { apple, appleDevice, serve } from './apple.js';

const SERIAL = 'DMPGATE';

describe('A web view with something to do first', () => {
  const mdm = useMdm('sqlite');
  const passed = new Set<string>();
  let http: FastifyInstance;

  beforeAll(async () => {
    const { database, services } = mdm.app;
    const { now } = mdm;
    const { authority, enrollmentProfiles: profiles } = services;
    const server = { publicUrl: () => mdm.app.url, topic: () => TOPIC };
    const writer = new EnrollmentWriter(authority, server, now);
    const alerts = new Alerts(database, new Outbox(() => undefined), now);
    const appleAuthorities = [new X509Certificate(apple.certDer)];
    const house = { database, profiles, writer, alerts, appleAuthorities, authority, skewMs: 0, now };
    const { automated, visits } = openDeviceEnrollment(house);
    http = fastify();
    await http.register(
      setupRoutes({
        automated,
        visits,
        gate: async ({ token, device }) =>
          passed.has(token) ? undefined : { title: `Sign in, ${device.serialNumber}`, paragraphs: [token] },
      }),
    );
    await serve(mdm, { allowedSerialNumbers: [SERIAL] });
  });
  afterAll(() => http.close());

  const press = async (visit: string) =>
    http.inject({ method: 'POST', url: '/enroll/setup/profile', payload: `visit=${visit}` });

  it('shows that instead, and hands nothing out before it is done', async () => {
    const signed = signAttributes(machineInfo(factsBefore({ serialNumber: SERIAL })), appleDevice);
    const headers = { 'x-apple-aspen-deviceinfo': signed.toString('base64') };
    const page = await http.inject({ url: '/enroll/setup', headers });
    expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining(`Sign in, ${SERIAL}`)]);
    expect(page.body).not.toContain('<form');
    const [visit = ''] = /[\w-]{43}/.exec(page.body) ?? [];
    const early = await press(visit);
    expect(early.headers['content-type']).toMatch(/^text\/html/);
    passed.add(visit);
    const done = await press(visit);
    expect([done.statusCode, done.headers['content-type']]).toEqual([
      200,
      'application/x-apple-aspen-config',
    ]);
    expect((await press(visit)).statusCode).toBe(403);
  });

  it('has a page with the button for when it is done', async () => {
    const { profile } = await serve(mdm, { organization: 'Orchard' });
    const device = { udid: 'U', serialNumber: SERIAL };
    expect(pageOf({ token: 't', profile, device })).toMatchObject({
      title: 'Orchard will manage this device',
      form: { action: '/enroll/setup/profile', field: { name: 'visit', value: 't' } },
    });
  });
});
