// Run as a process of its own by lifetime.test.ts: sends one push, and does not close the client.
import { randomUUID } from 'node:crypto';
import { ApnsClient, loadPushCertificate } from '../../src/apple/apns/index.js';

const { APNS: url, CA: ca, CERT = '', KEY = '' } = process.env;
const certificate = loadPushCertificate({ certificate: Buffer.from(CERT + KEY) });
const client = new ApnsClient({ url, ca, certificate, idleTimeoutMs: 3_600_000 });
const { status, error } = await client.send({
  token: 'ab',
  pushMagic: 'magic',
  topic: client.topic,
  apnsId: randomUUID(),
  expiration: new Date(Date.now() + 60_000),
});
process.stdout.write(error ?? String(status));
