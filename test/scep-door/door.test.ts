import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { constraintsOf } from '../../src/apple/identity/constraints.js';
import { makePkcsReq, readCertRep } from '../../simulator/scep/index.js';
import { onBothDatabases } from '../support/databases.js';
import { useMdm } from '../mdm/kit.js';
import { certificateOf, ScepClient, someKey } from './kit.js';

const DAY_MS = 24 * 60 * 60_000;

onBothDatabases('The SCEP door', (name) => {
  const mdm = useMdm(name, { ORGANIZATION: 'Orchard School', IDENTITY_VALIDITY_DAYS: '90' });
  let scep: ScepClient;
  beforeAll(() => {
    scep = new ScepClient(mdm);
  });

  it('says what it can do, by either method', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, type, body } = await scep.call('?operation=GetCACaps&message=ignored', { method });
      expect([status, type]).toEqual([200, 'text/plain']);
      expect(body.toString().split('\n')).toEqual(
        expect.arrayContaining(['AES', 'POSTPKIOperation', 'Renewal', 'SHA-256', 'SCEPStandard']),
      );
    }
  });

  it('gives the certificate of its authority', async () => {
    const { status, type, body } = await scep.call('?operation=GetCACert');
    expect([status, type]).toEqual([200, 'application/x-x509-ca-cert']);
    expect(body).toEqual(scep.caCertificate.raw);
    expect(scep.caCertificate.subject).toContain('CN=Pomona Device Authority');
    expect(scep.caCertificate.ca).toBe(true);
    expect(scep.caCertificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  const ciphers = ['des', 'des3', 'aes128', 'aes192', 'aes256'] as const;
  const digests = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
  const ways = ciphers.flatMap((cipher) => digests.map((digest) => ({ cipher, digest })));
  it.each(ways)(
    'issues to a client of $cipher and $digest, by GET and by POST',
    async ({ cipher, digest }) => {
      for (const by of ['get', 'post'] as const) {
        const certificate = certificateOf(
          await scep.enrol({ challenge: await scep.mint(), cipher, digest }, by),
        );
        expect(certificate.publicKey.equals(createPublicKey(someKey()))).toBe(true);
        expect(certificate.verify(scep.caCertificate.publicKey)).toBe(true);
      }
    },
  );

  it('decides itself what is in a certificate', async () => {
    const challenge = await scep.mint();
    const certificate = certificateOf(await scep.enrol({ challenge, commonName: 'Administrator' }));
    expect(certificate.subject).toMatch(
      /^(O=Orchard School\nCN=[0-9a-f-]{36}|CN=[0-9a-f-]{36}\nO=Orchard School)$/,
    );
    expect(certificate.ca).toBe(false);
    expect(constraintsOf(certificate).usages).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.subjectAltName).toBeUndefined();
    const days = (certificate.validToDate.getTime() - mdm.now()) / DAY_MS;
    expect(Math.round(days)).toBe(90);
    expect(certificate.validFromDate.getTime()).toBeLessThan(mdm.now());
  });

  describe('reads a message', () => {
    const message = async () =>
      makePkcsReq({ key: someKey(), caCertificate: scep.caCertificate, challenge: await scep.mint() });

    it.each([
      '',
      'application/x-pki-message',
      'application/octet-stream',
      'text/plain',
      'application/json',
      'no type',
      '*/*',
    ])('that is posted as "%s"', async (type) => {
      const exchange = await message();
      const { status, body } = await scep.post(exchange.message, type);
      expect(status).toBe(200);
      expect(readCertRep(body, exchange).status).toBe('SUCCESS');
    });

    const spellings: [string, (base64: string) => string][] = [
      ['percent-encoded', encodeURIComponent],
      ['with a + that is no space', (base64) => base64],
      ['with spaces in place of +', (base64) => base64.replaceAll('+', '%20')],
      ['with line ends', (base64) => encodeURIComponent(base64.replaceAll(/.{64}/g, '$&\r\n'))],
      ['without padding', (base64) => encodeURIComponent(base64.replaceAll('=', ''))],
      ['in base64url', (base64) => base64.replaceAll('+', '-').replaceAll('/', '_')],
    ];
    it.each(spellings)('in an address, %s', async (_how, spell) => {
      const exchange = await message();
      const spelled = spell(exchange.message.toString('base64'));
      const { status, body } = await scep.call(`?operation=PKIOperation&message=${spelled}`);
      expect(status).toBe(200);
      expect(readCertRep(body, exchange).status).toBe('SUCCESS');
    });

    it('in any order, and with the operation in any case', async () => {
      const exchange = await message();
      const base64 = encodeURIComponent(exchange.message.toString('base64'));
      const { body } = await scep.call(`?message=${base64}&operation=pkioperation`);
      expect(readCertRep(body, exchange).status).toBe('SUCCESS');
    });

    it('of tens of kilobytes in an address', async () => {
      const exchange = makePkcsReq({
        key: someKey(),
        caCertificate: scep.caCertificate,
        challenge: await scep.mint(),
        commonName: 'x'.repeat(8_000),
      });
      expect(exchange.message.toString('base64').length).toBeGreaterThan(20_000);
      const { status, body } = await scep.get(exchange.message);
      expect(status).toBe(200);
      expect(readCertRep(body, exchange).status).toBe('SUCCESS');
    });
  });

  const bad: [string, string, RequestInit, number, RegExp][] = [
    ['no operation', '', {}, 400, /GetCACaps, GetCACert, PKIOperation/],
    ['another operation', '?operation=GetNextCACert', {}, 400, /one operation/],
    ['two operations', '?operation=GetCACaps&operation=PKIOperation', {}, 400, /one operation/],
    ['no message', '?operation=PKIOperation', {}, 400, /needs `message`/],
    ['an empty message', '?operation=PKIOperation&message=', {}, 400, /needs `message`/],
    ['a message that is no base64', '?operation=PKIOperation&message=%3C%3E', {}, 400, /base64/],
    ['a broken percent', '?operation=PKIOperation&message=%E0%A4%A', {}, 400, /base64/],
    ['a message that is no CMS', '?operation=PKIOperation&message=AAAA', {}, 400, /no SCEP message/],
    ['a post without a body', '?operation=PKIOperation', { method: 'POST' }, 400, /needs a body/],
    ['a post of noise', '?operation=PKIOperation', { method: 'POST', body: 'noise' }, 400, /no SCEP message/],
    [
      'a post of 257 KiB',
      '?operation=PKIOperation',
      { method: 'POST', body: 'x'.repeat(257 * 1024) },
      413,
      /262144/,
    ],
    ['an address of 66 KiB', `?operation=PKIOperation&message=${'A'.repeat(66 * 1024)}`, {}, 413, /POST/],
    ['another method', '?operation=GetCACaps', { method: 'DELETE' }, 405, /GET and POST/],
  ];
  it.each(bad)('refuses %s in words', async (_what, query, init, status, words) => {
    const answer = await scep.call(query, init);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^text\/plain/);
    expect(answer.body.toString()).toMatch(words);
  });

  it('answers 431 to an address beyond all bounds', async () => {
    const { status } = await scep.call(`?operation=PKIOperation&message=${'A'.repeat(200 * 1024)}`);
    expect(status).toBe(431);
  });

  it('is unavailable while the database is, and says when to come back', async () => {
    const exchange = makePkcsReq({ key: someKey(), caCertificate: scep.caCertificate, challenge: 'any' });
    const { database } = mdm.app;
    const real = database.transaction.bind(database);
    Object.defineProperty(database, 'transaction', {
      configurable: true,
      value: () => Promise.reject(new Error('the disk is gone')),
    });
    try {
      const { status, body } = await scep.post(exchange.message);
      expect([status, body.toString()]).toEqual([503, 'Not available now; try again.\n']);
    } finally {
      Object.defineProperty(database, 'transaction', { configurable: true, value: real });
    }
  });
});
