import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DepClient, DepError, readServerToken, ServerTokenError, sign } from '../../src/apple/dep/index.js';
import { makeEnvelope } from '../../simulator/scep/envelope.js';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { keyPair, tokenOf } from './kit.js';

const own = keyPair();
let fake: FakeDep, server: DepServer, at: number;

beforeEach(async () => {
  at = Date.now();
  fake = await FakeDep.start({ now: () => at });
  server = fake.addServer('Pomona');
});
afterEach(() => fake.close());

function client(more: Partial<ConstructorParameters<typeof DepClient>[0]> = {}): DepClient {
  return new DepClient({
    baseUrl: fake.url,
    token: tokenOf(fake, server, own),
    userAgent: 'Pomona/test',
    protocolVersion: 10,
    now: () => at,
    ...more,
  });
}

async function failureOf(work: Promise<unknown>): Promise<DepError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DepError);
  return error as DepError;
}

const sessions = (): number => fake.requests.filter(({ path }) => path === '/session').length;

describe('a server token', () => {
  it.each(['des3', 'aes128', 'aes256'] as const)('is read from S/MIME, %s', (cipher) => {
    const json = JSON.stringify({
      consumer_key: 'CK_1',
      consumer_secret: 'CS_1',
      access_token: 'AT_1',
      access_secret: 'AS_1',
      access_token_expiry: '2027-01-02T03:04:05Z',
    });
    const mime = `Content-Type: text/plain\r\n\r\n-----BEGIN MESSAGE-----\n${json}\n-----END MESSAGE-----\n`;
    const der = makeEnvelope(Buffer.from(mime), own.certificate, cipher);
    const pem = `-----BEGIN PKCS7-----\n${der.toString('base64')}\n-----END PKCS7-----\n`;
    const smime = `Content-Type: application/pkcs7-mime\r\n\r\n${der.toString('base64')}\r\n`;
    for (const file of [der, Buffer.from(pem), Buffer.from(smime)])
      expect(readServerToken(file, own)).toEqual({
        consumerKey: 'CK_1',
        consumerSecret: 'CS_1',
        accessToken: 'AT_1',
        accessSecret: 'AS_1',
        accessTokenExpiry: new Date('2027-01-02T03:04:05Z'),
      });
  });

  it.each([
    ['nothing', Buffer.alloc(0), /0 bytes/],
    ['a certificate', Buffer.from(own.certificate.toString()), /no server token/],
    ['a web page', Buffer.from('<!doctype html>\n\n<p>Sign in</p>'), /no server token/],
    ['noise', Buffer.from('30820400', 'hex'), /not made for this account/],
    ['too much', Buffer.alloc(300_000, 0x30), /300000 bytes/],
  ])('is not %s', (_what, file, words) => {
    expect(() => readServerToken(file, own)).toThrow(ServerTokenError);
    expect(() => readServerToken(file, own)).toThrow(words);
  });

  it('is not that of another account', () => {
    const file = fake.token(server, keyPair().certificate.toString());
    expect(() => readServerToken(file, own)).toThrow(/not made for this account's certificate/);
  });

  it('is not one that lacks a secret', () => {
    const file = makeEnvelope(Buffer.from('{"consumer_key": "CK"}'), own.certificate, 'aes256');
    expect(() => readServerToken(file, own)).toThrow(/does not hold what it should/);
  });
});

/** The value was computed apart, by another implementation. */
it('signs as RFC 5849 says', () => {
  const token = {
    consumerKey: 'CK 1',
    consumerSecret: "C'S(1)*!",
    accessToken: 'AT',
    accessSecret: 'AS&',
    accessTokenExpiry: new Date(0),
  };
  const fields = { b: 'x y', a: '&=', c: "'" };
  expect(sign(new URL('https://example.org/session'), fields, token)).toBe('2OD5cnntNQH1vcEjMSelhz1GVzA=');
});

describe('a session', () => {
  it('is opened once, used with its rotations, and serves requests that come together one after another', async () => {
    const dep = client();
    expect((await dep.account()).orgName).toBe('Example Organisation');
    expect((await dep.account()).serverUuid).toBe(server.serverUuid);
    expect(sessions()).toBe(1);
  });

  it('is renewed once when it was forgotten', async () => {
    const dep = client();
    await dep.account();
    fake.forgetSessions();
    await dep.account();
    expect(sessions()).toBe(2);
  });

  it('is renewed once when Apple says FORBIDDEN, in quotes or not', async () => {
    const dep = client();
    await dep.account();
    for (const body of ['FORBIDDEN', '"FORBIDDEN"']) {
      fake.mishap({ path: '/account', status: 403, body });
      expect((await dep.account()).orgName).toBe('Example Organisation');
    }
    expect(sessions()).toBe(3);
  });

  it('is not renewed for ever', async () => {
    const dep = client();
    fake.mishap({ path: '/account', status: 401, body: 'UNAUTHORIZED', times: 100 });
    expect((await failureOf(dep.account())).failure).toBe('UNAUTHORIZED');
    expect(fake.requests).toHaveLength(4);
  });

  it.each([
    ['a clock that is off', { now: () => Date.now() + 3_600_000 }, 'UNAUTHORIZED'],
    ['no user agent', { userAgent: '' }, 'REFUSED'],
  ])('is refused to %s', async (_what, more, failure) => {
    expect((await failureOf(client(more).account())).failure).toBe(failure);
  });

  it('is not asked for with a token that has expired', async () => {
    const dep = client({ token: tokenOf(fake, server, own, 1) });
    at += 2 * 24 * 60 * 60_000;
    expect((await failureOf(dep.account())).failure).toBe('TOKEN_EXPIRED');
    expect(fake.requests).toHaveLength(0);
  });

  it('ends when the portal made a newer token', async () => {
    const dep = client();
    fake.token(server, own.certificate.toString());
    expect((await failureOf(dep.account())).failure).toBe('UNAUTHORIZED');
  });
});

describe('a refusal', () => {
  it.each([
    [403, 'T_C_NOT_SIGNED', 'TERMS_NOT_SIGNED'],
    [403, '"T_C_NOT_SIGNED"', 'TERMS_NOT_SIGNED'],
    [403, 'ACCESS_DENIED', 'ACCESS_DENIED'],
    [403, 'oauth_problem_adm=token_expired', 'TOKEN_EXPIRED'],
    [400, '"EXPIRED_CURSOR"', 'EXPIRED_CURSOR'],
    [400, 'INVALID_CURSOR', 'INVALID_CURSOR'],
    [400, 'EXHAUSTED_CURSOR', 'EXHAUSTED_CURSOR'],
    [400, 'CURSOR_REQUIRED', 'CURSOR_REQUIRED'],
    [429, 'TOO_MANY_REQUESTS', 'THROTTLED'],
    [500, 'INTERNAL', 'UNAVAILABLE'],
    [503, '', 'UNAVAILABLE'],
    [400, 'USER_AGENT_INVALID', 'REFUSED'],
    [418, 'teapot', 'REFUSED'],
    [200, '<html>', 'UNREADABLE'],
    [200, '{"cursor": 5}', 'UNREADABLE'],
  ])('of %i %s is %s, told at once', async (status, body, failure) => {
    const dep = client();
    await dep.account();
    fake.mishap({ path: '/server/devices', status, body });
    const before = fake.requests.length;
    expect((await failureOf(dep.fetchDevices(undefined))).failure).toBe(failure);
    expect(fake.requests).toHaveLength(before + 1);
  });

  it.each([
    ['seconds', () => '7', 7_000],
    ['a date', () => new Date(Date.now() + 60_000).toUTCString(), 60_000],
  ])('with Retry-After in %s says when to come again', async (_what, valueNow, ms) => {
    const dep = client();
    await dep.account();
    fake.mishap({ path: '/account', status: 503, headers: { 'retry-after': valueNow() } });
    const { retryAfterMs = 0 } = await failureOf(dep.account());
    expect(Math.abs(retryAfterMs - ms)).toBeLessThan(2_000);
  });

  it.each([
    ['a connection that is lost before', { reset: true }],
    ['a connection that is lost in the middle of the answer', { cut: true }],
  ])('is what %s comes to', async (_what, mishap) => {
    const dep = client();
    await dep.account();
    fake.mishap({ path: '/account', ...mishap });
    const error = await failureOf(dep.account());
    expect(error.failure).toBe('UNAVAILABLE');
    expect(error.message).toMatch(/cannot be reached/);
  });

  it('is what a service that hangs comes to', async () => {
    const dep = client({ timeoutMs: 100 });
    fake.mishap({ path: '/session', delayMs: 400 });
    expect((await failureOf(dep.account())).failure).toBe('UNAVAILABLE');
  });
});

describe('devices', () => {
  it('are fetched page by page, then synced from there', async () => {
    const dep = client();
    for (let n = 0; n < 25; n += 1) server.devices.add(`SERIAL${n}`, { asset_tag: `tag ${n}` });
    const first = await dep.fetchDevices(undefined, 10);
    const second = await dep.fetchDevices(first.cursor, 10);
    const third = await dep.fetchDevices(second.cursor, 10);
    expect([first, second, third].map(({ devices }) => devices.length)).toEqual([10, 10, 5]);
    expect([first, second, third].map(({ moreToFollow }) => moreToFollow)).toEqual([true, true, false]);
    expect(first.devices[0]).toMatchObject({ serialNumber: 'SERIAL0', assetTag: 'tag 0', opType: null });
    expect((await failureOf(dep.fetchDevices(third.cursor))).failure).toBe('EXHAUSTED_CURSOR');
    server.devices.remove('SERIAL3');
    const synced = await dep.syncDevices(third.cursor);
    expect(synced.devices).toMatchObject([{ serialNumber: 'SERIAL3', opType: 'deleted' }]);
    expect(synced.devices[0]?.opDate).toBeInstanceOf(Date);
  });

  it('have details, also those that are not ours', async () => {
    server.devices.add('MINE');
    const details = await client().deviceDetails(['MINE', 'OTHER']);
    expect(details['MINE']?.responseStatus).toBe('SUCCESS');
    expect(details['OTHER']?.responseStatus).toBe('NOT_FOUND');
  });
});

describe('profiles', () => {
  const profile = {
    profileName: 'Phones',
    url: 'https://mdm.example.org/mdm/enroll/dep',
    isSupervised: true,
    isMdmRemovable: false,
    awaitDeviceConfigured: true,
    skipSetupItems: ['AppleID', 'Siri'],
    department: 'IT',
  };

  it('are defined, read back, assigned, unassigned', async () => {
    const dep = client();
    const uuid = await dep.defineProfile(profile);
    expect(await dep.profile(uuid)).toEqual({ uuid, fields: profile });
    server.devices.add('A');
    server.devices.add('B');
    server.outcome('B', 'THROTTLED');
    expect(await dep.assignProfile(uuid, ['A', 'B', 'C'])).toEqual({
      outcomes: { A: 'SUCCESS', B: 'THROTTLED', C: 'NOT_ACCESSIBLE' },
      retryAfterMs: 1_000,
    });
    expect(server.devices.get('A')).toMatchObject({ profile_uuid: uuid, profile_status: 'assigned' });
    expect(await dep.unassignProfile(['A', 'C'])).toEqual({ A: 'SUCCESS', C: 'NOT_ACCESSIBLE' });
  });

  it('that Apple refuses are refused in its words', async () => {
    const error = await failureOf(client().defineProfile({ ...profile, isSupervised: false }));
    expect(error.message).toContain('FLAGS_INVALID');
  });
});

it('disowns and locks', async () => {
  const dep = client();
  server.devices.add('A');
  expect(await dep.lockActivation('A', 'Lost')).toBe('SUCCESS');
  expect(server.locked.has('A')).toBe(true);
  expect(await dep.disown(['A'])).toEqual({ A: 'SUCCESS' });
  expect(server.devices.get('A')).toBeUndefined();
});
