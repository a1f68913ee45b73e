import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { extractSignedContent, isSignedData } from '../../src/apple/cms/index.js';
import { readConfigurationProfile } from '../../src/apple/mobileconfig/index.js';
import { downloadProfile } from '../../simulator/device/index.js';
import { readProfile } from '../../simulator/device/profile.js';
import { createAuthority, issue, pkcs12, type Issued } from '../../simulator/pki.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { Mdm } from '../mdm/kit.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer } from '../support/server.js';

const root = createAuthority('Signing Root');
const middle = issue(root, { commonName: 'Signing Middle', ca: true });
const rsa = issue(middle, { commonName: 'Orchard Profiles' });
const ec = issue(middle, { commonName: 'Orchard Profiles', keyType: 'ec' });
const expired = issue(middle, { commonName: 'Old Profiles', notAfter: new Date(Date.now() - 86_400_000) });
const PASSPHRASE = 'opens the key';

let store: Store;
beforeAll(async () => {
  store = await freshStore('sqlite');
});
afterAll(() => store.remove());

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(store.dataDir, name), content);
  return join(store.dataDir, name);
};

const pem = (signer: Issued): Record<string, string> => ({
  PROFILE_SIGNING_CERT_FILE: file('signing.pem', signer.certPem + middle.certPem),
  PROFILE_SIGNING_KEY_FILE: file('signing.key', signer.keyPem),
});
const p12 = (): Record<string, string> => ({
  PROFILE_SIGNING_CERT_FILE: file('signing.p12', pkcs12(rsa, PASSPHRASE, [middle])),
  PROFILE_SIGNING_KEY_PASSPHRASE: PASSPHRASE,
});

/** What OpenSSL says of a signature whose signer it trusts by the root alone. */
function opensslVerify(
  signed: Buffer,
  ...more: string[]
): { status: number | null; content: Buffer; said: string } {
  const anchor = file('root.pem', root.certPem);
  const options = [
    'cms',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    file('profile.mobileconfig', signed),
    '-CAfile',
    anchor,
  ];
  const { status, stdout, stderr } = spawnSync('openssl', [...options, '-purpose', 'any', ...more]);
  return { status, content: stdout, said: stderr.toString() };
}

onBothDatabases('An enrolment profile', (name) => {
  let mdm: Mdm;
  afterEach(async () => {
    closeDevices();
    await mdm.stop();
  });
  async function start(options: Record<string, string>): Promise<string> {
    mdm = new Mdm(name, options);
    await mdm.start();
    return (await invite(mdm)).link;
  }

  it('is not signed when nothing is configured', async () => {
    expect(isSignedData(await downloadProfile(await start({})))).toBe(false);
  });

  it.each([
    ['an RSA key in PEM', () => pem(rsa), rsa],
    ['an EC key in PEM', () => pem(ec), ec],
    ['a .p12', p12, rsa],
  ])('is signed with %s, as OpenSSL finds too, and a device enrols by it', async (_how, options, signer) => {
    const link = await start(options());
    const signed = await downloadProfile(link);
    const { status, content, said } = opensslVerify(signed);
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(readConfigurationProfile(content)).toMatchObject({
      payloadTypes: ['com.apple.security.scep', 'com.apple.mdm'],
    });
    const { signer: found } = extractSignedContent(signed);
    expect(found.certificateDer).toEqual(signer.certDer);
    expect(found.otherCertificates).toEqual([middle.certDer]);
    expect(found.digestAlgorithm).toBe('sha256');
    expect(Math.abs((found.signingTime?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    // What reads profiles that people upload reads ours.
    expect(readConfigurationProfile(signed)).toMatchObject({ signed: true, signerName: 'Orchard Profiles' });
    expect((await (await installed(link)).enroll()).status).toBe(200);
  });

  it('is signed on with a certificate that has expired, and the server says so', async () => {
    const link = await start(pem(expired));
    const signed = await downloadProfile(link);
    expect(opensslVerify(signed).said).toMatch(/certificate has expired/);
    expect(opensslVerify(signed, '-no_check_time').status).toBe(0);
    expect((await (await installed(link)).enroll()).status).toBe(200);
    const held = mdm.services.server.certificates.find(({ purpose }) => purpose === 'PROFILE_SIGNING');
    expect(held).toMatchObject({ subject: 'CN=Old Profiles', daysLeft: -2 });
  });

  it('is found wrong by OpenSSL and by the simulator when one byte of it is another', async () => {
    const link = await start(pem(rsa));
    const altered = await downloadProfile(link);
    const at = altered.indexOf('com.apple.mdm');
    expect(at).toBeGreaterThan(0);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(opensslVerify(altered).status).not.toBe(0);
    expect(() => readProfile(altered)).toThrow('Its signature is not right');
  });
});

describe('A signing certificate', () => {
  let empty: Store;
  beforeEach(async () => {
    empty = await freshStore('sqlite');
  });
  afterEach(() => empty.remove());

  const bad: [string, () => Record<string, string>, RegExp][] = [
    [
      'without its key',
      () => ({ PROFILE_SIGNING_CERT_FILE: file('s.pem', rsa.certPem) }),
      /PROFILE_SIGNING_CERT_FILE.*go together/,
    ],
    ['whose key is alone', () => ({ PROFILE_SIGNING_KEY_FILE: file('s.key', rsa.keyPem) }), /go together/],
    [
      'with the key of another',
      () => ({ ...pem(rsa), PROFILE_SIGNING_KEY_FILE: file('other.key', root.keyPem) }),
      /PROFILE_SIGNING_KEY_FILE is not the key of/,
    ],
    [
      'whose .p12 has another passphrase',
      () => ({ ...p12(), PROFILE_SIGNING_KEY_PASSPHRASE: 'wrong' }),
      /not opened by the passphrase/,
    ],
    ['of another kind of key', () => pem(withEd25519()), /ed25519; profiles are signed with RSA or EC keys/],
    [
      'that is not there',
      () => ({ ...pem(rsa), PROFILE_SIGNING_CERT_FILE: '/nowhere' }),
      /PROFILE_SIGNING_CERT_FILE: .*ENOENT/,
    ],
  ];
  it.each(bad)('%s stops the start in words, before anything is written', async (_what, options, words) => {
    await expect(startServer(empty, options())).rejects.toThrow(words);
    expect(readdirSync(empty.dataDir)).toEqual([]);
  });
});

/** OpenSSL makes it: the simulator's authority signs with RSA and EC alone. */
function withEd25519(): Issued {
  const { privateKey } = generateKeyPairSync('ed25519');
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const options = ['req', '-x509', '-new', '-key', file('ed.key', keyPem), '-subj', '/CN=Ed', '-days', '2'];
  return { ...rsa, certPem: spawnSync('openssl', options).stdout.toString(), keyPem };
}
