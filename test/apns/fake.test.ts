import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeApns } from '../../simulator/apns/index.js';
import { authority, clientOf, notification, pushIssued, serverCert, startFake, TOPIC } from './setup.js';

/** What Apple documents as refusals, asked for by requests that the client of this project never sends. */
describe('the fake APNs refuses', () => {
  let fake: FakeApns;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    fake = await startFake();
    session = connect(fake.url, { ca: authority.certPem, cert: pushIssued.certPem, key: pushIssued.keyPem });
  });

  afterAll(async () => {
    session.destroy();
    await fake.close();
  });

  afterEach(() => {
    fake.forget();
    fake.removeAllListeners('push');
  });

  const APNS_ID = '5f0c3e1e-6a1c-4c84-9d3b-6f3b9f6c8e11';
  const GOOD: OutgoingHttpHeaders = {
    ':method': 'POST',
    ':path': '/3/device/ab',
    'apns-topic': TOPIC,
    'apns-push-type': 'mdm',
    'apns-priority': '10',
    'apns-expiration': '0',
    'apns-id': APNS_ID,
  };
  const BODY = '{"mdm":"magic"}';

  async function ask(headers: OutgoingHttpHeaders, body = BODY) {
    const stream = session.request({ ...GOOD, ...headers }, { endStream: false });
    const [[answer], said] = await Promise.all([once(stream, 'response'), text(stream.end(body))]);
    return { status: answer[':status'], id: answer['apns-id'], body: said && JSON.parse(said) };
  }

  it.each<[string, number, OutgoingHttpHeaders, string?]>([
    ['MethodNotAllowed', 405, { ':method': 'PUT' }],
    ['BadPath', 404, { ':path': '/2/device/ab' }],
    ['MissingDeviceToken', 400, { ':path': '/3/device/' }],
    ['BadDeviceToken', 400, { ':path': '/3/device/AB' }],
    ['DuplicateHeaders', 400, { 'apns-id': [APNS_ID, APNS_ID] }],
    ['BadMessageId', 400, { 'apns-id': '7' }],
    ['BadExpirationDate', 400, { 'apns-expiration': 'tomorrow' }],
    ['BadPriority', 400, { 'apns-priority': '11' }],
    ['InvalidPushType', 400, { 'apns-push-type': 'alert' }],
    ['InvalidPushType', 400, { 'apns-push-type': undefined }],
    ['MissingTopic', 400, { 'apns-topic': undefined }],
    ['BadTopic', 400, { 'apns-topic': 'com.example.app' }],
    ['TopicDisallowed', 400, { 'apns-topic': 'com.apple.mgmt.External.other' }],
    ['PayloadTooLarge', 413, {}, JSON.stringify({ mdm: 'x'.repeat(4096) })],
    ['PayloadEmpty', 400, {}, ''],
    ['PayloadEmpty', 400, {}, '{}'],
    ['PayloadEmpty', 400, {}, 'mdm'],
    ['PayloadEmpty', 400, {}, '{"mdm":7}'],
    ['PayloadEmpty', 400, {}, '{"mdm":"magic","aps":{}}'],
  ])('%s with %i', async (reason, status, headers, body = BODY) => {
    const woken: unknown[] = [];
    fake.on('push', (push) => woken.push(push));
    expect(await ask(headers, body)).toMatchObject({ status, body: { reason } });
    expect(fake.received.at(-1)).toMatchObject({ status, reason });
    expect(woken).toEqual([]);
  });

  it('a token that was registered for another topic', async () => {
    fake.register('abcd', 'com.apple.mgmt.External.other');
    expect(await ask({ ':path': '/3/device/abcd' })).toMatchObject({
      status: 400,
      body: { reason: 'DeviceTokenNotForTopic' },
    });
  });

  it('a bad request, whatever the script says', async () => {
    fake.answer('*', { status: 200 });
    expect(await ask({ ':path': '/x' })).toMatchObject({ status: 404 });
  });

  it('nothing that is right, and answers with the id it was given, or one of its own', async () => {
    expect(await ask({})).toEqual({ status: 200, id: APNS_ID, body: '' });
    expect((await ask({ 'apns-id': undefined })).id).toMatch(/^[0-9a-f-]{36}$/);
    expect(fake.received.at(-1)).toMatchObject({
      token: 'ab',
      pushMagic: 'magic',
      topic: TOPIC,
      priority: '10',
    });
  });

  it('as often as scripted, a token’s own script first', async () => {
    fake.answer('*', { status: 503, times: 2 });
    fake.answer('ab', { status: 429, times: 1 });
    fake.answer('ab', { status: 500, times: 1 });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await ask({})).status);
    expect(statuses).toEqual([429, 500, 503, 503, 200]);
  });

  it('a client without a certificate, in the TLS handshake', async () => {
    const bare = connectTls({
      host: '127.0.0.1',
      port: Number(new URL(fake.url).port),
      ca: authority.certPem,
    });
    const [error] = await once(bare, 'error');
    expect(error.code).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  });
});

it('without a client authority the fake APNs takes any certificate', async () => {
  const fake = await FakeApns.start({ serverCert });
  const client = clientOf(fake.url);
  expect((await client.send(notification())).status).toBe(200);
  await client.close();
  await fake.close();
});
