import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApnsClient, type ApnsClientOptions, type ApnsOutcome } from '../../src/apple/apns/index.js';
import { Wire, type FakeApns } from '../../simulator/apns/index.js';
import { createAuthority, issuePushCertificate, issueServerCertificate } from '../../simulator/pki.js';
import {
  authority,
  certificate,
  clientOf,
  load,
  notification,
  notifications,
  serverCert,
  startFake,
  TOPIC,
} from './setup.js';

let fake: FakeApns;
const clients: ApnsClient[] = [];

beforeEach(async () => {
  fake = await startFake();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await fake.close();
});

function connectTo(url: string, o: Partial<ApnsClientOptions> = {}): ApnsClient {
  const client = clientOf(url, o);
  clients.push(client);
  return client;
}

const failed = (outcomes: ApnsOutcome[]): ApnsOutcome[] => outcomes.filter(({ status }) => status !== 200);

/** Which of the pushes never reached the fake with a 200. */
function missing(sent: { apnsId: string }[]): string[] {
  const got = new Set(fake.received.filter(({ status }) => status === 200).map(({ apnsId }) => apnsId));
  return sent.map(({ apnsId }) => apnsId).filter((id) => !got.has(id));
}

describe('GOAWAY', () => {
  it('every 50 requests during 500 concurrent sends loses and repeats nothing', async () => {
    fake.goAwayAfter(50);
    const client = connectTo(fake.url, { maxConcurrent: 500 });
    const sent = notifications(500);
    const outcomes = await Promise.all(sent.map((n) => client.send(n)));
    expect(failed(outcomes)).toEqual([]);
    expect(missing(sent)).toEqual([]);
    expect(fake.received).toHaveLength(500);
    expect(fake.connections).toBeGreaterThanOrEqual(10);
  });

  it('after every single request gets on all the same', async () => {
    fake.goAwayAfter(1);
    const client = connectTo(fake.url);
    const sent = notifications(20);
    expect(failed(await Promise.all(sent.map((n) => client.send(n))))).toEqual([]);
    expect(fake.received).toHaveLength(20);
  });

  it('lets what is in flight below the last stream be answered on the old connection', async () => {
    fake.goAwayAfter(3);
    fake.slow(100);
    const client = connectTo(fake.url);
    expect(failed(await Promise.all(notifications(4).map((n) => client.send(n))))).toEqual([]);
    expect(fake.received.map(({ connection }) => connection)).toEqual([1, 1, 1, 2]);
  });

  it('with an error code loses nothing either', async () => {
    const ENHANCE_YOUR_CALM = 11;
    fake.goAwayAfter(50, { code: ENHANCE_YOUR_CALM, times: 3 });
    const client = connectTo(fake.url);
    const sent = notifications(150);
    expect(failed(await Promise.all(sent.map((n) => client.send(n))))).toEqual([]);
    expect(missing(sent)).toEqual([]);
  });
});

describe('a server that goes away', () => {
  it('and comes back in the middle of 300 sends loses none', async () => {
    const client = connectTo(fake.url);
    const port = Number(new URL(fake.url).port);
    const sent = notifications(300);
    let pushes = 0;
    const half = new Promise<void>((resolve) => fake.on('push', () => ++pushes === 150 && resolve()));
    const outcomes = Promise.all(sent.map((n) => client.send(n)));
    await half;
    const before = fake;
    await before.close();
    fake = await startFake({ port });
    expect(failed(await outcomes)).toEqual([]);
    fake.received.push(...before.received);
    expect(missing(sent)).toEqual([]);
  });

  it('is reported after a few tries when it stays away', async () => {
    await fake.close();
    const client = connectTo(fake.url);
    const outcomes = await Promise.all(notifications(3).map((n) => client.send(n)));
    const refused = { status: 0, error: `connection refused (${fake.url})` };
    expect(outcomes).toEqual([refused, refused, refused]);
  });

  it('is found again by the next send', async () => {
    const client = connectTo(fake.url);
    await client.send(notification());
    await fake.refuseConnections(true);
    expect((await client.send(notification())).status).toBe(0);
    await fake.refuseConnections(false);
    expect((await client.send(notification())).status).toBe(200);
  });

  it('by a TCP reset does not lose what was in flight', async () => {
    fake.answer('*', { status: 200, delayMs: 60_000, times: 1 });
    const client = connectTo(fake.url);
    const [slow, quick] = [notification(), notification()];
    const waiting = client.send(slow);
    await client.send(quick);
    fake.reset();
    expect((await waiting).status).toBe(200);
    expect(missing([slow, quick])).toEqual([]);
  });
});

describe('silence', () => {
  it('of one request ends it, and not the others', async () => {
    const client = connectTo(fake.url, { requestTimeoutMs: 150 });
    const n = notification();
    fake.answer(n.token, { status: 200, delayMs: 60_000 });
    const slow = client.send(n);
    expect(failed(await Promise.all(notifications(10).map((other) => client.send(other))))).toEqual([]);
    expect(await slow).toEqual({ status: 0, error: 'timeout' });
    expect((await client.send(notification())).status).toBe(200);
    expect(fake.connections).toBe(1);
  });

  it('of a server that answers nothing ends every request', async () => {
    fake.hang();
    const client = connectTo(fake.url, { requestTimeoutMs: 100, maxConcurrent: 2 });
    const outcomes = await Promise.all(notifications(3).map((n) => client.send(n)));
    const timeout = { status: 0, error: 'timeout' };
    expect(outcomes).toEqual([timeout, timeout, timeout]);
  });

  it('of the wire is found by ping, and the request goes over a new connection', async () => {
    const wire = await Wire.to(Number(new URL(fake.url).port));
    const client = connectTo(`https://127.0.0.1:${wire.port}`, { pingIntervalMs: 50 });
    await client.send(notification());
    wire.freeze();
    const n = notification();
    expect((await client.send(n)).status).toBe(200);
    expect(missing([n])).toEqual([]);
    expect(fake.connections).toBe(2);
    await wire.close();
  });

  it('of a retired connection is not held against the request', async () => {
    const client = connectTo(fake.url, { requestTimeoutMs: 150 });
    fake.goAwayAfter(2, { times: 1 });
    const n = notification();
    fake.answer(n.token, { status: 200, delayMs: 60_000, times: 1 });
    const outcomes = await Promise.all([client.send(n), client.send(notification())]);
    expect(failed(outcomes)).toEqual([]);
    expect(
      fake.received.find(({ apnsId, status }) => apnsId === n.apnsId && status === 200)?.connection,
    ).toBe(2);
  });

  it('while connecting ends after the time for that', async () => {
    const mute = createServer(() => {});
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const client = connectTo(`https://127.0.0.1:${port}`, { connectTimeoutMs: 30 });
    const { status, error } = await client.send(notification());
    expect({ status, error }).toEqual({
      status: 0,
      error: `connecting timed out (https://127.0.0.1:${port})`,
    });
    mute.close();
  });
});

describe('TLS', () => {
  it('refuses a server whose certificate another authority signed, at once and in words', async () => {
    const client = new ApnsClient({
      url: fake.url,
      certificate,
      ca: createAuthority('Other', { keyType: 'ec' }).certPem,
    });
    clients.push(client);
    const { status, error } = await client.send(notification());
    expect(status).toBe(0);
    expect(error).toContain(`the certificate of ${fake.url} is not trusted`);
    expect(fake.received).toEqual([]);
  });

  it('refuses it with the system’s authorities too', async () => {
    const client = new ApnsClient({ url: fake.url, certificate });
    clients.push(client);
    expect((await client.send(notification())).error).toContain('is not trusted');
  });

  it('is mutual: a push certificate of another authority gets nowhere', async () => {
    const other = issuePushCertificate(createAuthority('Other', { keyType: 'ec' }), TOPIC, { keyType: 'ec' });
    const client = connectTo(fake.url, { certificate: load(other) });
    expect(await client.send(notification())).toEqual({
      status: 0,
      error: expect.stringContaining(fake.url),
    });
    expect(fake.received).toEqual([]);
  });

  it('that refuses the push certificate by an alert is reported at once and in words', async () => {
    const rsa = issueServerCertificate(authority, { keyType: 'rsa' });
    // A server that wants RSA gets nothing from a client that has P-256, and says so the way Apple does.
    const picky = createTlsServer({
      cert: rsa.certPem,
      key: rsa.keyPem,
      requestCert: true,
      sigalgs: 'rsa_pss_rsae_sha256',
      ALPNProtocols: ['h2'],
    });
    picky.on('tlsClientError', () => {});
    picky.listen(0, '127.0.0.1');
    await once(picky, 'listening');
    const url = `https://127.0.0.1:${(picky.address() as AddressInfo).port}`;
    const client = connectTo(url);
    expect(await client.send(notification())).toEqual({
      status: 0,
      error: `${url} refused the push certificate (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)`,
    });
    picky.close();
  });

  it('without HTTP/2 is refused in words', async () => {
    const old = createTlsServer({ cert: serverCert.certPem, key: serverCert.keyPem }, (socket) => {
      socket.on('error', () => {});
    });
    old.listen(0, '127.0.0.1');
    await once(old, 'listening');
    const url = `https://127.0.0.1:${(old.address() as AddressInfo).port}`;
    const client = connectTo(url);
    expect(await client.send(notification())).toEqual({ status: 0, error: `${url} does not speak HTTP/2` });
    await client.close();
    old.close();
  });

  it.each(['http://127.0.0.1:80', 'https://127.0.0.1/path', 'api.push.apple.com', ''])(
    'is the only way: “%s” is no address',
    (url) => {
      expect(() => new ApnsClient({ url, certificate, ca: authority.certPem })).toThrow(
        /not an APNs address/,
      );
    },
  );
});
