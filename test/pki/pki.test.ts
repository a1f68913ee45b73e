import { X509Certificate, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  createAuthority,
  issue,
  issueDeviceIdentity,
  issuePushCertificate,
  issueServerCertificate,
  pkcs12,
} from '../../simulator/pki.js';

const TOPIC = 'com.apple.mgmt.External.0f6c3b7e-4f0e-4c1b-9a53-3c1cf41e6b3e';

describe('the PKI that tests and the simulator use', () => {
  it.each(['rsa', 'ec'] as const)('issues certificates that node accepts, with %s keys', (keyType) => {
    const authority = createAuthority('Test CA', { keyType });
    const device = issueDeviceIdentity(authority, 'Device 1', { keyType });
    const ca = new X509Certificate(authority.certPem);
    const leaf = new X509Certificate(device.certDer);
    expect(ca.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(device.keyPem))).toBe(true);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf.subject).toBe('CN=Device 1');
  });

  it('keeps the serial number and dates asked for, past 2049 too', () => {
    const options = {
      commonName: 'x',
      keyType: 'ec' as const,
      serialNumber: 0x80ffn,
      notBefore: new Date('2001-02-03T04:05:06Z'),
      notAfter: new Date('2050-01-02T03:04:05Z'),
    };
    const certificate = new X509Certificate(issue(createAuthority('CA', { keyType: 'ec' }), options).certDer);
    expect(certificate.serialNumber).toBe('80FF');
    expect(certificate.validFromDate).toEqual(options.notBefore);
    expect(certificate.validToDate).toEqual(options.notAfter);
  });

  it('names the topic in a push certificate, and packs it as PKCS#12', () => {
    const authority = createAuthority('Apple-like CA');
    const push = issuePushCertificate(authority, TOPIC);
    const certificate = new X509Certificate(push.certPem);
    expect(certificate.subject).toBe(`UID=${TOPIC}\nCN=APSP:0f6c3b7e-4f0e-4c1b-9a53-3c1cf41e6b3e`);
    expect(() =>
      createSecureContext({ pfx: pkcs12(push, 'secret', [authority]), passphrase: 'secret' }),
    ).not.toThrow();
    expect(() => createSecureContext({ pfx: pkcs12(push, 'secret'), passphrase: 'wrong' })).toThrow(/mac/i);
  });

  it('serves and authenticates TLS on loopback', async () => {
    const authority = createAuthority('CA', { keyType: 'ec' });
    const own = issueServerCertificate(authority);
    const device = issueDeviceIdentity(authority, 'Device 2', { keyType: 'ec' });
    const ca = authority.certPem;
    const server = createServer({ cert: own.certPem, key: own.keyPem, ca, requestCert: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const client = connect({ host: '127.0.0.1', port, ca, cert: device.certPem, key: device.keyPem });
    await once(client, 'secureConnect');
    const [socket] = await accepted;
    expect(client.authorized).toBe(true);
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate().subject.CN).toBe('Device 2');
    client.destroy();
    server.close();
  });
});
