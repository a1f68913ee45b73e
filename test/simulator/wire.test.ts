import { describe, expect, it } from 'vitest';
import { verifySignedData } from '../../src/apple/cms/index.js';
import { BadCommandError } from '../../simulator/device/index.js';
import { issueDeviceIdentity } from '../../simulator/pki.js';
import { useKit } from './kit.js';
import type { Recorded } from './recording-server.js';

const kit = useKit();

const signatureOf = ({ headers }: Recorded): Buffer =>
  Buffer.from(String(headers['mdm-signature']), 'base64');

describe('what the device sends', () => {
  it('PUTs check-ins and reports to their addresses with their content types', async () => {
    const device = kit.device();
    await device.authenticate();
    await device.idle();
    expect(
      kit.server.requests.map(({ method, path, headers }) => [method, path, headers['content-type']]),
    ).toEqual([
      ['PUT', '/mdm/checkin', 'application/x-apple-aspen-mdm-checkin'],
      ['PUT', '/mdm/connect', 'application/x-apple-aspen-mdm; charset=UTF-8'],
    ]);
  });

  it('goes to other addresses when told to', async () => {
    const device = kit.device({
      serverUrl: `${kit.server.url}/site/`,
      checkInPath: '/in',
      connectPath: '/server',
    });
    await device.authenticate();
    await device.idle();
    expect(kit.server.requests.map(({ path }) => path)).toEqual(['/site/in', '/site/server']);
  });

  it('signs the exact body, detached, with its identity', async () => {
    await kit.device().idle();
    const [request] = kit.server.requests;
    const verified = verifySignedData(signatureOf(request!), request!.body);
    expect(verified.certificateDer).toEqual(kit.identity.certDer);
    expect(verified.digestAlgorithm).toBe('sha256');
    expect(() => verifySignedData(signatureOf(request!))).toThrow(/no content/);
    expect(() => verifySignedData(signatureOf(request!), Buffer.from('other'))).toThrow(
      /not what was signed/,
    );
  });

  it('signs with RSA, SHA-1 and the content attached when asked to', async () => {
    const identity = issueDeviceIdentity(kit.authority, 'rsa device');
    await kit.device({ identity, signing: { attached: true, digest: 'sha1' } }).idle();
    const [request] = kit.server.requests;
    const verified = verifySignedData(signatureOf(request!));
    expect(verified.content).toEqual(request!.body);
    expect(verified.digestAlgorithm).toBe('sha1');
    expect(verified.certificateDer).toEqual(identity.certDer);
  });

  it('sends its certificate in a header, as a proxy does, instead of signing', async () => {
    await kit.device({ via: { header: 'rfc9440' } }).idle();
    await kit.device({ via: { header: 'pem' } }).idle();
    await kit.device({ via: { header: 'pem', name: 'X-Other' } }).idle();
    const [rfc9440, pem, other] = kit.server.requests.map(({ headers }) => headers);
    expect(rfc9440!['client-cert']).toBe(`:${kit.identity.certDer.toString('base64')}:`);
    expect(decodeURIComponent(String(pem!['x-client-cert']))).toBe(kit.identity.certPem);
    expect(decodeURIComponent(String(other!['x-other']))).toBe(kit.identity.certPem);
    expect([rfc9440, pem, other].map((headers) => headers!['mdm-signature'])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('sends any bytes anywhere, signed unless told otherwise', async () => {
    const device = kit.device();
    await device.sendRaw('/elsewhere', Buffer.from([0, 255, 1]), { 'Content-Type': 'x/y' });
    await device.sendRaw('/elsewhere', Buffer.from('b'), { 'Mdm-Signature': undefined });
    const [signed, unsigned] = kit.server.requests;
    expect(signed!.path).toBe('/elsewhere');
    expect(signed!.body).toEqual(Buffer.from([0, 255, 1]));
    expect(signed!.headers['content-type']).toBe('x/y');
    expect(verifySignedData(signatureOf(signed!), signed!.body).certificateDer).toEqual(kit.identity.certDer);
    expect(unsigned!.headers['mdm-signature']).toBeUndefined();
  });
});

describe('what the device makes of answers', () => {
  it('returns a command without carrying it out', async () => {
    const uuid = kit.server.enqueue('RestartDevice');
    const device = kit.device();
    const answer = await device.idle();
    expect(answer.command).toEqual({
      uuid,
      requestType: 'RestartDevice',
      body: { RequestType: 'RestartDevice' },
    });
    expect(device.state.restarts).toBe(0);
    expect((await device.report('Acknowledged', uuid)).command).toBeUndefined();
  });

  it.each([
    ['an empty property list', '<plist version="1.0"><dict/></plist>'],
    ['no property list', 'nothing to do'],
    [
      'a command without RequestType',
      '<plist><dict><key>CommandUUID</key><string>1</string><key>Command</key><dict/></dict></plist>',
    ],
  ])('says so when a 200 is %s', async (_name, body) => {
    kit.server.replyOnce({ body: Buffer.from(body) });
    await expect(kit.device().idle()).rejects.toThrow(BadCommandError);
  });

  it('follows a redirect with the same request, and forgets it', async () => {
    const device = kit.device();
    kit.server.replyOnce({ status: 301, headers: { location: '/moved' } });
    expect((await device.idle()).status).toBe(200);
    await device.idle();
    const [first, moved, again] = kit.server.requests;
    expect([first!.path, moved!.path, again!.path]).toEqual(['/mdm/connect', '/moved', '/mdm/connect']);
    expect(moved!.method).toBe('PUT');
    expect(moved!.body).toEqual(first!.body);
    expect(moved!.headers['mdm-signature']).toBe(first!.headers['mdm-signature']);
  });

  it('gives up on a circle of redirects', async () => {
    for (let n = 0; n < 6; n += 1)
      kit.server.replyOnce({ status: 307, headers: { location: '/mdm/connect' } });
    await expect(kit.device().idle()).rejects.toThrow(/redirects/);
  });

  it('rejects when the server hangs up', async () => {
    kit.server.replyOnce({ hangUp: true });
    await expect(kit.device().idle()).rejects.toThrow(/socket hang up/);
  });
});

describe('sockets', () => {
  it('keeps one for request after request', async () => {
    const device = kit.device();
    for (let n = 0; n < 5; n += 1) await device.idle();
    expect(kit.server.socketCount).toBe(1);
  });

  it('replaces one that the server closed', async () => {
    const device = kit.device();
    await device.idle();
    kit.server.dropIdleSockets();
    expect((await device.idle()).status).toBe(200);
    expect(kit.server.socketCount).toBe(2);
  });

  it('sends once more when a kept one breaks, and only then', async () => {
    const device = kit.device();
    await device.idle();
    kit.server.replyOnce({ hangUp: true });
    expect((await device.idle()).status).toBe(200);
    expect(kit.server.requests).toHaveLength(3);
  });
});

describe('prepared requests', () => {
  it('are byte for byte what the device would send, and can be replayed', async () => {
    const device = kit.device();
    await device.idle();
    const idle = device.prepareIdle();
    expect(idle.path).toBe('/mdm/connect');
    expect(idle.body).toEqual(kit.server.requests[0]!.body);
    expect(
      verifySignedData(Buffer.from(String(idle.headers['mdm-signature']), 'base64'), idle.body),
    ).toBeDefined();
    for (let n = 0; n < 2; n += 1) {
      const answer = await fetch(`${kit.server.url}${idle.path}`, {
        method: 'PUT',
        headers: idle.headers as Record<string, string>,
        body: new Uint8Array(idle.body),
      });
      expect(answer.status).toBe(200);
    }
    expect(kit.server.statuses).toEqual(['Idle', 'Idle', 'Idle']);
    const report = device.prepareReport('NotNow', 'abc');
    expect(String(report.body)).toContain('<string>abc</string>');
  });
});
