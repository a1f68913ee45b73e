import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApnsClient } from '../../src/apple/apns/index.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { clientOf, notification, notifications, startFake, TOPIC } from './setup.js';

let fake: FakeApns;
let client: ApnsClient;

beforeEach(async () => {
  fake = await startFake();
  client = clientOf(fake.url);
});

afterEach(async () => {
  await client.close();
  await fake.close();
});

describe('a push', () => {
  it('is exactly what Apple documents for MDM', async () => {
    const n = notification({
      token: 'ab01',
      pushMagic: 'quote " and ü',
      expiration: new Date(1_900_000_000_999),
    });
    expect(await client.send(n)).toEqual({ status: 200, apnsId: n.apnsId });
    const [push] = fake.received;
    expect(push?.body).toBe('{"mdm":"quote \\" and ü"}');
    expect(push?.headers).toEqual({
      ':method': 'POST',
      ':path': '/3/device/ab01',
      ':scheme': 'https',
      ':authority': new URL(fake.url).host,
      'apns-topic': TOPIC,
      'apns-push-type': 'mdm',
      'apns-priority': '10',
      'apns-expiration': '1900000000',
      'apns-id': n.apnsId,
    });
  });

  it.each([2, 64, 200])('goes to a token of %i digits', async (digits) => {
    expect(await client.send(notification({ token: 'a'.repeat(digits) }))).toMatchObject({ status: 200 });
  });

  it('has the topic of the certificate', () => {
    expect(client.topic).toBe(TOPIC);
  });

  it.each([
    ['a token that is not hex', { token: '../3/device/ab' }, /token/],
    ['an upper-case token', { token: 'AB' }, /token/],
    ['an empty token', { token: '' }, /token/],
    ['a topic with a line break', { topic: 'com.apple.mgmt.x\r\nx: y' }, /topic/],
    ['an apns-id that is no UUID', { apnsId: '1' }, /UUID/],
    ['an invalid expiration', { expiration: new Date(Number.NaN) }, /expiration/],
  ])('with %s is not sent', async (_what, wrong, words) => {
    const outcome = await client.send(notification(wrong));
    expect(outcome).toEqual({ status: 0, error: expect.stringMatching(words) });
    expect(fake.received).toEqual([]);
  });

  it('wakes whoever listens to the fake', async () => {
    const n = notification();
    const woken: string[] = [];
    fake.on('push', ({ token, pushMagic }) => woken.push(token, pushMagic));
    await client.send(n);
    fake.unregister(n.token);
    await client.send(n);
    expect(woken).toEqual([n.token, n.pushMagic]);
  });
});

describe('an answer', () => {
  const answered = async (answer: Parameters<FakeApns['answer']>[1]) => {
    fake.answer('*', answer);
    const { apnsId: _id, ...outcome } = await client.send(notification());
    return outcome;
  };

  it('410 says since when the token is invalid', async () => {
    const timestamp = new Date(1_750_000_000_123);
    expect(await answered({ status: 410, reason: 'Unregistered', timestamp })).toEqual({
      status: 410,
      reason: 'Unregistered',
      timestamp,
    });
  });

  it('400 says the reason', async () => {
    expect(await answered({ status: 400, reason: 'BadDeviceToken' })).toEqual({
      status: 400,
      reason: 'BadDeviceToken',
    });
  });

  it('429 says in seconds how long to wait', async () => {
    const headers = { 'retry-after': '17' };
    expect(await answered({ status: 429, reason: 'TooManyRequests', headers })).toEqual({
      status: 429,
      reason: 'TooManyRequests',
      retryAfterMs: 17_000,
    });
  });

  it('429 says with a date how long to wait', async () => {
    const headers = { 'retry-after': new Date(Date.now() + 60_000).toUTCString() };
    const { retryAfterMs } = await answered({ status: 429, headers });
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('has no time to wait when the date is past or the value senseless', async () => {
    const past = { 'retry-after': new Date(0).toUTCString() };
    expect(await answered({ status: 429, headers: past, times: 1 })).toEqual({
      status: 429,
      retryAfterMs: 0,
    });
    expect(await answered({ status: 429, headers: { 'retry-after': 'soon' } })).toEqual({ status: 429 });
  });

  it('503 is handed on at once: to try again is the caller’s decision', async () => {
    expect(await answered({ status: 503, reason: 'ServiceUnavailable' })).toEqual({
      status: 503,
      reason: 'ServiceUnavailable',
    });
    expect(fake.received).toHaveLength(1);
  });

  it('403 is handed on', async () => {
    expect(await answered({ status: 403, reason: 'BadCertificate' })).toMatchObject({ status: 403 });
  });
});

describe('many pushes', () => {
  it('share one connection and stay within the limit of requests in flight', async () => {
    await client.close();
    client = clientOf(fake.url, { maxConcurrent: 20 });
    const outcomes = await Promise.all(notifications(500).map((n) => client.send(n)));
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(500);
    expect(fake.received).toHaveLength(500);
    expect(fake.connections).toBe(1);
    expect(fake.peakStreams).toBeGreaterThan(1);
    expect(fake.peakStreams).toBeLessThanOrEqual(20);
  });

  it('respect the limit of the peer: what waits for a stream is not yet on its own time', async () => {
    await fake.close();
    fake = await startFake({ maxConcurrentStreams: 2 });
    fake.slow(40);
    await client.close();
    client = clientOf(fake.url, { requestTimeoutMs: 400 });
    const outcomes = await Promise.all(notifications(30).map((n) => client.send(n)));
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(fake.peakStreams).toBe(2);
  });

  it('one after the other share a connection too', async () => {
    for (const n of notifications(20)) await client.send(n);
    expect(fake.connections).toBe(1);
  });
});
