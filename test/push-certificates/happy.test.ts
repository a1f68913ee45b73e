import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { issuePushCertificate } from '../../simulator/pki.js';
import { authority } from '../apns/setup.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { hasOpenssl } from '../x509/openssl.js';
import type { Enrolled } from '../mdm/kit.js';
import {
  ask,
  certificateFor,
  inUse,
  pkcs12Of,
  renew,
  request,
  TOPIC,
  upload,
  useServerWithoutCertificate,
  wake,
} from './kit.js';

onBothDatabases('A server without a push certificate', (name) => {
  const mdm = useServerWithoutCertificate(name);
  let enrolled: Enrolled;
  beforeAll(async () => {
    enrolled = await mdm.enrolled();
  });
  const lastPush = async () =>
    (await mdm.query<{ status: string }>('SELECT status FROM pushes ORDER BY seq DESC LIMIT 1'))[0]?.status;

  it('is asked for one, is given it, and pushes without a restart what could not be pushed', async () => {
    expect(await inUse(mdm.app)).toBeNull();
    expect(await ask(mdm.app, '{ server { pushConfigured features } }')).toMatchObject({
      server: { pushConfigured: false },
    });
    await wake(mdm.app, [enrolled.uuid]);
    await mdm.until(async () => (await lastPush()) === 'NOT_CONFIGURED');

    const open = await request(mdm.app, { country: 'de' });
    expect(open).toMatchObject({
      status: 'REQUESTED',
      commonName: 'Orchard',
      email: 'admin@example.org',
      certificatePem: null,
      topic: null,
      appleRequest: null,
    });
    const certificate = certificateFor(open.csrPem);
    const taken = await upload(mdm.app, { certificate });
    const x509 = new X509Certificate(certificate);
    expect(taken).toMatchObject({
      userErrors: [],
      pushCertificate: {
        id: open.id,
        status: 'ACTIVE',
        topic: TOPIC,
        certificatePem: certificate,
        serialNumber: x509.serialNumber.toLowerCase(),
        mdmcertRequest: null,
        endedAt: null,
      },
    });
    expect(await inUse(mdm.app)).toEqual({
      source: 'UPLOADED',
      topic: TOPIC,
      subject: expect.stringContaining(`UID=${TOPIC}`),
      serialNumber: x509.serialNumber.toLowerCase(),
      sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      notBefore: x509.validFromDate.toISOString(),
      notAfter: x509.validToDate.toISOString(),
      daysLeft: 364,
      record: { id: open.id, status: 'ACTIVE' },
    });
    await mdm.until(async () => (await lastPush()) === 'DELIVERED');
    expect(mdm.apns.received.at(-1)).toMatchObject({ topic: TOPIC, status: 200 });
    const { server } = await ask(mdm.app, '{ server { pushConfigured certificates { purpose topic } } }');
    expect(server).toMatchObject({ pushConfigured: true });
    expect(server.certificates).toContainEqual({ purpose: 'PUSH', topic: TOPIC });
  });

  it('takes the same certificate again for what it is', async () => {
    const before = await inUse(mdm.app);
    const { nodes } = (await ask(mdm.app, '{ pushCertificates(first: 1) { nodes { certificatePem } } }'))
      .pushCertificates;
    const again = await upload(mdm.app, { certificate: nodes[0].certificatePem });
    expect(again).toMatchObject({
      userErrors: [],
      pushCertificate: { id: before.record.id, status: 'ACTIVE' },
    });
    expect(await mdm.query('SELECT uuid FROM push_certificates')).toHaveLength(1);
  });

  it('is given a renewed one, and uses that from then on', async () => {
    const former = await inUse(mdm.app);
    const record = await renew(mdm.app);
    await wake(mdm.app, [enrolled.uuid]);
    await mdm.until(async () => mdm.apns.received.at(-1)?.certificateSha256 === record.sha256);
    const { pushCertificates } = await ask(
      mdm.app,
      '{ pushCertificates(first: 2) { totalCount nodes { id status endedAt } } }',
    );
    expect(pushCertificates).toEqual({
      totalCount: 2,
      nodes: [
        { id: record.id, status: 'ACTIVE', endedAt: null },
        { id: former.record.id, status: 'REPLACED', endedAt: expect.any(String) },
      ],
    });
    const found = await ask(
      mdm.app,
      'query ($id: ID!) { node(id: $id) { ... on PushCertificate { status } } }',
      {
        id: former.record.id,
      },
    );
    expect(found.node).toEqual({ status: 'REPLACED' });
  });

  it('takes one that Apple renewed for the same request, and goes back to it', async () => {
    const { csrPem } = await request(mdm.app);
    const [first, second] = [certificateFor(csrPem), certificateFor(csrPem)];
    const one = await upload(mdm.app, { certificate: first });
    const two = await upload(mdm.app, { certificate: second });
    expect([one.userErrors, two.userErrors]).toEqual([[], []]);
    expect(two.pushCertificate.id).not.toBe(one.pushCertificate.id);
    const back = await upload(mdm.app, { certificate: first });
    expect(back).toMatchObject({
      userErrors: [],
      pushCertificate: { status: 'ACTIVE', sha256: one.pushCertificate.sha256 },
    });
    expect((await inUse(mdm.app)).sha256).toBe(one.pushCertificate.sha256);
  });

  const made = issuePushCertificate(authority, TOPIC);
  const p12 = hasOpenssl ? pkcs12Of(made, 'secret').toString('base64') : '';
  const p12s: [string, Json][] = [
    ['a .p12', { certificate: p12, passphrase: 'secret' }],
    ['a .p12 with line ends', { certificate: p12.replaceAll(/.{1,64}/g, '$&\n'), passphrase: 'secret' }],
  ];
  it.each<[string, Json]>([
    ...(hasOpenssl ? p12s : []),
    ['PEM with the key in it', { certificate: made.certPem + made.keyPem }],
    ['PEM and its key', { certificate: made.certPem, privateKey: made.keyPem }],
    ['a .cer and its key', { certificate: made.certDer.toString('base64'), privateKey: made.keyPem }],
  ])('takes one that was not requested here: %s', async (_what, input) => {
    await renew(mdm.app);
    const taken = await upload(mdm.app, input);
    expect(taken).toMatchObject({ userErrors: [], pushCertificate: { status: 'ACTIVE', csrPem: null } });
    await wake(mdm.app, [enrolled.uuid]);
    await mdm.until(async () => mdm.apns.received.at(-1)?.certificateSha256 === taken.pushCertificate.sha256);
  });

  it('finds the request of a certificate among several', async () => {
    const open = await request(mdm.app);
    await request(mdm.app);
    const certificate = Buffer.from(certificateFor(open.csrPem)).toString('base64');
    expect(await upload(mdm.app, { certificate })).toMatchObject({
      userErrors: [],
      pushCertificate: { id: open.id },
    });
  });

  it('has it after a restart', async () => {
    const before = await inUse(mdm.app);
    await mdm.restart();
    expect(await inUse(mdm.app)).toEqual(before);
    const received = mdm.apns.received.length;
    await wake(mdm.app, [enrolled.uuid]);
    await mdm.until(async () => mdm.apns.received.length > received);
    expect(mdm.apns.received.at(-1)).toMatchObject({ status: 200, certificateSha256: before.sha256 });
  });
});
