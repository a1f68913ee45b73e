import { describe, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import { signDetached } from '../../simulator/cms-sign.js';
import type { SigningOptions } from '../../simulator/device/wire.js';
import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';
import { onBothDatabases } from '../support/databases.js';
import { deviceCa, foreignCa, handedOut, issueIdentity, useMdm } from './kit.js';

onBothDatabases('Identity', (name) => {
  const mdm = useMdm(name);

  const ways: [string, SigningOptions | undefined][] = [
    ['detached, SHA-256, as devices sign', undefined],
    ['detached, SHA-1', { digest: 'sha1' }],
    ['attached, SHA-256', { attached: true }],
    ['attached, SHA-1, as some test clients sign', { attached: true, digest: 'sha1' }],
  ];
  for (const keyType of ['ec', 'rsa'] as const) {
    it.each(ways)(`fact 21: Mdm-Signature with ${keyType}, %s`, async (_way, signing) => {
      const { device, uuid } = await mdm.enrolled({ signing, identity: issueIdentity({ keyType }) });
      await mdm.send(uuid, 'SecurityInfo');
      expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
    });
  }

  it('fact 21: a device’s clock may be a few minutes off', async () => {
    const soon = issueIdentity({ notBefore: new Date(mdm.now() + 4 * 60_000) });
    expect((await mdm.device({ identity: soon }).enroll()).status).toBe(200);
    const { device } = await mdm.enrolled();
    const { body } = device.prepareIdle();
    const { certDer, key } = device.identity;
    for (const minutes of [-10, 10]) {
      const signature = signDetached(body, {
        certDer,
        key,
        signingTime: new Date(mdm.now() + minutes * 60_000),
      });
      const headers = {
        'content-type': 'application/x-apple-aspen-mdm',
        'mdm-signature': signature.toString('base64'),
      };
      expect((await device.sendRaw('/mdm/connect', body, headers)).status).toBe(200);
    }
  });

  it('fact 21: an intermediate authority may stand between, when it comes along', async () => {
    const intermediate = issueDeviceIdentity(deviceCa, 'Intermediate', {
      ca: true,
      keyType: 'ec',
      extendedKeyUsage: [],
    });
    const identity = issueIdentity({}, intermediate);
    const device = mdm.device({ identity });
    const { body } = device.prepareCheckIn('Authenticate', { Topic: device.topic });
    const sign = (chain: Buffer[]): string => signDetached(body, { ...identity, chain }).toString('base64');
    const send = (signature: string) =>
      device.sendRaw('/mdm/checkin', body, {
        'content-type': 'application/x-apple-aspen-mdm-checkin',
        'mdm-signature': signature,
      });
    expect((await send(sign([]))).status).toBe(400);
    expect((await send(sign([intermediate.certDer]))).status).toBe(200);
  });

  it('fact 21: the signature is over the exact bytes: a changed line end is another body', async () => {
    const { device } = await mdm.enrolled();
    const { body, headers } = device.prepareIdle();
    const crlf = Buffer.from(body.toString().replaceAll('\n', '\r\n'));
    const type = {
      'content-type': String(headers['content-type']),
      'mdm-signature': String(headers['mdm-signature']),
    };
    expect((await device.sendRaw('/mdm/connect', crlf, type)).status).toBe(400);
    expect((await device.sendRaw('/mdm/connect', body, type)).status).toBe(200);
  });

  it('fact 21: a signature folded over lines is base64 all the same; a hostile one costs no time', async () => {
    const { device } = await mdm.enrolled();
    const { body, headers } = device.prepareIdle();
    const signature = String(headers['mdm-signature']);
    const send = (value: string) =>
      device.sendRaw('/mdm/connect', body, {
        'content-type': 'application/x-apple-aspen-mdm',
        'mdm-signature': value,
      });
    expect((await send(signature.replaceAll(/.{64}/g, '$& '))).status).toBe(200);
    const started = performance.now();
    for (let times = 0; times < 5; times += 1)
      expect((await send(`A${' '.repeat(15_000)}!`)).status).toBe(400);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('fact 22: a certificate speaks for the device it enrolled, and enrols no second one', async () => {
    const { device } = await mdm.enrolled();
    const second = mdm.device({ identity: device.identity });
    expect((await second.authenticate()).status).toBe(400);
    expect((await second.tokenUpdate()).status).toBe(400);
    expect(await mdm.uuidOf(second)).toBe('');
  });

  it('fact 22: of two devices that claim one certificate at once, one gets it', async () => {
    const identity = issueIdentity();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => mdm.device({ identity }).authenticate()),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted).toHaveLength(1);
    for (const { status } of answers) expect([200, 400, 503]).toContain(status);
  });

  it('fact 22: a user channel goes by its device’s certificate', async () => {
    const { device } = await mdm.enrolled({ platform: 'macOS' });
    const user = device.user({ userId: 'u', shortName: 'u', longName: 'U' });
    expect((await user.tokenUpdate()).status).toBe(200);
    const other = await mdm.enrolled({ platform: 'macOS' });
    const { certDer, key } = other.device.identity;
    const { body } = user.prepareIdle();
    const signature = signDetached(body, { certDer, key }).toString('base64');
    const headers = { 'content-type': 'application/x-apple-aspen-mdm', 'mdm-signature': signature };
    expect((await user.sendRaw('/mdm/connect', body, headers)).status).toBe(400);
    expect((await user.idle()).status).toBe(200);
  });

  it('a device cannot name itself into another’s user channel', async () => {
    const victim = await mdm.enrolled({ platform: 'macOS', udid: 'VICTIM-1' });
    await victim.device.user({ userId: 'alice', shortName: 'alice', longName: 'Alice' }).tokenUpdate();
    const thief = await mdm.enrolled({ udid: 'VICTIM-1:alice' });
    expect(thief.uuid).not.toBe(victim.uuid);
    expect(await mdm.services.devices.channelsOf([victim.uuid])).toHaveLength(2);
    expect(await mdm.services.devices.channelsOf([thief.uuid])).toHaveLength(1);
  });

  describe('behind a listed proxy', () => {
    const behind = useMdm(name, { TRUSTED_PROXIES: '127.0.0.1', CLIENT_CERT_HEADER: 'X-Client-Cert' });

    it.each([
      ['RFC 9440', { header: 'rfc9440', name: 'X-Client-Cert' }],
      ['URL-encoded PEM', { header: 'pem' }],
    ] as const)('a certificate header is believed: %s', async (_form, via) => {
      const { device, uuid } = await behind.enrolled({ via });
      await behind.send(uuid, 'SecurityInfo');
      expect(handedOut(await device.connect())).toEqual(['SecurityInfo']);
    });

    it('a header with a certificate of another authority, two certificates, or rubbish is refused', async () => {
      const { device } = await behind.enrolled();
      const { body } = device.prepareIdle();
      const own = device.identity.certDer.toString('base64');
      const foreign = issueIdentity({}, foreignCa).certDer.toString('base64');
      const rubbish = [
        `:${foreign}:`,
        `:${own}:, :${own}:`,
        'x',
        '%',
        '::',
        `:${'A'.repeat(500)}:`,
        own.slice(0, -8),
      ];
      for (const value of rubbish) {
        const headers = {
          'content-type': 'application/x-apple-aspen-mdm',
          'mdm-signature': undefined,
          'x-client-cert': value,
        };
        expect((await device.sendRaw('/mdm/connect', body, headers)).status).toBe(400);
      }
    });
  });

  describe('without a configured authority', () => {
    const unconfigured = useMdm(name, { DEVICE_CA_FILE: '' });

    it('the devices of others are refused, and none gives up its enrolment', async () => {
      const device = unconfigured.device();
      for (const answer of [await device.authenticate(), await device.idle()])
        expect(answer.status).toBe(400);
    });
  });

  it('an authority of the same name is not the authority', async () => {
    const twin = createAuthority('Device CA', { keyType: 'ec' });
    const device = mdm.device({ identity: issueIdentity({}, twin) });
    const answer = await device.sendRaw('/mdm/connect', buildPlist({ Status: 'Idle', UDID: 'x' }), {});
    expect(answer.status).toBe(400);
  });
});
