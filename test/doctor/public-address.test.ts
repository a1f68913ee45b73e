import { createHash } from 'node:crypto';
import { createServer as createTcp } from 'node:net';
import { createServer as createHttp } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAuthority, issue, issueServerCertificate } from '../../simulator/pki.js';
import { isLoopback } from '../../src/config/index.js';
import { SCEP_CAPABILITIES } from '../../src/apple/scep/index.js';
import type { Check } from '../../src/services/doctor/check.js';
import { clockCheck } from '../../src/services/doctor/checks/clock.js';
import { deviceDoor, largeHeader } from '../../src/services/doctor/checks/device-door.js';
import { publicTls } from '../../src/services/doctor/checks/public-tls.js';
import {
  INSTALLATION_HEADER,
  publicUrlKind,
  publicUrlReach,
} from '../../src/services/doctor/checks/public-url.js';
import { scepDoor } from '../../src/services/doctor/checks/scep.js';
import { subscriptions } from '../../src/services/doctor/checks/subscriptions.js';
import { PublicProbe } from '../../src/services/doctor/probe.js';
import { answering, authority, listening, look, serve, trusted } from './kit.js';

const ID = '0198c0de-0000-7000-8000-000000000001';
const DAY_MS = 24 * 60 * 60_000;
const ours = answering(200, { [INSTALLATION_HEADER]: ID });

describe('the public address', () => {
  const kind = (url: string) => look(publicUrlKind(new PublicProbe(() => url), isLoopback));

  it('has to be https, or on this machine', async () => {
    expect(await kind('https://mdm.example.org')).toMatchObject({ status: 'OK', fix: null });
    expect(await kind('http://mdm.example.org')).toMatchObject({
      status: 'FAILED',
      fix: expect.stringContaining('POMONA_PUBLIC_URL') as string,
    });
    for (const url of ['http://127.0.0.1:8080', 'http://localhost', 'http://[::1]:8080'])
      expect([url, (await kind(url)).status]).toEqual([url, 'WARNING']);
  });

  it('leads to this installation', async () => {
    expect(await look(publicUrlReach(await serve(ours), ID))).toMatchObject({ status: 'OK' });
    expect(await look(publicUrlReach(await serve(ours, trusted), ID))).toMatchObject({ status: 'OK' });
  });

  it('is looked for below the path that it has', async () => {
    const paths: string[] = [];
    const probe = await serve((request, response) => {
      paths.push(request.url ?? '');
      ours(request, response);
    });
    await look(publicUrlReach(new PublicProbe(() => `${probe.url.origin}/apple/`), ID));
    expect(paths).toEqual(['/apple/healthz']);
  });

  it('does not lead to another server, or to another installation', async () => {
    const web = await look(publicUrlReach(await serve(answering(200)), ID));
    expect(web).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('Something else') as string,
    });
    const other = answering(200, { [INSTALLATION_HEADER]: '0198c0de-0000-7000-8000-000000000002' });
    const another = await look(publicUrlReach(await serve(other), ID));
    expect(another).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('Another Pomona') as string,
    });
  });
});

describe('whoever answers before the server', () => {
  const cases: [status: number, headers: Record<string, string>, message: RegExp, fix: RegExp][] = [
    [401, { 'www-authenticate': 'Basic' }, /answered 401 by something before/, /without a login/],
    [403, {}, /answered 403/, /without a login/],
    [
      301,
      { location: 'https://www.example.org/' },
      /redirected to https:\/\/www\.example\.org\//,
      /POMONA_PUBLIC_URL/,
    ],
    [308, {}, /is redirected\. Devices do not follow/, /POMONA_PUBLIC_URL/],
    [404, {}, /answered 404/, /passes the whole path/],
    [431, {}, /finds the request too large/, /large_client_header_buffers/],
    [502, {}, /cannot reach it/, /POMONA_PORT/],
    [503, {}, /cannot reach it/, /POMONA_PORT/],
  ];
  const checks: [name: string, make: (probe: PublicProbe) => Check][] = [
    ['public-url-reach', (probe) => publicUrlReach(probe, ID)],
    ['device-door', deviceDoor],
    ['scep', scepDoor],
    ['large-header', largeHeader],
  ];

  it.each(cases)('is noticed when it says %s', async (status, headers, message, fix) => {
    const probe = await serve(answering(status, headers));
    for (const [name, make] of checks) {
      const found = await look(make(probe));
      expect([name, found.status]).toEqual([name, 'FAILED']);
      expect(found.message).toMatch(message);
      expect(found.fix).toMatch(fix);
    }
  });

  it('is not followed where it redirects to', async () => {
    let visits = 0;
    const inner = await serve((request, response) => {
      visits += 1;
      ours(request, response);
    });
    const outer = await serve(answering(302, { location: inner.url.href }));
    expect((await look(publicUrlReach(outer, ID))).status).toBe('FAILED');
    expect(visits).toBe(0);
  });
});

describe('no answer', () => {
  const reach = (probe: PublicProbe, patienceMs?: number) => look(publicUrlReach(probe, ID), patienceMs);

  it('is told from a wrong one: nobody listens', async () => {
    const closed = createTcp();
    const gone = await listening(closed);
    closed.close();
    const found = await reach(new PublicProbe(() => `http://127.0.0.1:${gone}`));
    expect(found.message).toContain(`nothing listens at 127.0.0.1:${gone}`);
    expect(found.fix).toContain('hairpin');
  });

  it('the name does not resolve', async () => {
    const found = await reach(new PublicProbe(() => 'https://nowhere.invalid'));
    expect(found.message).toMatch(/nowhere\.invalid (does not resolve|could not be looked up)/);
  });

  it('the server hangs', async () => {
    const port = await listening(createTcp(() => undefined));
    for (const scheme of ['http', 'https'])
      expect((await reach(new PublicProbe(() => `${scheme}://127.0.0.1:${port}`), 50)).message).toContain(
        'did not answer in time',
      );
    const tls = await look(publicTls(new PublicProbe(() => `https://127.0.0.1:${port}`), Date.now), 50);
    expect(tls.message).toContain('did not answer in time');
  });

  it('the connection is closed', async () => {
    const port = await listening(createTcp((socket) => void socket.destroy()));
    for (const scheme of ['http', 'https'])
      expect((await reach(new PublicProbe(() => `${scheme}://127.0.0.1:${port}`))).message).toContain(
        'closed the connection',
      );
  });

  it('plain HTTP is spoken where TLS should be', async () => {
    const { port } = (await serve(ours)).url;
    const found = await look(publicTls(new PublicProbe(() => `https://localhost:${port}`), Date.now));
    expect(found).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('plain HTTP') as string,
    });
  });

  it('an answer without end is not read to its end', async () => {
    const probe = await serve((_request, response) => {
      response.writeHead(200, { [INSTALLATION_HEADER]: ID });
      const more = (): void => void (response.destroyed || response.write('x'.repeat(16_384), more));
      more();
    });
    expect((await probe.ask('/healthz', {}, AbortSignal.timeout(5_000))).text).toHaveLength(65_536);
  });
});

describe('the certificate at the public address', () => {
  const judged = async (identity: Parameters<typeof serve>[1], host = 'localhost', now = Date.now()) => {
    const { port } = (await serve(ours, identity)).url;
    return look(publicTls(new PublicProbe(() => `https://${host}:${port}`), () => now));
  };

  it('is good', async () => {
    expect(await judged(trusted)).toMatchObject({
      status: 'OK',
      message: 'The certificate at the public address is trusted, and good for 364 days.',
    });
    expect(await judged(trusted, '127.0.0.1')).toMatchObject({ status: 'OK' });
  });

  it('is not looked at where there is none', async () => {
    expect(await look(publicTls(await serve(ours), Date.now))).toMatchObject({ status: 'SKIPPED' });
  });

  it('ends soon, or has ended', async () => {
    const soon = issueServerCertificate(authority, { notAfter: new Date(Date.now() + 3.5 * DAY_MS) });
    expect(await judged(soon)).toMatchObject({
      status: 'WARNING',
      message: expect.stringContaining('in 3 days') as string,
    });
    const ended = issueServerCertificate(authority, {
      notBefore: new Date(Date.now() - 10 * DAY_MS),
      notAfter: new Date(Date.now() - DAY_MS),
    });
    expect(await judged(ended)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('expired on') as string,
    });
  });

  it('is not valid yet', async () => {
    const early = issueServerCertificate(authority, { notBefore: new Date(Date.now() + DAY_MS) });
    expect((await judged(early)).message).toContain('is not valid before');
  });

  it('is for another name', async () => {
    const other = issueServerCertificate(authority, { dnsNames: ['other.example.org'], ipAddresses: [] });
    for (const host of ['localhost', '127.0.0.1']) {
      const found = await judged(other, host);
      expect(found.status).toBe('FAILED');
      expect(found.message).toContain(`is not for ${host}, but for DNS:other.example.org`);
    }
  });

  it('is self-signed, or of an authority that nobody knows', async () => {
    const own = createAuthority('localhost', { keyType: 'ec', dnsNames: ['localhost'], ca: false });
    expect(await judged(own)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') as string,
    });
    const stranger = issueServerCertificate(createAuthority('Stranger', { keyType: 'ec' }));
    expect((await judged(stranger)).fix).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('comes without its intermediate', async () => {
    const middle = issue(authority, { commonName: 'Middle', keyType: 'ec', ca: true });
    const leaf = issueServerCertificate(middle);
    expect((await judged(leaf)).fix).toContain('fullchain.pem');
    const whole = { ...leaf, certPem: `${leaf.certPem}\n${middle.certPem}` };
    expect(await judged(whole)).toMatchObject({ status: 'OK' });
  });
});

describe('the doors of devices', () => {
  it('answer a check-in that is none with 400', async () => {
    let seen: string | undefined;
    const probe = await serve((request, response) => {
      seen = `${request.method} ${request.url} ${request.headers['content-type']}`;
      answering(400)(request, response);
    });
    expect(await look(deviceDoor(probe))).toMatchObject({ status: 'OK' });
    expect(seen).toBe('PUT /mdm/checkin application/x-apple-aspen-mdm-checkin');
  });

  it('are shut by a proxy that passes no PUT', async () => {
    expect((await look(deviceDoor(await serve(answering(405))))).fix).toContain('PUT');
  });

  it('answer SCEP with what this server can do', async () => {
    const probe = await serve((request, response) => {
      const asked = request.url === '/scep?operation=GetCACaps';
      response.writeHead(asked ? 200 : 404).end(SCEP_CAPABILITIES);
    });
    expect(await look(scepDoor(probe))).toMatchObject({ status: 'OK' });
  });

  it('are given headers of 8,000 characters', async () => {
    let length = 0;
    const probe = await serve((request, response) => {
      length = String(request.headers['mdm-signature']).length;
      ours(request, response);
    });
    expect(await look(largeHeader(probe))).toMatchObject({ status: 'OK' });
    expect(length).toBe(8_000);
  });

  it('are not, through a proxy that takes less', async () => {
    const small = createHttp({ maxHeaderSize: 4_096 }, ours);
    const port = await listening(small);
    const found = await look(largeHeader(new PublicProbe(() => `http://localhost:${port}`)));
    expect(found).toMatchObject({ status: 'FAILED', fix: expect.stringContaining('16') as string });
    const nginx = await look(largeHeader(await serve(answering(400))));
    expect(nginx.message).toContain('8000 characters is refused');
  });
});

describe('subscriptions', () => {
  const upgrading = async (accept: (key: string) => string) => {
    const server = createHttp(answering(400));
    server.on('upgrade', (request, socket) => {
      const key = String(request.headers['sec-websocket-key']);
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept(key)}\r\n\r\n`,
      );
    });
    const port = await listening(server);
    return look(subscriptions(new PublicProbe(() => `http://localhost:${port}`), false));
  };

  it('come through when the handshake does', async () => {
    const proof = (key: string): string =>
      createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    expect(await upgrading(proof)).toMatchObject({ status: 'OK' });
  });

  it('do not when somebody answers who does not understand', async () => {
    expect(await upgrading(() => 'nonsense')).toMatchObject({ status: 'WARNING' });
    const plain = await look(subscriptions(await serve(answering(400)), false));
    expect(plain).toMatchObject({
      status: 'WARNING',
      message: expect.stringContaining('answered 400') as string,
    });
  });

  it('are not looked for where devices alone are answered', async () => {
    const probe = new PublicProbe(() => 'http://nowhere.invalid');
    expect(await look(subscriptions(probe, true))).toMatchObject({ status: 'SKIPPED' });
  });
});

describe('the clock', () => {
  const dated = (at: number) => serve(answering(200, { date: new Date(at).toUTCString() }));
  const compare = async (public_: number, database: number | undefined, now = Date.now()) =>
    look(
      clockCheck(
        await dated(public_),
        async () => database,
        () => now,
      ),
    );

  it('agrees, to a minute', async () => {
    const now = Date.now();
    expect(await compare(now, undefined, now)).toMatchObject({ status: 'OK' });
    expect(await compare(now - 58_000, now + 60_000, now)).toMatchObject({ status: 'OK' });
  });

  it('does not agree', async () => {
    const now = Date.now();
    const ahead = await compare(now + 300_500, undefined, now);
    expect(ahead.status).toBe('FAILED');
    expect(ahead.message).toMatch(/public address is (300|301) seconds ahead of/);
    const behind = await compare(now, now - 61_000, now);
    expect(behind.message).toBe('The clock of the database is 61 seconds behind that of this machine.');
    expect(behind.fix).toContain('NTP');
  });

  it('is compared with the database alone where nobody answers', async () => {
    const nobody = new PublicProbe(() => 'http://127.0.0.1:1');
    const now = Date.now();
    const found = await look(
      clockCheck(
        nobody,
        async () => now,
        () => now,
      ),
    );
    expect(found).toMatchObject({ status: 'OK', message: 'The clock agrees with that of the database.' });
    expect(
      (
        await look(
          clockCheck(
            nobody,
            async () => undefined,
            () => now,
          ),
        )
      ).message,
    ).toContain('no other clock');
  });
});
