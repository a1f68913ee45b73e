import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useMdm } from '../mdm/kit.js';
import { issued, newKey, ScepClient } from './kit.js';

const version = spawnSync('pki', ['--help'], { encoding: 'utf8' });
const missing =
  version.error !== undefined || !/loaded plugins:.*\bcurl\b/.test(version.stdout + version.stderr);

/** On a developer's machine it may be missing; where everything has to pass it may not. */
const skipped = missing && process.env['CI'] !== 'true';

/** An implementation of SCEP by others: strongSwan's `pki` (Debian: strongswan-pki, libstrongswan-extra-plugins). */
describe.skipIf(skipped)(`strongSwan’s pki${skipped ? ' (skipped: not on this machine)' : ''}`, () => {
  const mdm = useMdm('sqlite');
  let scep: ScepClient;
  beforeAll(() => {
    scep = new ScepClient(mdm);
  });
  const file = (name: string): string => join(mdm.store.dataDir, name);

  async function pki(...options: string[]): Promise<{ code: number | null; out: Buffer; said: string }> {
    const child = spawn('pki', options, { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    const [said, code] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { code, out: Buffer.concat(parts), said };
  }

  const url = (): string => `${mdm.app.url}/scep`;
  const keyFile = (name: string): string => {
    writeFileSync(file(name), newKey().export({ type: 'pkcs1', format: 'der' }));
    return file(name);
  };
  const request = (key: string, ...more: string[]): string[] => {
    const ca = ['--cacert-enc', file('ca.crt'), '--cacert-sig', file('ca.crt')];
    return ['--scep', '--url', url(), '--in', key, '--dn', 'CN=anything', ...ca, ...more];
  };

  it('takes our authority', async () => {
    const { code, said } = await pki(
      '--scepca',
      '--url',
      url(),
      '--caout',
      file('ca.crt'),
      '--outform',
      'der',
    );
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(readFileSync(file('ca.crt'))).toEqual(scep.caCertificate.raw);
  });

  it.each([
    ['aes', 'sha256'],
    ['aes', 'sha384'],
    ['aes', 'sha512'],
    ['des3', 'sha1'],
  ])('is issued a certificate with %s and %s', async (cipher, digest) => {
    const challenge = await scep.mint();
    const options = request(
      keyFile('device.key'),
      '--password',
      challenge,
      '--cipher',
      cipher,
      '--digest',
      digest,
    );
    const { code, out, said } = await pki(...options);
    expect({ code, said }).toMatchObject({ code: 0 });
    const certificate = new X509Certificate(out);
    expect(certificate.verify(scep.caCertificate.publicKey)).toBe(true);
    expect(certificate.subject).not.toContain('anything');
  });

  it('is refused without a challenge, and with one that was used', async () => {
    const challenge = await scep.mint();
    expect((await pki(...request(keyFile('a.key'), '--password', challenge))).code).toBe(0);
    for (const more of [[], ['--password', challenge], ['--password', 'invented']]) {
      const { code, said } = await pki(...request(keyFile('b.key'), ...more));
      expect(code).not.toBe(0);
      expect(said).toMatch(/fail/i);
    }
  });

  it('renews the identity of an enrolled device', async () => {
    const key = newKey();
    const identity = await scep.identity(key);
    await mdm.enrolled({ identity });
    writeFileSync(file('old.crt'), identity.certDer);
    writeFileSync(file('old.key'), key.export({ type: 'pkcs1', format: 'der' }));
    const options = request(keyFile('new.key'), '--cert', file('old.crt'), '--key', file('old.key'));
    const { code, out, said } = await pki(...options);
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(issued({ status: 'SUCCESS', certificate: out }, key).certDer).not.toEqual(identity.certDer);
  });
});
