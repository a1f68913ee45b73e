import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { useMdm } from '../mdm/kit.js';
import { issued, newKey, ScepClient } from './kit.js';

const missing = spawnSync('scepclient', ['-version']).error !== undefined;
/** On a developer's machine it may be missing; where everything has to pass it may not. */
const skipped = missing && process.env['CI'] !== 'true';

/** An implementation of SCEP by others, in Go: `scepclient` (Debian: scep). */
describe.skipIf(skipped)(`scepclient${skipped ? ' (skipped: not on this machine)' : ''}`, () => {
  const mdm = useMdm('sqlite');
  let scep: ScepClient;
  beforeAll(() => {
    scep = new ScepClient(mdm);
  });
  /** It leaves its request and a certificate of its own beside the key, so each has a folder. */
  const file = (name: string, what: 'key.pem' | 'certificate.pem'): string => {
    mkdirSync(join(mdm.store.dataDir, name), { recursive: true });
    return join(mdm.store.dataDir, name, what);
  };

  async function scepclient(name: string, ...more: string[]): Promise<{ code: number | null; said: string }> {
    const files = ['-private-key', file(name, 'key.pem'), '-certificate', file(name, 'certificate.pem')];
    const options = ['-server-url', `${mdm.app.url}/scep`, ...files, ...more];
    const child = spawn('scepclient', options, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, error, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return { code, said: out + error };
  }
  const certificateOf = (name: string): X509Certificate =>
    new X509Certificate(readFileSync(file(name, 'certificate.pem')));

  it('is issued a certificate, whose subject and purpose are ours to say', async () => {
    const { code, said } = await scepclient('device', '-challenge', await scep.mint(), '-cn', 'anything');
    expect({ code, said }).toMatchObject({ code: 0 });
    const certificate = certificateOf('device');
    expect(certificate.verify(scep.caCertificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(file('device', 'key.pem'))))).toBe(true);
    expect(certificate.subject).not.toContain('anything');
    expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.2']]);
  });

  it('takes our authority by its fingerprint, and no other', async () => {
    const ours = scep.caCertificate.fingerprint256.replaceAll(':', '').toLowerCase();
    const right = await scepclient('pinned', '-challenge', await scep.mint(), '-ca-fingerprint', ours);
    expect(right).toMatchObject({ code: 0 });
    const wrong = ours.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
    const { code } = await scepclient('fooled', '-challenge', await scep.mint(), '-ca-fingerprint', wrong);
    expect(code).not.toBe(0);
    expect(() => certificateOf('fooled')).toThrow('ENOENT');
  });

  it('is refused without a challenge, with an invented one, and with one that was used', async () => {
    const challenge = await scep.mint();
    expect(await scepclient('first', '-challenge', challenge)).toMatchObject({ code: 0 });
    const before = await scep.issuedCount();
    for (const [name, more] of [
      ['none', []],
      ['invented', ['-challenge', 'invented']],
      ['used', ['-challenge', challenge]],
    ] as const) {
      const { code, said } = await scepclient(name, ...more);
      expect(code).not.toBe(0);
      expect(said).toMatch(/fail/i);
      expect(() => certificateOf(name)).toThrow('ENOENT');
    }
    expect(await scep.issuedCount()).toBe(before);
  });

  it('renews the identity of an enrolled device with its key', async () => {
    const key = newKey();
    const identity = await scep.identity(key);
    const { device } = await mdm.enrolled({ identity });
    writeFileSync(file('old', 'certificate.pem'), identity.certPem);
    writeFileSync(file('old', 'key.pem'), key.export({ type: 'pkcs1', format: 'pem' }));
    const { code, said } = await scepclient('old');
    expect({ code, said }).toMatchObject({ code: 0 });
    const renewed = issued({ status: 'SUCCESS', certificate: certificateOf('old').raw }, key);
    expect(renewed.certDer).not.toEqual(identity.certDer);
    const again = mdm.device({ udid: device.facts.udid, identity: renewed });
    expect((await again.idle()).status).toBe(200);
  });
});
