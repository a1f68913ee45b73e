import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DepClient, DepError, type DepDevicePage } from '../../src/apple/dep/index.js';
import { authorization, moment } from '../../src/apple/dep/oauth.js';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { keyPair, tokenOf } from './kit.js';

const own = keyPair();
const DAY = 24 * 60 * 60_000;
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
    token: more.token ?? tokenOf(fake, server, own),
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

/** What is read of a page with these rows. */
function read(devices: unknown, more: object = {}): Promise<DepDevicePage> {
  const page = {
    cursor: 'C1',
    more_to_follow: false,
    fetched_until: '2026-01-01T00:00:00Z',
    devices,
    ...more,
  };
  fake.mishap({ path: '/server/devices', status: 200, body: JSON.stringify(page) });
  return client().fetchDevices(undefined);
}

describe('a page of devices', () => {
  it.each([
    ['2026-03-29T01:59:59+01:00', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T03:00:00+02:00', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T02:30:00.123456Z', '2026-10-25T02:30:00.123Z'],
    ['2026-10-25T02:30:00', '2026-10-25T02:30:00.000Z'],
    ['2026-10-25T02:30:00+0200', '2026-10-25T00:30:00.000Z'],
    ['', null],
    ['yesterday', null],
    ['2026-13-45T99:00:00Z', null],
    [1_790_000_000, null],
    [null, null],
  ])('is read with the date %s', async (date, expected) => {
    const { devices } = await read([{ serial_number: 'A', op_date: date, device_assigned_date: date }]);
    expect(devices[0]?.opDate?.toISOString() ?? null).toBe(expected);
    expect(devices[0]?.assignedAt?.toISOString() ?? null).toBe(expected);
  });

  it('is read although single rows are odd', async () => {
    const { devices } = await read([
      { serial_number: 'ONLY' },
      {
        serial_number: ' lower1 ',
        model: 15,
        color: null,
        profile_status: 'undreamt',
        os: ['x'],
        new_key: {},
      },
      { serial_number: '' },
      { serial_number: '   ' },
      { serial_number: 7 },
      { serial_number: 'A\u0000B' },
      { serial_number: 'X'.repeat(300) },
      { model: 'no serial number' },
      null,
      'A',
      { serial_number: 'LONG', description: 'D'.repeat(1_000_000), asset_tag: 'a\u0007b\u202Ec\n<script>' },
    ]);
    expect(devices.map(({ serialNumber }) => serialNumber.toUpperCase())).toEqual(['ONLY', 'LOWER1', 'LONG']);
    expect(devices[1]).toMatchObject({ model: null, color: null, profileStatus: 'undreamt', os: null });
    expect(devices[2]?.description?.length).toBeLessThanOrEqual(1_024);
    expect(devices[2]?.assetTag).toBe('a b c <script>');
  });

  it.each([
    ['nothing', {}],
    ['an array', []],
    ['no cursor', { more_to_follow: false, devices: [] }],
    ['an empty cursor', { cursor: '', more_to_follow: false, devices: [] }],
    ['a cursor that is a number', { cursor: 5, more_to_follow: false, devices: [] }],
    ['no word whether more follows', { cursor: 'C', devices: [] }],
    ['devices that are no list', { cursor: 'C', more_to_follow: false, devices: { A: {} } }],
    ['rows none of which is a device', { cursor: 'C', more_to_follow: false, devices: [{ serial: 'A' }, 4] }],
    ['a cursor without end', { cursor: 'C'.repeat(5_000), more_to_follow: false, devices: [] }],
  ])('of %s makes no sense, and is not taken for an empty list', async (_what, answer) => {
    fake.mishap({ path: '/server/devices', status: 200, body: JSON.stringify(answer) });
    expect((await failureOf(client().fetchDevices(undefined))).failure).toBe('UNREADABLE');
  });

  it('may leave its list out when nothing is in it', async () => {
    expect((await read(undefined)).devices).toEqual([]);
    expect((await read(null)).devices).toEqual([]);
  });

  it('changes no prototype', async () => {
    fake.mishap({
      path: '/server/devices',
      status: 200,
      body: `{"cursor":"C","more_to_follow":false,"__proto__":{"polluted":1},
              "devices":[{"serial_number":"__proto__","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}`,
    });
    await client().fetchDevices(undefined);
    fake.mishap({
      path: '/profile/devices',
      status: 200,
      body: '{"devices":{"__proto__":"SUCCESS","constructor":"SUCCESS"}}',
    });
    await client().assignProfile('P', ['A']);
    fake.mishap({
      path: '/devices',
      status: 200,
      body: '{"devices":{"__proto__":{"serial_number":"A","polluted":1}}}',
    });
    await client().deviceDetails(['A']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('of more than 16 MB is refused before it fills the memory', async () => {
    fake.mishap({ path: '/server/devices', status: 200, body: `{"cursor":"${'x'.repeat(17_000_000)}"}` });
    const error = await failureOf(client().fetchDevices(undefined));
    expect(error).toMatchObject({ failure: 'UNREADABLE' });
    expect(error.message.length).toBeLessThan(200);
  });
});

describe('the outcomes of an assignment', () => {
  const outcomes = async (devices: unknown, more: object = {}) => {
    fake.mishap({ path: '/profile/devices', status: 200, body: JSON.stringify({ devices, ...more }) });
    return client().assignProfile('P', ['A']);
  };

  it('are read whatever the words and the letters', async () => {
    expect((await outcomes({ a: 'SUCCESS', B: 'success', C: 'LATER', D: 5, E: null })).outcomes).toEqual({
      A: 'SUCCESS',
      B: 'FAILED',
      C: 'FAILED',
      D: 'FAILED',
      E: 'FAILED',
    });
  });

  it.each([
    [90, 90_000],
    [0, 0],
    [-5, undefined],
    ['soon', undefined],
    [null, undefined],
    [1e300, DAY],
    [99_999_999, DAY],
  ])('name a time to try again: %s', async (seconds, ms) => {
    expect((await outcomes({ A: 'THROTTLED' }, { retry_after_seconds: seconds })).retryAfterMs).toBe(ms);
  });

  it('belong to a profile with an id that can be kept', async () => {
    fake.mishap({ path: '/profile', status: 200, body: JSON.stringify({ profile_uuid: 'P'.repeat(500) }) });
    const error = await failureOf(
      client().defineProfile({ profileName: 'P', url: 'https://mdm.example.org' }),
    );
    expect(error.failure).toBe('UNREADABLE');
  });
});

describe('an account', () => {
  it('is read although its words are long and its limits odd', async () => {
    const limits = [5_000, 1.5, 0, -1, 1e12, '7', null];
    const urls = limits.map((maximum, n) => ({ uri: `/u${n}`, limit: { maximum } }));
    fake.mishap({
      path: '/account',
      status: 200,
      body: JSON.stringify({ org_name: 'N'.repeat(1e6), org_id: 7, urls }),
    });
    const account = await client().account();
    expect(account.orgName?.length).toBeLessThan(5_000);
    expect(account.orgId).toBeNull();
    expect(account.limits).toEqual({ '/u0': 5_000, '/u4': 1e12 });
  });
});

describe('a session', () => {
  it('that rotates with each answer serves any number of requests at once', async () => {
    const dep = client();
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => dep.account()));
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(fake.requests.filter(({ path }) => path === '/session')).toHaveLength(1);
    fake.forgetSessions();
    const later = await Promise.allSettled(Array.from({ length: 20 }, () => dep.account()));
    expect(later.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(fake.requests.filter(({ path }) => path === '/session')).toHaveLength(2);
  });

  it.each([0, 1, 2, 3, 4, 5])('that is forgotten before request %i is opened once more', async (when) => {
    for (let n = 0; n < 5; n += 1) server.devices.add(`S${n}`);
    const dep = client();
    const steps: (() => Promise<unknown>)[] = [
      () => dep.account(),
      () => dep.fetchDevices(undefined),
      () => dep.defineProfile({ profileName: 'P', url: 'https://mdm.example.org' }),
      () => dep.assignProfile([...server.profiles.keys()][0] ?? '', ['S0']),
      () => dep.unassignProfile(['S0']),
      () => dep.disown(['S1']),
    ];
    for (const [n, step] of steps.entries()) {
      if (n === when) fake.forgetSessions();
      await step();
    }
    expect(fake.requests.filter(({ path }) => path === '/session').length).toBe(when === 0 ? 1 : 2);
  });

  it.each([
    ['a line break', 'abc\r\nx-evil: 1'],
    ['no ASCII', 'sitzung-ü'],
    ['no end', 's'.repeat(20_000)],
    ['nothing', ''],
  ])('whose token has %s is refused, and is not repeated', async (_what, token) => {
    fake.mishap({ path: '/session', status: 200, body: JSON.stringify({ auth_session_token: token }) });
    const error = await failureOf(client().account());
    expect(error.failure).toBe('UNREADABLE');
    expect(error.message).not.toContain('abc');
  });

  it.each([
    [3_600_000, /60 minutes ahead/],
    [-3_600_000, /60 minutes behind/],
  ])('is refused to a clock that is off by %i ms, and the words say so', async (ms, words) => {
    const error = await failureOf(client({ now: () => at + ms }).account());
    expect(error.failure).toBe('UNAUTHORIZED');
    expect(error.message).toMatch(words);
  });

  it('is refused to a token that was replaced, without a word about the clock', async () => {
    const dep = client();
    fake.token(server, own.certificate.toString());
    const error = await failureOf(dep.account());
    expect(error.message).not.toMatch(/minutes/);
  });
});

describe('what Apple says', () => {
  it('never carries our secrets back into an error', async () => {
    const token = tokenOf(fake, server, own);
    const dep = client({ token });
    await dep.account();
    const echo = `denied: ${token.accessToken} ${token.consumerKey} ${token.accessSecret} ${token.consumerSecret}`;
    fake.mishap({ path: '/account', status: 418, body: `${echo}\u001b[31m\u0000 <b>tea</b>` });
    const error = await failureOf(dep.account());
    for (const secret of [token.accessToken, token.consumerKey, token.accessSecret, token.consumerSecret])
      expect(error.message).not.toContain(secret);
    expect(error.message).toContain('<b>tea</b>');
    // eslint-disable-next-line no-control-regex
    expect(error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('has us wait a day at the most', async () => {
    const dep = client();
    for (const value of ['999999999', new Date(at + 400 * DAY).toUTCString()]) {
      fake.mishap({ path: '/account', status: 503, headers: { 'retry-after': value } });
      expect((await failureOf(dep.account())).retryAfterMs).toBe(DAY);
    }
  });
});

describe('a redirect', () => {
  let other: Server;
  let visits = 0;
  beforeEach(async () => {
    visits = 0;
    other = createServer((_request, response) => {
      visits += 1;
      response.end('{"auth_session_token":"stolen"}');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterEach(() => {
    other.closeAllConnections();
    other.close();
  });

  it.each([301, 302, 303, 307, 308])('of %i is not followed', async (status) => {
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/session`;
    fake.mishap({ path: '/session', status, headers: { location } });
    expect((await failureOf(client().account())).failure).toBe('UNAVAILABLE');
    const dep = client();
    await dep.account();
    fake.mishap({ path: '/account', status, headers: { location } });
    expect((await failureOf(dep.account())).failure).toBe('UNAVAILABLE');
    expect(visits).toBe(0);
  });
});

describe('the header of a request for a session', () => {
  const secret = "a b&c=d%e+f/g~h!i'j(k)l*ü";
  const token = {
    consumerKey: secret,
    consumerSecret: secret,
    accessToken: secret,
    accessSecret: secret,
    accessTokenExpiry: new Date(0),
  };
  /** RFC 5849 section 3.5.1, and nothing else. */
  const STRICT = /^OAuth realm="ADM"(?:, oauth_[a-z_]+="(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*")+$/;

  it('is one that a strict parser takes', () => {
    const header = authorization(new URL('https://example.org/session'), token, moment(1_700_000_000_999));
    expect(header).toMatch(STRICT);
    const names = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    const fields = Object.fromEntries(names) as Record<string, string>;
    expect(names).toHaveLength(7);
    expect(new Set(names.map(([name]) => name)).size).toBe(7);
    expect(fields['oauth_timestamp']).toBe('1700000000');
    expect(decodeURIComponent(fields['oauth_token'] ?? '')).toBe(secret);
    expect(Buffer.from(decodeURIComponent(fields['oauth_signature'] ?? ''), 'base64')).toHaveLength(20);
  });

  it('has another nonce each time, also within a millisecond', () => {
    const nonces = Array.from({ length: 10_000 }, () => moment(1).nonce);
    expect(new Set(nonces).size).toBe(10_000);
    expect(nonces.every((nonce) => /^[0-9a-f]{32}$/.test(nonce))).toBe(true);
  });

  it('is taken from many processes that ask in the same second', async () => {
    const shared = tokenOf(fake, server, own);
    const work = Array.from({ length: 30 }, () => client({ token: shared }).account());
    expect((await Promise.all(work)).every(({ orgName }) => orgName === 'Example Organisation')).toBe(true);
  });
});
