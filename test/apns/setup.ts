import { randomBytes, randomUUID } from 'node:crypto';
import { ApnsClient, loadPushCertificate } from '../../src/apple/apns/index.js';
import type { ApnsClientOptions, ApnsNotification } from '../../src/apple/apns/index.js';
import { FakeApns, type FakeApnsOptions } from '../../simulator/apns/index.js';
import { createAuthority, issuePushCertificate, issueServerCertificate } from '../../simulator/pki.js';
import type { Issued } from '../../simulator/pki.js';

export const TOPIC = 'com.apple.mgmt.External.4d5b4b2c-52a5-4b0e-9f5e-6c1f3b1c7a11';

export const authority = createAuthority('Test Root', { keyType: 'ec' });
export const serverCert = issueServerCertificate(authority);
export const pushIssued = issuePushCertificate(authority, TOPIC, { keyType: 'ec' });

export const load = (issued: Issued) =>
  loadPushCertificate({ certificate: Buffer.from(issued.certPem), key: Buffer.from(issued.keyPem) });

export const certificate = load(pushIssued);

export function notification(o: Partial<ApnsNotification> = {}): ApnsNotification {
  return {
    token: randomBytes(32).toString('hex'),
    pushMagic: randomUUID().toUpperCase(),
    topic: TOPIC,
    apnsId: randomUUID(),
    expiration: new Date(Date.now() + 86_400_000),
    ...o,
  };
}

export const notifications = (count: number): ApnsNotification[] =>
  Array.from({ length: count }, () => notification());

/** A fake APNs that wants mutual TLS. */
export const startFake = (o: Partial<FakeApnsOptions> = {}): Promise<FakeApns> =>
  FakeApns.start({ serverCert, clientCa: authority.certPem, ...o });

export const clientOf = (url: string, o: Partial<ApnsClientOptions> = {}): ApnsClient =>
  new ApnsClient({ url, certificate, ca: authority.certPem, ...o });
