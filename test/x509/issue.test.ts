import {
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  createPrivateKey,
  type KeyObject,
} from 'node:crypto';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { issue } from '../../simulator/pki.js';
import { verifyChain } from '../../src/apple/identity/index.js';
import {
  createAuthority,
  issueIdentity,
  X509Error,
  type IdentityOptions,
} from '../../src/apple/x509/index.js';
import { hasOpenssl, openssl } from './openssl.js';

const notBefore = new Date('2026-11-01T00:00:00Z');
const notAfter = new Date('2036-11-01T00:00:00Z');
const at = new Date('2026-12-01T00:00:00Z');

const made = createAuthority({
  commonName: 'Pomona Identities',
  organization: 'Pomona Åre',
  notBefore,
  notAfter,
});
const authority = {
  certificate: new X509Certificate(made.certificatePem),
  privateKey: createPrivateKey(made.privateKeyPem),
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

const options = (o: Partial<IdentityOptions> = {}): IdentityOptions => ({
  authority,
  publicKey: rsa,
  commonName: 'C02XK1ZZJG5H',
  organization: 'Pomona',
  serialNumber: '0123456789abcdef',
  notBefore,
  notAfter: new Date('2027-11-01T00:00:00Z'),
  ...o,
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof X509Error) return error.code;
    throw error;
  }
}

const pemOf = (der: Buffer): string => new X509Certificate(der).toString();

describe('an authority', () => {
  it('is an authority with nobody below, for 3072 bits unless said otherwise', () => {
    const { certificate, privateKey } = authority;
    expect(certificate.ca).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(certificate.subject).toBe('O=Pomona Åre\nCN=Pomona Identities');
    expect([certificate.validFromDate, certificate.validToDate]).toEqual([notBefore, notAfter]);
  });

  it('has a serial number of its own each time', () => {
    const again = createAuthority({ commonName: 'Pomona', notBefore, notAfter, keyBits: 2048 });
    const { serialNumber } = new X509Certificate(again.certificatePem);
    expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(serialNumber).not.toBe(authority.certificate.serialNumber);
  });

  it.each([
    ['1024 bits', { keyBits: 1024 }, 'weak-key'],
    ['half a bit', { keyBits: 2048.5 }, 'weak-key'],
    ['a million bits', { keyBits: 1_000_000 }, 'weak-key'],
    ['no name', { commonName: '' }, 'bad-name'],
    ['a name too long for OpenSSL', { commonName: 'x'.repeat(65) }, 'bad-name'],
    ['an organization without a name', { organization: '' }, 'bad-name'],
    ['an end before its beginning', { keyBits: 2048, notAfter: notBefore }, 'bad-validity'],
    ['no date', { keyBits: 2048, notAfter: new Date(NaN) }, 'bad-validity'],
  ])('cannot have %s', (_what, wrong, code) => {
    expect(codeOf(() => createAuthority({ commonName: 'Pomona', notBefore, notAfter, ...wrong }))).toBe(code);
  });
});

describe('an identity', () => {
  it('is believed by the device door', () => {
    const identity = new X509Certificate(issueIdentity(options()));
    expect(() => verifyChain(identity, [], [authority.certificate], at, { skewMs: 0 })).not.toThrow();
  });

  it('says what it was told, and no more', () => {
    const identity = new X509Certificate(issueIdentity(options()));
    expect(identity).toMatchObject({
      subject: 'O=Pomona\nCN=C02XK1ZZJG5H',
      issuer: authority.certificate.subject,
      serialNumber: '0123456789ABCDEF',
      ca: false,
      keyUsage: ['1.3.6.1.5.5.7.3.2'],
      subjectAltName: undefined,
    });
    expect(identity.publicKey.equals(rsa)).toBe(true);
    expect(identity.checkIssued(authority.certificate)).toBe(true);
  });

  it('names its issuer in the very bytes of an authority that others made', () => {
    const theirs = forgeAuthority();
    const identity = new X509Certificate(issueIdentity(options({ authority: theirs })));
    expect(identity.checkIssued(theirs.certificate)).toBe(true);
    expect(() => verifyChain(identity, [], [theirs.certificate], at, { skewMs: 0 })).not.toThrow();
  });

  it.each([
    [
      'a key of 1024 bits',
      { publicKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey },
      'weak-key',
    ],
    [
      'a key with an exponent of 3',
      { publicKey: generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey },
      'weak-key',
    ],
    ['a key of another kind', { publicKey: generateKeyPairSync('ed25519').publicKey }, 'weak-key'],
    [
      'a key on another curve',
      { publicKey: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey },
      'weak-key',
    ],
    ['a serial number of zero', { serialNumber: '00' }, 'bad-serial-number'],
    ['a negative serial number', { serialNumber: '-1' }, 'bad-serial-number'],
    ['no serial number', { serialNumber: '' }, 'bad-serial-number'],
    ['a serial number that needs 21 octets', { serialNumber: 'f'.repeat(40) }, 'bad-serial-number'],
    ['no name', { commonName: '' }, 'bad-name'],
    ['an end before its beginning', { notAfter: new Date('2026-10-01') }, 'bad-validity'],
  ] satisfies [string, Partial<IdentityOptions>, string][])('cannot have %s', (_what, wrong, code) => {
    expect(codeOf(() => issueIdentity(options(wrong)))).toBe(code);
  });

  it('is not issued with a key that SCEP could not use', () => {
    const issuer = issue(
      { certPem: '', keyPem: '', certDer: authority.certificate.raw, key: authority.privateKey },
      { commonName: 'EC', keyType: 'ec', ca: true },
    );
    const elliptic = { certificate: new X509Certificate(issuer.certDer), privateKey: issuer.key };
    expect(codeOf(() => issueIdentity(options({ authority: elliptic })))).toBe('unsupported-algorithm');
  });
});

/** An authority made by node-forge, with the older string types in its name and no key identifier. */
function forgeAuthority(): { certificate: X509Certificate; privateKey: KeyObject } {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const forgeKey = forge.pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString());
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e);
  certificate.serialNumber = '05';
  certificate.validity = { notBefore, notAfter };
  const name = [
    { type: '2.5.4.6', value: 'SE' },
    { type: '2.5.4.10', value: 'Acme & Sons', valueTagClass: forge.asn1.Type.PRINTABLESTRING },
    { type: '2.5.4.3', value: 'Corporate  CA' },
  ] as unknown as forge.pki.CertificateField[];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ]);
  certificate.sign(forgeKey, forge.md.sha256.create());
  return { certificate: new X509Certificate(forge.pki.certificateToPem(certificate)), privateKey: key };
}

describe.skipIf(!hasOpenssl)('OpenSSL', () => {
  const verify = (identity: Buffer, anchor: string, ...more: string[]): string =>
    openssl(
      [
        'verify',
        '-x509_strict',
        '-attime',
        String(at.getTime() / 1000),
        ...more,
        '-CAfile',
        '@ca.pem',
        '@id.pem',
      ],
      { 'ca.pem': anchor, 'id.pem': pemOf(identity) },
    ).toString();

  it.each([
    ['RSA', rsa],
    ['P-256', ec],
  ])('verifies the identity of a device with a key on %s, as a client', (_name, publicKey) => {
    const identity = issueIdentity(options({ publicKey }));
    expect(verify(identity, made.certificatePem, '-purpose', 'sslclient')).toMatch(/: OK\n$/);
    expect(() => verify(identity, made.certificatePem, '-purpose', 'sslserver')).toThrow(
      /unsuitable certificate purpose/,
    );
  });

  it('verifies one of an authority that others made', () => {
    const theirs = forgeAuthority();
    const identity = issueIdentity(options({ authority: theirs }));
    const args = ['verify', '-attime', String(at.getTime() / 1000), '-CAfile', '@ca.pem', '@id.pem'];
    const files = { 'ca.pem': theirs.certificate.toString(), 'id.pem': pemOf(identity) };
    expect(openssl(args, files).toString()).toMatch(/: OK\n$/);
  });

  it('prints the extensions that we meant', () => {
    const print = (pem: string): string =>
      openssl(['x509', '-noout', '-text', '-in', '@c'], { c: pem }).toString();
    const identity = print(pemOf(issueIdentity(options())));
    for (const expected of [
      /Basic Constraints: critical\s+CA:FALSE/,
      /X509v3 Key Usage: critical\s+Digital Signature, Key Encipherment\n/,
      /Extended Key Usage: \s+TLS Web Client Authentication\n/,
      /Signature Algorithm: sha256WithRSAEncryption/,
    ])
      expect(identity).toMatch(expected);
    const ca = print(made.certificatePem);
    expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(ca).toMatch(
      /Key Usage: critical\s+Digital Signature, Key Encipherment, Certificate Sign, CRL Sign\n/,
    );
    const keyId = /Subject Key Identifier: \s+([0-9A-F:]+)/.exec(ca)?.[1];
    expect(/Authority Key Identifier: \s+(?:keyid:)?([0-9A-F:]+)/.exec(identity)?.[1]).toBe(keyId);
  });

  it('takes the public key out of an identity as it went in', () => {
    const pem = openssl(['x509', '-noout', '-pubkey', '-in', '@c'], { c: pemOf(issueIdentity(options())) });
    expect(createPublicKey(pem).equals(rsa)).toBe(true);
  });
});
