import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePlist } from '../../src/apple/plist/index.js';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';
import { createAuthority, issue, issuePushCertificate, type Issued } from '../../simulator/pki.js';
import { authority } from '../apns/setup.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer } from '../support/server.js';
import { certificateFor, request, TOPIC, upload } from './kit.js';

onBothDatabases('The private key of a push certificate', (name) => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore(name);
  });
  afterEach(() => store.remove());

  it('is nowhere in clear, and nothing of the API shows it', async () => {
    const { app, stop } = await startServer(store, { ADMIN_TOKEN: 'push-certificate-admin-token' });
    const brought = issuePushCertificate(authority, TOPIC);
    const taken = await upload(app, { certificate: brought.certPem, privateKey: brought.keyPem });
    await upload(app, { certificate: certificateFor((await request(app)).csrPem) });
    expect(JSON.stringify(taken)).not.toContain('PRIVATE');
    const rows = await app.database.query<Record<string, unknown>>('SELECT * FROM push_certificates');
    const { d } = brought.key.export({ format: 'jwk' });
    const canaries = [
      Buffer.from(d!, 'base64url'),
      brought.key.export({ type: 'pkcs8', format: 'der' }),
      'PRIVATE KEY',
    ];
    const places = rows.flatMap((row) =>
      Object.values(row).map((value) => Buffer.from(String(value), 'latin1')),
    );
    const sealed = rows.map((row) => Buffer.from(row['sealed_key'] as Uint8Array));
    expect(sealed).toHaveLength(2);
    for (const place of [...places, ...sealed])
      expect(canaries.some((one) => place.includes(one))).toBe(false);
    await stop();
    const files = readdirSync(store.dataDir).map((one) => readFileSync(join(store.dataDir, one)));
    for (const content of files) expect(canaries.some((one) => content.includes(one))).toBe(false);
  });

  it('that another secret key sealed stops the start in words', async () => {
    const options = { ADMIN_TOKEN: 'push-certificate-admin-token', ...ownAuthority(store) };
    const first = await startServer(store, { ...options, SECRET_KEY: '11'.repeat(32) });
    await upload(first.app, { certificate: certificateFor((await request(first.app)).csrPem) });
    await first.stop();
    await expect(startServer(store, { ...options, SECRET_KEY: '22'.repeat(32) })).rejects.toThrow(
      /key of the push certificate cannot be opened/,
    );
  });

  it('is in no field of the schema', () => {
    const { PushCertificate, PushCertificateInUse } = buildPomonaSchema().getTypeMap();
    const fields = [PushCertificate, PushCertificateInUse].flatMap((type) =>
      Object.keys((type as unknown as { getFields(): object }).getFields()),
    );
    expect(fields.filter((field) => /key|sealed|exchange/i.test(field))).toEqual([]);
  });
});

/** An authority for devices that needs no secret key. */
function ownAuthority({ dataDir }: Store): Record<string, string> {
  const { certPem, keyPem } = createAuthority('Brought');
  writeFileSync(join(dataDir, 'ca.pem'), certPem);
  writeFileSync(join(dataDir, 'ca.key'), keyPem);
  return { IDENTITY_CA_CERT_FILE: join(dataDir, 'ca.pem'), IDENTITY_CA_KEY_FILE: join(dataDir, 'ca.key') };
}

describe('A server of an MDM vendor', () => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore('sqlite');
  });
  afterEach(() => store.remove());
  const root = createAuthority('Apple Root');
  const developer = issue(root, { commonName: 'Developer Relations', ca: true });
  const vendor = issue(developer, { commonName: 'MDM Vendor' });
  const start = (certificates: string, key: Issued) => {
    writeFileSync(join(store.dataDir, 'vendor.pem'), certificates);
    writeFileSync(join(store.dataDir, 'vendor.key'), key.keyPem);
    return startServer(store, {
      ADMIN_TOKEN: 'push-certificate-admin-token',
      PUSH_VENDOR_CERT_FILE: join(store.dataDir, 'vendor.pem'),
      PUSH_VENDOR_KEY_FILE: join(store.dataDir, 'vendor.key'),
    });
  };

  it('signs its requests for Apple, its chain in order', async () => {
    const { app, stop } = await start(root.certPem + vendor.certPem + developer.certPem, vendor);
    const { appleRequest } = await request(app);
    expect(parsePlist(Buffer.from(appleRequest, 'base64'))).toMatchObject({
      PushCertCertificateChain: vendor.certPem + developer.certPem + root.certPem,
    });
    await stop();
  });

  const expired = issue(developer, { commonName: 'Expired', notAfter: new Date(Date.now() - 1000) });
  const elliptic = issue(developer, { commonName: 'Elliptic', keyType: 'ec' });
  it.each<[string, string, Issued, RegExp]>([
    ['lacks the authorities', vendor.certPem, vendor, /lacks the authorities/],
    [
      'has another key',
      vendor.certPem + developer.certPem,
      developer.key === vendor.key ? root : elliptic,
      /holds no certificate that/,
    ],
    ['has expired', expired.certPem + developer.certPem, expired, /expired on/],
    ['is not RSA', elliptic.certPem + developer.certPem, elliptic, /not RSA/],
    ['is none', 'nothing', vendor, /holds no certificate that/],
    [
      'is damaged',
      vendor.certPem.replace(/[A-Za-z]{4}/g, 'AAAA'),
      vendor,
      /cannot be read|holds no certificate/,
    ],
  ])('does not start with a certificate that %s', async (_what, certificates, key, words) => {
    await expect(start(certificates, key)).rejects.toThrow(words);
  });

  it('does not start with the certificate alone', async () => {
    await expect(startServer(store, { PUSH_VENDOR_CERT_FILE: 'vendor.pem' })).rejects.toThrow(/go together/);
  });
});
