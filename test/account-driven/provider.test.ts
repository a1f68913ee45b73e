import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeProvider, unsignedToken } from '../../simulator/oidc/index.js';
import { OpenIdProvider, type ProviderOptions } from '../../src/services/sign-in/provider.js';
import { useAccounts, USER } from './kit.js';

const CALLBACK = 'https://mdm.example.org/enroll/account/callback';
const PROOFS = { state: 's'.repeat(43), nonce: 'n'.repeat(43), codeVerifier: 'v'.repeat(43) };
const SECRET = 'a secret: of+ours';
const DISCOVERY = '/.well-known/openid-configuration';

/** A provider, our end of it with a clock of its own, and what that logged. */
async function connected(o: Partial<ProviderOptions> = {}) {
  const fake = await FakeProvider.start({ clientId: 'pomona', clientSecret: SECRET });
  const lines: string[] = [];
  const stream = new Writable({
    write: (line: Buffer, _encoding, done) => (lines.push(line.toString()), done()),
  });
  const clock = { now: Date.now() };
  const options = {
    issuer: fake.issuer,
    clientId: 'pomona',
    clientSecret: SECRET,
    scopes: 'openid email',
    ...o,
  };
  const provider = new OpenIdProvider(options, pino({ level: 'debug' }, stream), () => clock.now);
  const begin = (): Promise<URL> => provider.authorizationUrl(CALLBACK, PROOFS, undefined);
  const callback = async (): Promise<URL> => {
    const answer = await fetch(await begin(), { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  };
  const finish = async (wanted: string[] = []) => provider.claims(await callback(), PROOFS, wanted);
  const timesAsked = (): number => fake.asked.filter((path) => path === DISCOVERY).length;
  return {
    fake,
    provider,
    lines,
    clock,
    begin,
    callback,
    finish,
    timesAsked,
    [Symbol.asyncDispose]: () => fake.close(),
  };
}

describe('The OpenID provider', () => {
  it('is asked about itself once an hour, and once however many people come', async () => {
    await using our = await connected();
    await Promise.all(Array.from({ length: 20 }, our.begin));
    expect(our.timesAsked()).toBe(1);
    our.clock.now += 59 * 60_000;
    await our.begin();
    expect(our.timesAsked()).toBe(1);
    our.clock.now += 60_000;
    await our.begin();
    expect(our.timesAsked()).toBe(2);
  });

  it('that is down is left alone for ten seconds, and is back when it is', async () => {
    await using our = await connected();
    our.fake.misconduct = { down: true };
    for (let people = 20; people > 0; people -= 1)
      await expect(our.begin()).rejects.toMatchObject({
        code: 'UPSTREAM_REFUSED',
        message: /cannot be reached/,
      });
    expect(our.timesAsked()).toBe(1);
    our.fake.misconduct = {};
    await expect(our.begin()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    our.clock.now += 10_000;
    expect((await our.begin()).origin).toBe(our.fake.issuer);
  });

  it('that is down when it is due to be asked again is known from before', async () => {
    await using our = await connected();
    await our.begin();
    our.clock.now += 2 * 60 * 60_000;
    our.fake.misconduct = { down: true };
    for (let people = 3; people > 0; people -= 1) expect((await our.begin()).origin).toBe(our.fake.issuer);
    expect(our.timesAsked()).toBe(2);
  });

  it('that goes down between the redirect and the callback is told as such', async () => {
    await using our = await connected();
    const callback = await our.callback();
    our.fake.misconduct = { down: true };
    await expect(our.provider.claims(callback, PROOFS, [])).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
    our.fake.misconduct = { token: { status: 503, body: {} } };
    await expect(our.finish()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  });

  it('that has another name than the one it was asked for is not believed', async () => {
    await using our = await connected();
    const { port } = new URL(our.fake.issuer);
    await using other = await connected({ issuer: `http://localhost:${port}` });
    await expect(other.begin()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(other.lines.join('')).toContain('cannot be read (POMONA_OIDC_ISSUER)');
  });

  it('is asked for what the ID token has not, and only then', async () => {
    await using our = await connected();
    our.fake.misconduct = { claims: { email: undefined } };
    expect(await our.finish(['email'])).toMatchObject({ sub: 'anna', email: USER });
    expect(our.fake.asked).toContain('/userinfo');
    our.fake.asked.length = 0;
    our.fake.misconduct = {};
    expect(await our.finish(['email'])).toMatchObject({ email: USER });
    expect(our.fake.asked).not.toContain('/userinfo');
  });

  it('says why it failed in the log, and nothing secret is there', async () => {
    await using our = await connected();
    let idToken = '';
    our.fake.misconduct = { idToken: (claims) => (idToken = unsignedToken(claims)) };
    await expect(our.finish()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(idToken).not.toBe('');
    our.fake.misconduct = {
      token: { status: 401, body: { error: 'invalid_client', error_description: SECRET } },
    };
    await expect(our.finish()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const log = our.lines.join('');
    expect(log).toContain('"reason":"invalid_client"');
    for (const secret of [...idToken.split('.').slice(1, 2), SECRET, PROOFS.codeVerifier, PROOFS.state])
      expect(log).not.toContain(secret);
  });
});

describe('A server without what account-driven enrolment needs says so', () => {
  const accounts = useAccounts('sqlite', { APNS_CERT_FILE: '', APNS_KEY_FILE: '' });
  const addresses = (): [string, RequestInit][] => {
    const { url } = accounts.mdm.app;
    return [
      [`${url}/.well-known/com.apple.remotemanagement`, {}],
      [`${url}/mdm/enroll/account/byod`, { method: 'POST' }],
      [`${url}/enroll/account/byod`, { redirect: 'manual' }],
    ];
  };

  it('no enrollment profile is for it: 404', async () => {
    for (const [address, init] of addresses()) {
      const answer = await fetch(address, init);
      expect([answer.status, await answer.text()]).toEqual([
        404,
        expect.stringContaining('(accountDriven: BYOD)'),
      ]);
    }
  });

  it('no push certificate: 409', async () => {
    await accounts.offer('BYOD');
    for (const [address, init] of addresses()) {
      const answer = await fetch(address, init);
      expect([answer.status, await answer.text()]).toEqual([
        409,
        expect.stringContaining('push certificate'),
      ]);
    }
  });
});

describe('A server without an OpenID provider', () => {
  const accounts = useAccounts('sqlite', { OIDC_ISSUER: '', OIDC_CLIENT_ID: '' });

  it('says so, and offers nothing', async () => {
    await accounts.offer('BYOD');
    const { url } = accounts.mdm.app;
    for (const [path, method] of [
      ['/.well-known/com.apple.remotemanagement', 'GET'],
      ['/mdm/enroll/account/byod', 'POST'],
      ['/enroll/account/byod', 'GET'],
      ['/enroll/account/callback', 'GET'],
    ]) {
      const answer = await fetch(`${url}${path}`, { method: method ?? '' });
      expect([answer.status, await answer.text()]).toEqual([
        409,
        expect.stringContaining('POMONA_OIDC_ISSUER'),
      ]);
    }
  });
});

describe('While the provider is down', () => {
  const accounts = useAccounts('sqlite');

  it('the page says so in words, and the next attempt works', async () => {
    await accounts.offer('BYOD');
    accounts.provider.misconduct = { down: true };
    const page = await accounts.flow().openWebView(accounts.signInUrl('BYOD'));
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(page.body).toContain('cannot be reached now');
    expect(page.body).not.toMatch(/at \w+ \(|Error|node_modules|127\.0\.0\.1/);
    accounts.provider.misconduct = {};
    accounts.mdm.advance(10);
    expect(await accounts.token('BYOD')).toMatch(/^[\w-]{43}$/);
  });

  it('a preview of the page begins no sign-in', async () => {
    const answer = await fetch(accounts.signInUrl('BYOD'), { method: 'HEAD', redirect: 'manual' });
    expect(answer.status).toBe(404);
  });
});
