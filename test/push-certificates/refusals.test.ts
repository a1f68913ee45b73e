import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { issue, issueDeviceIdentity, issuePushCertificate } from '../../simulator/pki.js';
import { authority } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { hasOpenssl } from '../x509/openssl.js';
import {
  ask,
  certificateFor,
  decrypt,
  discard,
  inUse,
  mdmcertAnswer,
  pkcs12Of,
  request,
  TOPIC,
  tryRequest,
  upload,
  useServerWithoutCertificate,
} from './kit.js';

const DAY = 86_400_000;
const made = issuePushCertificate(authority, TOPIC, { keyType: 'ec' });
const other = issuePushCertificate(authority, TOPIC, { keyType: 'ec' });
const encryptedKey = createPrivateKey(made.keyPem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  .toString();
const at = (from: number, to: number) => ({
  notBefore: new Date(Date.now() + from * DAY),
  notAfter: new Date(Date.now() + to * DAY),
});

onBothDatabases('A push certificate that will not do', (name) => {
  const mdm = useServerWithoutCertificate(name);

  it.each<[string, () => Json | Promise<Json>, RegExp, string]>([
    [
      'is a signing request',
      async () => ({ certificate: (await request(mdm.app)).csrPem }),
      /signing request/,
      'certificate',
    ],
    [
      'has a key of elsewhere',
      () => ({ certificate: made.certPem }),
      /None of the signing requests/,
      'certificate',
    ],
    [
      'comes with another key',
      () => ({ certificate: made.certPem, privateKey: other.keyPem }),
      /not the push certificate’s/,
      'privateKey',
    ],
    [
      'has another key in it',
      () => ({ certificate: made.certPem + other.keyPem }),
      /not the push certificate’s/,
      'certificate',
    ],
    [
      'comes with a key that is none',
      () => ({ certificate: made.certPem, privateKey: 'key' }),
      /private key cannot be read/,
      'privateKey',
    ],
    [
      'comes with an encrypted key',
      () => ({ certificate: made.certPem, privateKey: encryptedKey }),
      /give its passphrase/,
      'passphrase',
    ],
    [
      'comes with a key under another passphrase',
      () => ({ certificate: made.certPem, privateKey: encryptedKey, passphrase: 'wrong' }),
      /does not open/,
      'passphrase',
    ],
    [
      'has expired',
      async () => ({ certificate: certificateFor((await request(mdm.app)).csrPem, TOPIC, at(-400, -35)) }),
      /expired on/,
      'certificate',
    ],
    [
      'is not yet valid',
      async () => ({ certificate: certificateFor((await request(mdm.app)).csrPem, TOPIC, at(2, 300)) }),
      /valid only from/,
      'certificate',
    ],
    [
      'is of a device',
      () => {
        const { certPem, keyPem } = issueDeviceIdentity(authority, 'device', { keyType: 'ec' });
        return { certificate: certPem + keyPem };
      },
      /not an MDM push certificate/,
      'certificate',
    ],
    [
      'is for an application',
      () => {
        const { certPem, keyPem } = issue(authority, {
          commonName: 'App',
          uid: 'org.example.app',
          keyType: 'ec',
        });
        return { certificate: certPem + keyPem };
      },
      /has the user id “org\.example\.app”/,
      'certificate',
    ],
    [
      'has a key that TLS does not take',
      () => {
        const key = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
        const { certPem, keyPem } = issuePushCertificate(authority, TOPIC, { key });
        return { certificate: certPem, privateKey: keyPem };
      },
      /cannot be used for TLS/,
      'certificate',
    ],
    ['is empty', () => ({ certificate: '' }), /neither PEM/, 'certificate'],
    [
      'is a page of Apple’s portal',
      () => ({ certificate: '<!DOCTYPE html><title>Sign in</title>' }),
      /neither PEM/,
      'certificate',
    ],
    [
      'is base64 of anything',
      () => ({ certificate: 'bm90aGluZw==' }),
      /neither PEM nor PKCS#12/,
      'certificate',
    ],
    [
      'is damaged',
      () => ({ certificate: made.certPem.replace(/[A-Za-z]{4}/g, 'AAAA') }),
      /damaged|no certificate|neither/,
      'certificate',
    ],
    [
      'is far too large',
      () => ({ certificate: `${made.certPem}${'x'.repeat(70_000)}` }),
      /at most 65536/,
      'certificate',
    ],
  ])('%s', async (_what, input, message, field) => {
    const answer = await upload(mdm.app, await input());
    expect(answer).toEqual({
      pushCertificate: null,
      userErrors: [{ code: 'INVALID', message: expect.stringMatching(message), path: ['input', field] }],
    });
    expect(await inUse(mdm.app)).toBeNull();
  });

  it.skipIf(!hasOpenssl)('is a .p12 without its passphrase, or with another', async () => {
    const certificate = pkcs12Of(made, 'secret').toString('base64');
    for (const [passphrase, message] of [
      [null, /give the passphrase/],
      ['wrong', /does not open the \.p12/],
    ] as const)
      expect((await upload(mdm.app, { certificate, passphrase })).userErrors).toEqual([
        { code: 'INVALID', message: expect.stringMatching(message), path: ['input', 'passphrase'] },
      ]);
  });

  it.each<[Json, string]>([
    [{ commonName: ' ' }, 'commonName'],
    [{ email: 'nobody' }, 'email'],
    [{ country: 'Germany' }, 'country'],
  ])('cannot be asked for with %j', async (wrong, field) => {
    const asked = { commonName: 'Orchard', email: 'admin@example.org', ...wrong };
    expect((await tryRequest(mdm.app, asked)).userErrors).toEqual([
      { code: 'INVALID', message: expect.any(String), path: ['input', field] },
    ]);
  });

  it('cannot be uploaded for a request that was discarded, whose key is gone', async () => {
    const open = await request(mdm.app);
    const gone = await discard(mdm.app, open.id);
    expect(gone).toMatchObject({
      userErrors: [],
      pushCertificate: { status: 'DISCARDED', mdmcertRequest: null, endedAt: expect.any(String) },
    });
    expect((await discard(mdm.app, open.id)).pushCertificate).toEqual(gone.pushCertificate);
    const keys = await mdm.query(
      'SELECT 1 FROM push_certificates WHERE uuid = ? AND sealed_key IS NOT NULL',
      [open.uuid],
    );
    expect(keys).toEqual([]);
    const answer = await upload(mdm.app, { certificate: certificateFor(open.csrPem) });
    expect(answer.userErrors[0]).toMatchObject({
      code: 'INVALID',
      message: expect.stringMatching(/None of the/),
    });
  });

  it('is answered by mdmcert.download for one of several requests', async () => {
    const [one, two] = [await request(mdm.app), await request(mdm.app)];
    const opened = await decrypt(mdm.app, mdmcertAnswer(two.mdmcertRequest));
    expect(opened).toEqual({
      userErrors: [],
      pushCertificate: { id: two.id },
      appleRequest: expect.stringMatching(/^[A-Za-z0-9+/]{100,}=*$/),
    });
    expect(JSON.parse(one.mdmcertRequest)).toMatchObject({ key: 'my-key', email: 'admin@example.org' });
    await discard(mdm.app, two.id);
    expect((await decrypt(mdm.app, mdmcertAnswer(two.mdmcertRequest))).userErrors).toEqual([
      {
        code: 'NOT_FOUND',
        message: expect.stringMatching(/none of the open requests/),
        path: ['input', 'answer'],
      },
    ]);
    expect((await decrypt(mdm.app, 'Dear customer')).userErrors).toEqual([
      { code: 'INVALID', message: expect.stringMatching(/hexadecimal/), path: ['input', 'answer'] },
    ]);
  });

  it('is nobody’s to discard who has none, or whose request was used', async () => {
    const unknown = Buffer.from('PushCertificate:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect((await discard(mdm.app, unknown)).userErrors[0].code).toBe('NOT_FOUND');
    const used = await request(mdm.app);
    await upload(mdm.app, { certificate: certificateFor(used.csrPem) });
    expect((await discard(mdm.app, used.id)).userErrors[0].code).toBe('CONFLICT');
    expect((await inUse(mdm.app)).record.id).toBe(used.id);
  });

  it('is asked for twenty times at most, without an answer', async () => {
    const { pushCertificates } = await ask(mdm.app, '{ pushCertificates(first: 100) { nodes { status } } }');
    const open = pushCertificates.nodes.filter(({ status }: Json) => status === 'REQUESTED').length;
    await Promise.all(Array.from({ length: 20 - open }, () => request(mdm.app)));
    const answer = await tryRequest(mdm.app, { commonName: 'Orchard', email: 'admin@example.org' });
    expect(answer.userErrors[0]).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('20 open'),
    });
  });

  it('is for administrators', async () => {
    const make = 'mutation { apiTokenCreate(input: { name: "o", role: OPERATOR }) { token } }';
    const { token } = (await ask(mdm.app, make)).apiTokenCreate;
    await expect(
      ask(
        mdm.app,
        'mutation { pushCertificateUpload(input: { certificate: "x" }) { userErrors { code } } }',
        {},
        token,
      ),
    ).rejects.toThrow(/certificates\.write/);
    expect(await ask(mdm.app, '{ pushCertificate { source } }', {}, token)).toEqual({
      pushCertificate: { source: 'UPLOADED' },
    });
  });
});
