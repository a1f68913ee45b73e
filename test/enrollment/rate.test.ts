import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { limitEnrollment } from '../../src/enroll/limit.js';
import { enrollRoutes } from '../../src/enroll/routes.js';
import { createLog } from '../../src/log.js';
import { EnrollmentLinks } from '../../src/services/enrolment-profiles/links.js';
import { useMdm } from '../mdm/kit.js';
import { invite } from './kit.js';

const SCHOOL = 1_000;

describe('Too many requests for enrolment', () => {
  const mdm = useMdm('sqlite');
  let http: FastifyInstance;
  afterEach(() => http.close());

  /** The door with a limit that a test reaches; its links are those of the server. */
  async function door(requestsPerMinute: number): Promise<void> {
    http = fastify({ loggerInstance: createLog('silent') }) as unknown as FastifyInstance;
    limitEnrollment(http, { requestsPerMinute, isTrustedProxy: (address) => address === '10.0.0.1' });
    const writer = { pushConfigured: true, reachableByDevices: true };
    const links = new EnrollmentLinks(mdm.app.database, mdm.services.enrollmentProfiles, writer as never, {
      signInInSetup: false,
    });
    await http.register(enrollRoutes(links));
    http.get('/mdm/enroll/dep', () => 'a route of others');
    http.get('/mdm/connect', () => 'a device');
  }
  const ask = (url: string, remoteAddress = '192.0.2.1', headers = {}) =>
    http.inject({ url, remoteAddress, headers });
  const path = async (): Promise<string> => new URL((await invite(mdm)).link).pathname;

  it('are answered with a page that says when to come back; other addresses are served', async () => {
    await door(3);
    const good = await path();
    for (let times = 0; times < 3; times += 1) expect((await ask(good)).statusCode).toBe(200);
    const refused = await ask(good);
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8']);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.body).toContain(`Try again in ${seconds} second`);
    expect(refused.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await ask(good, '192.0.2.2')).statusCode).toBe(200);
  });

  it('are told to programs in JSON, at whatever is under /mdm/enroll', async () => {
    await door(1);
    await ask('/mdm/enroll/dep');
    const refused = await ask('/mdm/enroll/dep');
    expect([refused.statusCode, refused.json()]).toEqual([
      429,
      { error: expect.stringMatching(/Try again in \d+ s/), code: 'RATE_LIMITED' },
    ]);
  });

  it('a link nobody made costs twenty times what a good one does, also under other spellings of its path', async () => {
    await door(60);
    const good = await path();
    for (const wrong of ['/enroll/x', '/%65nroll/y', '/enroll/z/profile'])
      expect((await ask(wrong)).statusCode).toBe(404);
    expect((await ask(good)).statusCode).toBe(429);
    for (let times = 0; times < 60; times += 1) expect((await ask(good, '192.0.2.3')).statusCode).toBe(200);
  });

  it('a link that has been revoked costs no more than a good one', async () => {
    await door(3);
    const { link, profile } = await invite(mdm);
    await mdm.services.enrollmentProfiles.revoke(profile.uuid);
    const gone = new URL(link).pathname;
    for (let times = 0; times < 3; times += 1) expect((await ask(gone)).statusCode).toBe(410);
    expect((await ask(gone)).statusCode).toBe(429);
  });

  it('are counted by what a trusted proxy forwards, and by the connection when anyone else does', async () => {
    await door(1);
    const good = await path();
    const from = (client: string) => ({ 'x-forwarded-for': client });
    expect((await ask(good, '10.0.0.1', from('192.0.2.8'))).statusCode).toBe(200);
    expect((await ask(good, '10.0.0.1', from('192.0.2.9'))).statusCode).toBe(200);
    expect((await ask(good, '10.0.0.1', from('192.0.2.9'))).statusCode).toBe(429);
    expect((await ask(good, '192.0.2.7', from('192.0.2.20'))).statusCode).toBe(200);
    expect((await ask(good, '192.0.2.7', from('192.0.2.21'))).statusCode).toBe(429);
  });

  it('never keep a device that is enrolled from its commands', async () => {
    await door(1);
    const good = await path();
    await ask(good);
    expect((await ask(good)).statusCode).toBe(429);
    for (let times = 0; times < 5; times += 1) expect((await ask('/mdm/connect')).statusCode).toBe(200);
  });
});

describe('A school behind one address', () => {
  const mdm = useMdm('sqlite');

  it(`enrols ${SCHOOL} devices within a minute: page, profile, and three steps more`, async () => {
    const { link } = await invite(mdm);
    const statuses = new Set<number>();
    const seen = async (url: string): Promise<void> => {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      statuses.add(answer.status);
    };
    const one = async (): Promise<void> => {
      for (const url of [link, link, link, link, `${link}/profile`]) await seen(url);
    };
    const started = performance.now();
    for (let done = 0; done < SCHOOL; done += 50) await Promise.all(Array.from({ length: 50 }, one));
    expect(performance.now() - started).toBeLessThan(60_000);
    expect([...statuses]).toEqual([200]);
  });

  it('and is told to wait after that; a device that is enrolled is not', async () => {
    const { device } = await mdm.enrolled();
    const wrong = `${mdm.app.url}/enroll/nobody`;
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(wrong)).status));
    expect(new Set([...statuses, (await fetch(wrong)).status])).toEqual(new Set([404, 429]));
    expect((await device.idle()).status).toBe(200);
    expect((await device.tokenUpdate()).status).toBe(200);
  });
});
