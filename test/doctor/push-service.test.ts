import { createServer as createTcp } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAuthority, issuePushCertificate } from '../../simulator/pki.js';
import { reachApns } from '../../src/apple/apns/index.js';
import { pushService } from '../../src/services/doctor/checks/push-service.js';
import { authority, certificate, load, startFake, TOPIC } from '../apns/setup.js';
import { listening, look } from './kit.js';

const check = (url: string, o: { certificate?: typeof certificate; ca?: string } = {}) =>
  pushService(() => (signal) => reachApns({ url, certificate, ca: authority.certPem, ...o }, signal));

describe('APNs', () => {
  it('is reached, with the certificate and without a push', async () => {
    const apns = await startFake();
    expect(await look(check(apns.url))).toMatchObject({ status: 'OK' });
    expect(apns.received).toEqual([]);
    await apns.close();
  });

  it('is not asked without a certificate', async () => {
    expect(await look(pushService(() => undefined))).toMatchObject({ status: 'WARNING' });
  });

  it('does not take a certificate of somebody else', async () => {
    const apns = await startFake();
    const strange = createAuthority('Nobody', { keyType: 'ec' });
    const push = load(issuePushCertificate(strange, TOPIC, { keyType: 'ec' }));
    const found = await look(check(apns.url, { certificate: push }));
    expect(found).toMatchObject({
      status: 'FAILED',
      fix: expect.stringContaining('identity.apple.com') as string,
    });
    expect(found.message).toMatch(/refused the push certificate|connection (closed|reset)/);
    await apns.close();
  });

  it('is somebody else', async () => {
    const apns = await startFake();
    const ca = createAuthority('Another', { keyType: 'ec' }).certPem;
    expect((await look(check(apns.url, { ca }))).message).toContain('is not trusted');
    await apns.close();
  });

  it('cannot be reached, or hangs', async () => {
    const closed = createTcp();
    const gone = await listening(closed);
    closed.close();
    expect((await look(check(`https://127.0.0.1:${gone}`))).message).toContain('connection refused');
    const silent = await listening(createTcp());
    expect((await look(check(`https://127.0.0.1:${silent}`), 50)).message).toContain('no answer in time');
  });
});
