import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { deviceCa, foreignCa, issueIdentity, useMdm } from '../mdm/kit.js';
import { PairFiles, request, serverCertificate, webCa, type TlsAnswer } from './kit.js';

const files = new PairFiles(serverCertificate());
afterAll(() => files.remove());

const TYPE = 'application/x-apple-aspen-mdm';
const ASKING = { ...files.options, DEVICE_PORT: '0', DEVICE_CLIENT_CERTS: 'ask' };

const intermediate = issueDeviceIdentity(deviceCa, 'Intermediate', {
  ca: true,
  keyType: 'ec',
  extendedKeyUsage: [],
});
const authorities = join(files.directory, 'authorities.pem');
writeFileSync(authorities, deviceCa.certPem + intermediate.certPem);

/** What OpenSSL's client tells of what the server sends. */
async function handshake(url: string): Promise<string> {
  const { host } = new URL(url);
  const client = spawn('openssl', ['s_client', '-connect', host], { stdio: ['ignore', 'pipe', 'ignore'] });
  return text(client.stdout);
}

describe('A certificate shown in TLS', () => {
  const mdm = useMdm('sqlite', ASKING);
  const proxied = useMdm('sqlite', { ...ASKING, TRUSTED_PROXIES: '127.0.0.1' });
  const knowing = useMdm('sqlite', { ...ASKING, DEVICE_CA_FILE: authorities });
  const notAsking = useMdm('sqlite', { ...ASKING, DEVICE_CLIENT_CERTS: 'off' });

  /** A device that enrolled by its certificate in TLS: nothing it sends is signed. */
  async function enrolled(on = mdm): Promise<SimulatedDevice> {
    const device = on.device({ serverUrl: on.app.deviceUrl });
    expect(await checkIn(device, 'Authenticate', on)).toBe(200);
    expect(await checkIn(device, 'TokenUpdate', on)).toBe(200);
    return device;
  }

  async function checkIn(
    device: SimulatedDevice,
    type: 'Authenticate' | 'TokenUpdate',
    on = mdm,
  ): Promise<number> {
    const more =
      type === 'Authenticate'
        ? { Topic: device.topic, SerialNumber: device.facts.serialNumber }
        : { Topic: device.topic, Token: Buffer.alloc(32, 1), PushMagic: 'magic' };
    const { body } = device.prepareCheckIn(type, more);
    const headers = { 'content-type': `${TYPE}-checkin` };
    return (await send(device.identity, '/mdm/checkin', body, { headers }, on)).status;
  }

  function send(
    { certPem: cert, keyPem: key }: { certPem?: string; keyPem?: string },
    path: string,
    body: Buffer,
    options: https.RequestOptions = {},
    on = mdm,
  ): Promise<TlsAnswer> {
    const headers = { 'content-type': TYPE, ...options.headers };
    return request(on.app.deviceUrl + path, {
      agent: false,
      method: 'PUT',
      cert,
      key,
      ...options,
      headers,
      body,
    });
  }

  const idle = (
    device: SimulatedDevice,
    shown: { certPem?: string; keyPem?: string },
    options: https.RequestOptions = {},
    on = mdm,
  ): Promise<TlsAnswer> => send(shown, '/mdm/connect', device.prepareIdle().body, options, on);

  const inHeader = ({ certDer }: Issued) => ({ 'client-cert': `:${certDer.toString('base64')}:` });

  it('is the identity of a device, as a signature is', async () => {
    const device = await enrolled();
    await mdm.send(await mdm.uuidOf(device), 'SecurityInfo');
    const answer = await idle(device, device.identity);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('SecurityInfo');
  });

  it('is asked for, not insisted on: without one the signature decides, and without either none is let in', async () => {
    const device = await enrolled();
    const { body, headers } = device.prepareIdle();
    const signature = { 'mdm-signature': String(headers['mdm-signature']) };
    expect((await send({}, '/mdm/connect', body, { headers: signature })).status).toBe(200);
    const refused = await send({}, '/mdm/connect', body);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatch(/neither an Mdm-Signature nor a client certificate/);
    expect((await request(`${mdm.app.deviceUrl}/healthz`)).status).toBe(200);
  });

  it.each<[string, (own: Issued) => Issued]>([
    ['of another authority', () => issueIdentity({}, foreignCa)],
    ['of another authority for the same key', ({ key }) => issueIdentity({ key }, foreignCa)],
    ['of the right authority, of no device', () => issueIdentity()],
    ['expired', () => issueIdentity({ notAfter: new Date(Date.now() - 3_600_000) })],
    ['for servers', () => issueIdentity({ extendedKeyUsage: ['serverAuth'] })],
    ['of an authority', () => issueIdentity({ ca: true })],
  ])('%s is refused, and the device stays enrolled', async (_what, another) => {
    const device = await enrolled();
    expect((await idle(device, another(device.identity))).status).toBe(400);
    expect((await idle(device, device.identity)).status).toBe(200);
  });

  it('another device’s is refused', async () => {
    const [device, other] = [await enrolled(), await enrolled()];
    expect((await idle(device, other.identity)).status).toBe(400);
  });

  it('a signature decides, when there is one', async () => {
    const [device, other] = [await enrolled(), await enrolled()];
    const { body, headers } = device.prepareIdle();
    const signature = { 'mdm-signature': String(headers['mdm-signature']) };
    expect((await send(other.identity, '/mdm/connect', body, { headers: signature })).status).toBe(200);
    const altered = Buffer.concat([body, Buffer.from('\n')]);
    expect((await send(device.identity, '/mdm/connect', altered, { headers: signature })).status).toBe(400);
  });

  it('a header from an address that is no trusted proxy is nothing, over TLS too', async () => {
    const [device, other] = [await enrolled(), await enrolled()];
    expect((await idle(device, {}, { headers: inHeader(device.identity) })).status).toBe(400);
    expect((await idle(device, other.identity, { headers: inHeader(device.identity) })).status).toBe(400);
    expect((await idle(device, device.identity, { headers: inHeader(other.identity) })).status).toBe(200);
  });

  it('from a trusted proxy only its header counts: what the proxy shows is its own', async () => {
    const device = proxied.device();
    const { body } = device.prepareCheckIn('Authenticate', { Topic: device.topic });
    const headers = { 'content-type': `${TYPE}-checkin`, ...inHeader(device.identity) };
    const proxy = issueIdentity();
    const accepted = await send(proxy, '/mdm/checkin', body, { headers }, proxied);
    expect(accepted.status).toBe(200);
    expect((await idle(device, device.identity, {}, proxied)).status).toBe(400);
  });

  it('is not asked for unless the option says so', async () => {
    const device = notAsking.device({ serverUrl: notAsking.app.deviceUrl });
    expect(await checkIn(device, 'Authenticate', notAsking)).toBe(400);
  });

  it('is asked for with the names of the authorities, so that no other is chosen; people are not asked', async () => {
    expect(await handshake(mdm.app.deviceUrl)).toMatch(
      /Acceptable client certificate CA names\n(?:.*\n)*CN = Device CA\n/,
    );
    expect(await handshake(notAsking.app.deviceUrl)).toContain('No client certificate CA names sent');
    expect(await handshake(mdm.app.url)).toContain('No client certificate CA names sent');
  });

  it('by an intermediate authority is accepted when that is among the authorities, as in a header', async () => {
    for (const [on, status] of [
      [mdm, 400],
      [knowing, 200],
    ] as const) {
      const identity = issueIdentity({}, intermediate);
      const device = on.device({ identity });
      expect(await checkIn(device, 'Authenticate', on)).toBe(status);
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is still known when a %s session is resumed', async (version) => {
    const [device, other] = [await enrolled(), await enrolled()];
    const options = { minVersion: version, maxVersion: version };
    const opened = await exchange(device, { ...pick(device.identity), ...options });
    expect(opened).toMatchObject({ status: 200, resumed: false });
    // The certificate is not sent again: whose session it is, is whose certificate counts.
    const again = await exchange(device, { ...options, session: opened.session });
    expect(again).toMatchObject({ status: 200, resumed: true });
    const wrong = await exchange(other, { ...options, session: again.session ?? opened.session });
    expect(wrong.status).toBe(400);
  });

  /** One request on a connection of its own, with the session that came of it. */
  async function exchange(
    device: SimulatedDevice,
    options: object,
  ): Promise<{ status: number; resumed: boolean; session: Buffer | undefined }> {
    const { hostname, port } = new URL(mdm.app.deviceUrl);
    const socket = connect({ host: hostname, port: Number(port), ca: webCa.certPem, ...options });
    let session: Buffer | undefined;
    socket.on('session', (given: Buffer) => (session = given));
    await once(socket, 'secureConnect');
    const resumed = socket.isSessionReused();
    const { body } = device.prepareIdle();
    socket.write(
      `PUT /mdm/connect HTTP/1.1\r\nhost: x\r\ncontent-type: ${TYPE}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`,
    );
    socket.write(body);
    const answer = await text(socket);
    return { status: Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]), resumed, session };
  }

  it('counts for every request of its connection, and for no other connection', async () => {
    const [device, other] = [await enrolled(), await enrolled()];
    const agent = new https.Agent({
      keepAlive: true,
      maxSockets: 1,
      ...pick(device.identity),
      ca: webCa.certPem,
    });
    for (let times = 0; times < 30; times += 1) {
      const mine = times % 2 === 0;
      const answer = await idle(mine ? device : other, {}, { agent });
      expect([answer.status, answer.reused]).toEqual([mine ? 200 : 400, times > 0]);
    }
    expect((await idle(device, {})).status).toBe(400);
    agent.destroy();
  });

  it('survives a new certificate of the server', async () => {
    const device = await enrolled();
    const agent = new https.Agent({
      keepAlive: true,
      maxSockets: 1,
      ...pick(device.identity),
      ca: webCa.certPem,
    });
    expect((await idle(device, {}, { agent })).status).toBe(200);
    files.write(serverCertificate({ commonName: 'renewed' }));
    await mdm.until(async () => (await idle(device, device.identity)).servedBy === 'renewed');
    expect(await handshake(mdm.app.deviceUrl)).toContain('CN = Device CA');
    expect((await idle(device, device.identity)).status).toBe(200);
    expect((await idle(device, {}, { agent })).status).toBe(200);
    agent.destroy();
  });

  it('hostile bodies are refused with it as without', async () => {
    const device = await enrolled();
    const body = buildPlist({ Status: 'Idle', UDID: 'somebody-else' });
    expect((await send(device.identity, '/mdm/connect', body)).status).toBe(400);
  });
});

const pick = ({ certPem: cert, keyPem: key }: Issued): { cert: string; key: string } => ({ cert, key });
