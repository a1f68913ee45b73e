import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Role } from '../../src/entities/enums.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { issuePushCertificate } from '../../simulator/pki.js';
import { authority as apnsAuthority, startFake, TOPIC } from '../apns/setup.js';
import { scrape } from '../metrics/scrape.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer, type Json, type TestServer } from '../support/server.js';
import { trusted } from './kit.js';

const DAY_MS = 24 * 60 * 60_000;

const DOCTOR = '{ server { doctor { healthy checkedAt checks { name status message fix durationMs } } } }';

onBothDatabases('server { doctor }', (name) => {
  let store: Store;
  let server: TestServer;
  let apns: FakeApns;
  beforeAll(async () => {
    store = await freshStore(name);
    apns = await startFake();
    const file = (fileName: string, content: string): string => {
      writeFileSync(join(store.dataDir, fileName), content);
      return join(store.dataDir, fileName);
    };
    const notAfter = new Date(Date.now() + 10.5 * DAY_MS);
    const push = issuePushCertificate(apnsAuthority, TOPIC, { keyType: 'ec', notAfter });
    server = await startServer(store, {
      TLS_CERT_FILE: file('tls.pem', trusted.certPem),
      TLS_KEY_FILE: file('tls.key', trusted.keyPem),
      HOST: 'localhost',
      APNS_URL: apns.url,
      APNS_CA_FILE: file('apns.pem', apnsAuthority.certPem),
      APNS_CERT_FILE: file('push.pem', push.certPem),
      APNS_KEY_FILE: file('push.key', push.keyPem),
    });
  });
  afterAll(async () => {
    await server.stop();
    await apns.close();
    await store.remove();
  });

  it('finds a server well that answers https, and says what is near its end', async () => {
    const { doctor } = (await server.data(DOCTOR)).server;
    const statuses = Object.fromEntries(doctor.checks.map((one: Json) => [one.name, one.status]));
    expect(statuses).toEqual({
      'public-url': 'OK',
      'public-url-reach': 'OK',
      'public-tls': 'OK',
      'device-door': 'OK',
      'large-header': 'OK',
      scep: 'OK',
      subscriptions: 'OK',
      'push-service': 'OK',
      topic: 'OK',
      certificates: 'WARNING',
      'api-tokens': 'OK',
      clock: 'OK',
      database: 'OK',
      'database-settings': 'OK',
      'database-write': 'OK',
      migrations: 'OK',
      'disk-space': 'OK',
      'key-files': 'OK',
      'secret-key': 'OK',
      pushes: 'OK',
      commands: 'OK',
      devices: 'OK',
      dep: 'SKIPPED',
    });
    expect(doctor.healthy).toBe(true);
    for (const check of doctor.checks)
      expect([check.name, check.fix === null]).toEqual([check.name, /^(OK|SKIPPED)$/.test(check.status)]);
    const near = doctor.checks.find((one: Json) => one.name === 'certificates');
    expect(near.message).toContain('ends in 10 days');
    expect(near.fix).toContain('identity.apple.com/pushcert');
  });

  it('sends no push', () => {
    expect(apns.received).toEqual([]);
  });

  it('is asked again within ten seconds and says the same', async () => {
    const [first, second] = [await server.data(DOCTOR), await server.data(DOCTOR)];
    expect(second.server.doctor.checkedAt).toBe(first.server.doctor.checkedAt);
  });

  it('is for those who may read, and costs more than a field', async () => {
    const viewer = await server.app.services.tokens.create({ name: 'A viewer', role: Role.VIEWER });
    const answer = await server.graphql('{ server { doctor { healthy } } }', {}, viewer.token);
    expect(answer.data.server.doctor.healthy).toBe(true);
    const refused = await server.graphql('{ server { doctor { healthy } } }', {}, null);
    expect(refused.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('days left are told in `server` and in the metrics', async () => {
    const soon = new Date(Date.now() + 5 * DAY_MS);
    await server.app.services.tokens.create({ name: 'ends soon', role: Role.VIEWER, expiresAt: soon });
    const { certificates, apiTokensExpiring } = (
      await server.data('{ server { certificates { purpose daysLeft } apiTokensExpiring } }')
    ).server;
    const days = Object.fromEntries(certificates.map((one: Json) => [one.purpose, one.daysLeft]));
    expect(days).toMatchObject({ PUSH: 10, TLS: 364 });
    expect(days.DEVICE_CA).toBeGreaterThan(7_000);
    expect(apiTokensExpiring).toBe(1);
    const samples = await scrape(server);
    const told = [...samples].filter(([key]) => key.startsWith('pomona_certificate_days_left{'));
    expect(told.find(([key]) => key.includes('"PUSH"'))?.[1]).toBe(10);
    expect(told.find(([key]) => key.includes('"TLS"'))?.[1]).toBe(364);
    expect(samples.get('pomona_api_tokens_expiring')).toBe(1);
  });

  it('the end of a certificate is told as an alert, at the start', async () => {
    const query = '{ events(filter: { types: [ALERT] }) { nodes { data } } }';
    await expect
      .poll(async () => (await server.data(query)).events.nodes.map((one: Json) => one.data))
      .toMatchObject([{ alert: 'CERTIFICATE_EXPIRING', purpose: 'PUSH', daysLeft: 10 }]);
  });
});

describe('a server as it starts first', () => {
  it('is healthy, and says what it needs', async () => {
    const store = await freshStore('sqlite');
    const server = await startServer(store);
    const { healthy, checks } = (await server.data(DOCTOR)).server.doctor;
    const notOk = checks.filter(({ status }: Json) => status !== 'OK');
    expect(notOk.map(({ name, status }: Json) => `${name} ${status}`)).toEqual([
      'public-url WARNING',
      'public-tls SKIPPED',
      'push-service WARNING',
      'topic SKIPPED',
      'dep SKIPPED',
    ]);
    expect(healthy).toBe(true);
    await server.stop();
    await store.remove();
  });

  it('is not healthy when its public address is that of another, and APNs is gone', async () => {
    const store = await freshStore('sqlite');
    const other = await freshStore('sqlite');
    const elsewhere = await startServer(other);
    const apns = await startFake();
    const file = (fileName: string, content: string): string => {
      writeFileSync(join(store.dataDir, fileName), content);
      return join(store.dataDir, fileName);
    };
    const push = issuePushCertificate(apnsAuthority, TOPIC, { keyType: 'ec' });
    const server = await startServer(store, {
      PUBLIC_URL: elsewhere.url,
      APNS_URL: apns.url,
      APNS_CERT_FILE: file('push.pem', push.certPem),
      APNS_KEY_FILE: file('push.key', push.keyPem),
    });
    const { healthy, checks } = (await server.data(DOCTOR)).server.doctor;
    const failed = checks.filter(({ status }: Json) => status === 'FAILED');
    expect(failed.map((one: Json) => one.name)).toEqual(['public-url-reach', 'push-service']);
    // Without APNS_CA_FILE the system's authorities decide, which do not know the one of this APNs.
    expect(failed[1].message).toContain('is not trusted');
    expect(healthy).toBe(false);
    for (const one of [server, elsewhere]) await one.stop();
    await apns.close();
    for (const one of [store, other]) await one.remove();
  });
});
