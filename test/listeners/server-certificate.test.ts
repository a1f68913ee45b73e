import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.js';
import { openTls, Tls } from '../../src/listeners/index.js';
import { createLog } from '../../src/log.js';
import { createAuthority } from '../../simulator/pki.js';
import { PairFiles, serverCertificate, webCa } from './kit.js';

const pair = serverCertificate({ commonName: 'first' });
const other = serverCertificate({ commonName: 'other' });
const files = new PairFiles();
afterAll(() => files.remove());

const encrypted = createPrivateKey(pair.keyPem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'apple pie' })
  .toString();

/** What is in the two files, and which passphrase is given. */
function open(certificate: string, key: string, passphrase?: string): Tls {
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
  const options = {
    ...files.options,
    ...(passphrase === undefined ? {} : { TLS_KEY_PASSPHRASE: passphrase }),
  };
  const environment = Object.entries(options).map(([name, value]) => [`POMONA_${name}`, value]);
  const tls = openTls(loadConfig(Object.fromEntries(environment), []), createLog('silent'), Date.now);
  if (tls === undefined) throw new Error('No TLS was configured');
  return tls;
}

describe('The certificate of the listeners', () => {
  it.each([
    ['a pair', pair.certPem, pair.keyPem],
    ['a chain, this server’s first', pair.certPem + webCa.certPem, pair.keyPem],
    ['words around the certificate', `Bag attributes\n${pair.certPem}# end\n`, pair.keyPem],
    ['an encrypted key with its passphrase', pair.certPem, encrypted, 'apple pie'],
    ['both in one file', pair.certPem + pair.keyPem, pair.certPem + pair.keyPem],
  ])('is taken from %s', (_what, certificate, key, passphrase?: string) => {
    expect(open(certificate, key, passphrase).certificate.subject).toContain('CN=first');
  });

  const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const weak = createAuthority('weak', { key: rsa1024 });
  it.each<[string, string, string, RegExp, string?]>([
    [
      'a key of another',
      pair.certPem,
      other.keyPem,
      /TLS_KEY_FILE: \S+ is not the key of the certificate in/,
    ],
    [
      'the authority first',
      webCa.certPem + pair.certPem,
      pair.keyPem,
      /has to begin with the certificate of this/,
    ],
    ['no certificate', 'hello', pair.keyPem, /TLS_CERT_FILE: \S+ holds no certificate; it has to be PEM/],
    ['an empty certificate file', '', pair.keyPem, /holds no certificate/],
    [
      'half a certificate',
      pair.certPem.slice(0, 300),
      pair.keyPem,
      /is not complete: a certificate in it has no/,
    ],
    ['half a chain', pair.certPem + webCa.certPem.slice(0, 300), pair.keyPem, /is not complete/],
    ['rubbish in a frame', frame('CERTIFICATE'), pair.keyPem, /holds a certificate that cannot be read/],
    ['no key', pair.certPem, '', /TLS_KEY_FILE: \S+ holds no private key; it has to be PEM/],
    ['half a key', pair.certPem, pair.keyPem.slice(0, 100), /is not complete: the key in it has no end/],
    ['a rubbish key', pair.certPem, frame('PRIVATE KEY'), /holds a private key that cannot be read/],
    ['an encrypted key alone', pair.certPem, encrypted, /is encrypted; give POMONA_TLS_KEY_PASSPHRASE/],
    [
      'another passphrase',
      pair.certPem,
      encrypted,
      /cannot be opened with POMONA_TLS_KEY_PASSPHRASE/,
      'plum',
    ],
    ['a key nobody trusts', weak.certPem, weak.keyPem, /will not do for TLS \(.*key too small/],
  ])('is refused in words: %s', (_what, certificate, key, words, passphrase) => {
    const opening = (): Tls => open(certificate, key, passphrase);
    expect(opening).toThrow(ConfigError);
    expect(opening).toThrow(words);
    expect(opening).not.toThrow(/apple pie|plum/);
  });

  it.each(['certificate', 'key'] as const)('is refused in words: no %s file', (which) => {
    files.write(pair);
    rmSync(files[which]);
    const given = { certificate: files.certificate, key: files.key, passphrase: undefined };
    const name = which === 'key' ? 'POMONA_TLS_KEY_FILE' : 'POMONA_TLS_CERT_FILE';
    expect(() => new Tls(given, createLog('silent'), Date.now)).toThrow(
      `${name}: ${files[which]} cannot be read (ENOENT).`,
    );
  });

  it.each([
    ['expired', { notAfter: new Date(Date.now() - 60_000) }, /expired on .* no device connects/],
    ['not valid yet', { notBefore: new Date(Date.now() + 3_600_000) }, /is not valid before/],
  ])(
    'that is %s is served all the same, so that it can be renewed, with a warning',
    (_what, dates, words) => {
      const said: string[] = [];
      const log = createLog('silent');
      log.warn = (message: unknown) => void said.push(String(message));
      files.write(serverCertificate(dates));
      const given = { certificate: files.certificate, key: files.key, passphrase: undefined };
      expect(new Tls(given, log, Date.now).context.cert).toBe(readFileSync(files.certificate, 'utf8'));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(words);
    },
  );
});

function frame(label: string): string {
  return `-----BEGIN ${label}-----\naGVsbG8gd29ybGQ=\n-----END ${label}-----\n`;
}
