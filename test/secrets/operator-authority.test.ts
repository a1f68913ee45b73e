import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { readIdentityAuthority } from '../../src/provided/identities.js';
import { createAuthority, issue, issueDeviceIdentity, pkcs12 } from '../../simulator/pki.js';
import { readAuthorities } from '../../simulator/scep/index.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { Mdm } from '../mdm/kit.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer } from '../support/server.js';

const root = createAuthority('Orchard Root');
const middle = issue(root, { commonName: 'Orchard Middle', ca: true });
const issuing = issue(middle, { commonName: 'Orchard Devices', ca: true, pathLength: 0 });
const PASSPHRASE = 'correct horse battery';

let store: Store;
beforeAll(async () => {
  store = await freshStore('sqlite');
});
afterAll(() => store.remove());

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(store.dataDir, name), content);
  return join(store.dataDir, name);
};

function openssl(...options: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', options);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

const chainPem = [issuing, middle, root].map(({ certPem }) => certPem).join('');
const encrypted = (cipher: string): string =>
  openssl(
    'pkcs8',
    '-topk8',
    '-in',
    file('issuing.key', issuing.keyPem),
    '-v2',
    cipher,
    '-passout',
    `pass:${PASSPHRASE}`,
  ).toString();

/** Every way in which the same authority may be brought. */
const ways: [string, () => Record<string, string>][] = [
  [
    'PEM, with the authorities above it',
    () => ({ CERT_FILE: file('chain.pem', chainPem), KEY_FILE: file('issuing.key', issuing.keyPem) }),
  ],
  [
    'PEM in another order, the key in the same file',
    () => ({
      CERT_FILE: file('all.pem', [root.certPem, issuing.keyPem, issuing.certPem, middle.certPem].join('')),
    }),
  ],
  [
    'PEM with a key that is encrypted (PKCS#8)',
    () => ({
      CERT_FILE: file('chain.pem', chainPem),
      KEY_FILE: file('encrypted.key', encrypted('aes-256-cbc')),
      KEY_PASSPHRASE: PASSPHRASE,
    }),
  ],
  [
    'PEM with a key that is encrypted (traditional)',
    () => ({
      CERT_FILE: file('chain.pem', chainPem),
      KEY_FILE: file(
        'traditional.key',
        openssl(
          'rsa',
          '-in',
          file('issuing.key', issuing.keyPem),
          '-traditional',
          '-aes256',
          '-passout',
          `pass:${PASSPHRASE}`,
        ),
      ),
      KEY_PASSPHRASE: PASSPHRASE,
    }),
  ],
  [
    '.p12 as Keychain Access exports it',
    () => ({
      CERT_FILE: file('keychain.p12', pkcs12(issuing, PASSPHRASE, [root, middle])),
      KEY_PASSPHRASE: PASSPHRASE,
    }),
  ],
  [
    '.p12 as OpenSSL 3 exports it',
    () => {
      const [certificates, key] = [
        file('others.pem', middle.certPem + root.certPem),
        file('issuing.key', issuing.keyPem),
      ];
      const own = file('issuing.pem', issuing.certPem);
      const options = [
        '-export',
        '-in',
        own,
        '-inkey',
        key,
        '-certfile',
        certificates,
        '-passout',
        `pass:${PASSPHRASE}`,
      ];
      return { CERT_FILE: file('openssl.p12', openssl('pkcs12', ...options)), KEY_PASSPHRASE: PASSPHRASE };
    },
  ],
];

const options = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`IDENTITY_CA_${name}`, value]));

function read(given: Record<string, string>): ReturnType<typeof readIdentityAuthority> {
  const environment = Object.entries(options(given)).map(([name, value]) => [`POMONA_${name}`, value]);
  return readIdentityAuthority(loadConfig(Object.fromEntries(environment), []), Date.now());
}

describe('An authority that the operator brings', () => {
  it.each(ways)('is read as %s', (_how, given) => {
    const authority = read(given());
    expect(authority?.certificate.raw).toEqual(issuing.certDer);
    expect(authority?.privateKey.equals(issuing.key)).toBe(true);
    expect(authority?.chain?.map(({ subject }) => subject)).toEqual(['CN=Orchard Middle', 'CN=Orchard Root']);
  });

  it('that stands alone has no chain, whatever else is in its file', () => {
    const stranger = createAuthority('Stranger', { keyType: 'ec' });
    const alone = read({
      CERT_FILE: file('alone.pem', root.certPem + stranger.certPem),
      KEY_FILE: file('root.key', root.keyPem),
    });
    expect(alone?.chain).toEqual([]);
  });

  const ec = createAuthority('EC CA', { keyType: 'ec' });
  const p12 = (passphrase?: string): Record<string, string> => ({
    CERT_FILE: file('ca.p12', pkcs12(issuing, PASSPHRASE)),
    ...(passphrase === undefined ? {} : { KEY_PASSPHRASE: passphrase }),
  });
  const key = (passphrase?: string): Record<string, string> => ({
    CERT_FILE: file('ca.pem', chainPem),
    KEY_FILE: file('ca.key', encrypted('aes-128-cbc')),
    ...(passphrase === undefined ? {} : { KEY_PASSPHRASE: passphrase }),
  });
  const bad: [string, () => Record<string, string>, RegExp][] = [
    [
      'a .p12 without its passphrase',
      () => p12(),
      /is encrypted: give its passphrase as POMONA_IDENTITY_CA_KEY_PASSPHRASE/,
    ],
    [
      'a .p12 with another passphrase',
      () => p12('wrong'),
      /not opened by the passphrase in POMONA_IDENTITY_CA_KEY_PASSPHRASE/,
    ],
    [
      'a .p12 that is cut short',
      () => ({ CERT_FILE: file('ca.p12', pkcs12(issuing, 'x').subarray(0, 40)) }),
      /no .p12 that can be read/,
    ],
    ['an encrypted key without its passphrase', () => key(), /ca.key is encrypted: give its passphrase/],
    [
      'an encrypted key with another passphrase',
      () => key('wrong'),
      /ca.key is not opened by the passphrase/,
    ],
    [
      'a certificate without a key',
      () => ({ CERT_FILE: file('ca.pem', chainPem) }),
      /holds no private key.*go together/,
    ],
    [
      'a certificate alone, DER',
      () => ({ CERT_FILE: file('ca.der', issuing.certDer) }),
      /holds no private key.*go together/,
    ],
    ['a key without a certificate', () => ({ KEY_FILE: file('ca.key', issuing.keyPem) }), /go together/],
    [
      'an elliptic key',
      () => ({ CERT_FILE: file('ec.pem', ec.certPem + ec.keyPem) }),
      /not RSA.*which SCEP needs/,
    ],
    [
      'an identity that is no authority',
      () => {
        const leaf = issueDeviceIdentity(root, 'leaf');
        return { CERT_FILE: file('leaf.p12', pkcs12(leaf, PASSPHRASE, [root])), KEY_PASSPHRASE: PASSPHRASE };
      },
      /no authority.*CA:TRUE/,
    ],
  ];
  it.each(bad)('%s stops the start in words, before anything is written', async (_what, given, words) => {
    const empty = await freshStore('sqlite');
    await expect(startServer(empty, options(given()))).rejects.toThrow(words);
    expect(readdirSync(empty.dataDir)).toEqual([]);
    await empty.remove();
  });

  it('is not told of with its passphrase', () => {
    expect(() => read(p12('hunter2'))).not.toThrow(/hunter2/);
  });
});

onBothDatabases('An intermediate authority', (name) => {
  let mdm: Mdm;
  beforeAll(async () => {
    mdm = new Mdm(name, options(ways[4]![1]()));
    await mdm.start();
  });
  afterAll(async () => {
    closeDevices();
    await mdm.stop();
  });

  it('is given by GetCACert with those above it, whoever issues first', async () => {
    const answer = await fetch(`${mdm.app.url}/scep?operation=GetCACert`);
    const type = answer.headers.get('content-type');
    expect(type).toBe('application/x-x509-ca-ra-cert');
    const body = Buffer.from(await answer.arrayBuffer());
    const expected = [issuing, middle, root].map(
      ({ certDer }) => new X509Certificate(certDer).fingerprint256,
    );
    expect(readAuthorities(type, body).map(({ fingerprint256 }) => fingerprint256)).toEqual(expected);
    const printed = openssl(
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      file('ca.p7b', body),
      '-print_certs',
    ).toString();
    expect([...printed.matchAll(/subject=CN = (.*)/g)].map(([, subject]) => subject)).toEqual([
      'Orchard Devices',
      'Orchard Middle',
      'Orchard Root',
    ]);
  });

  it('issues identities that enrol, and that chain to it for others too', async () => {
    const { link } = await invite(mdm);
    const device = await installed(link);
    expect((await device.enroll()).status).toBe(200);
    const [leaf, below, anchor] = [
      file('leaf.pem', device.identity.certPem),
      file('below.pem', issuing.certPem + middle.certPem),
      file('root.pem', root.certPem),
    ];
    expect(openssl('verify', '-CAfile', anchor, '-untrusted', below, leaf).toString()).toContain('OK');
  });

  it('is the one that is trusted, not those above it', async () => {
    const sibling = issue(middle, { commonName: 'Other Devices', ca: true });
    for (const ca of [sibling, middle, root]) {
      const device = mdm.device({ identity: issueDeviceIdentity(ca, 'device', { keyType: 'ec' }) });
      expect((await device.authenticate()).status).toBe(400);
    }
  });
});

const pki = spawnSync('pki', ['--help'], { encoding: 'utf8' });
const missing = pki.error !== undefined || !/loaded plugins:.*\bcurl\b/.test(pki.stdout + pki.stderr);

describe.skipIf(missing)(`strongSwan’s pki${missing ? ' (skipped: not on this machine)' : ''}`, () => {
  it('takes an authority with those above it', async () => {
    const mdm = new Mdm('sqlite', options(ways[0]![1]()));
    await mdm.start();
    const { spawn } = await import('node:child_process');
    const out = join(mdm.store.dataDir, 'strong.crt');
    const child = spawn('pki', [
      '--scepca',
      '--url',
      `${mdm.app.url}/scep`,
      '--caout',
      out,
      '--outform',
      'der',
    ]);
    const code = await new Promise((resolve) => child.once('close', resolve));
    const written = readdirSync(mdm.store.dataDir).filter((one) => one.startsWith('strong'));
    const certificates = written.map(
      (one) => new X509Certificate(readFileSync(join(mdm.store.dataDir, one))),
    );
    await mdm.stop();
    expect(code).toBe(0);
    expect(certificates.map(({ subject }) => subject).toSorted()).toEqual([
      'CN=Orchard Devices',
      'CN=Orchard Middle',
      'CN=Orchard Root',
    ]);
  });
});
