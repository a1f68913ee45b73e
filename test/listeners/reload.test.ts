import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Tls } from '../../src/listeners/index.js';
import { createLog } from '../../src/log.js';
import { freshStore } from '../support/databases.js';
import { startServer } from '../support/server.js';
import { PairFiles, request, serverCertificate } from './kit.js';

const first = serverCertificate({ commonName: 'first' });
const second = serverCertificate({ commonName: 'second' });

describe('A certificate that changes', () => {
  let files: PairFiles;
  let served: string[];
  let errors: string[];
  let tls: Tls;

  beforeEach(() => {
    files = new PairFiles(first);
    tls = open(files);
  });
  afterEach(() => files.remove());

  function open({ certificate, key }: { certificate: string; key: string }): Tls {
    const log = createLog('silent');
    errors = [];
    log.error = (details: unknown) => void errors.push((details as { reason: string }).reason);
    const opened = new Tls({ certificate, key, passphrase: undefined }, log, Date.now);
    served = [];
    opened.follow(() => served.push(opened.certificate.subject));
    return opened;
  }

  const look = async (times = 1): Promise<void> => {
    for (let left = times; left > 0; left -= 1) await tls.reload();
  };

  it('is served when both files have it, and once', async () => {
    await look();
    expect(served).toEqual([]);
    files.write(second);
    await look(3);
    expect(served).toEqual(['CN=second']);
    files.write(first);
    await look();
    expect(served).toEqual(['CN=second', 'CN=first']);
  });

  it.each(['key', 'certificate'] as const)(
    'is waited for, when the %s comes before the other',
    async (early) => {
      if (early === 'key') writeFileSync(files.key, second.keyPem);
      else writeFileSync(files.certificate, second.certPem);
      await look();
      expect([served, errors]).toEqual([[], []]);
      files.write(second);
      await look();
      expect([served, errors]).toEqual([['CN=second'], []]);
    },
  );

  const halves: [string, () => void, RegExp][] = [
    ['a pair that does not match', () => writeFileSync(files.key, second.keyPem), /is not the key of/],
    [
      'half a certificate',
      () => writeFileSync(files.certificate, second.certPem.slice(0, 200)),
      /not complete/,
    ],
    ['an empty file', () => writeFileSync(files.certificate, ''), /holds no certificate/],
    ['a file that is gone', () => rmSync(files.key), /TLS_KEY_FILE: \S+server.key cannot be read \(ENOENT\)/],
  ];
  it.each(halves)(
    'keeps the former one served: %s; says so once, and tries again',
    async (_what, spoil, words) => {
      spoil();
      await look(5);
      expect(served).toEqual([]);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(words);
      expect(tls.certificate.subject).toBe('CN=first');
      files.write(second);
      await look();
      expect(served).toEqual(['CN=second']);
      // A new fault is news again.
      spoil();
      if (tls.certificate.subject === 'CN=second') writeFileSync(files.certificate, '');
      await look(3);
      expect(errors).toHaveLength(2);
    },
  );

  it('is seen behind links that are renamed, as ACME clients and mounted secrets do it', async () => {
    const version = (name: string, pair: typeof first): void => {
      mkdirSync(join(files.directory, name));
      writeFileSync(join(files.directory, name, 'tls.crt'), pair.certPem);
      writeFileSync(join(files.directory, name, 'tls.key'), pair.keyPem);
    };
    const live = join(files.directory, 'live');
    version('1', first);
    version('2', second);
    symlinkSync('1', live);
    tls = open({ certificate: join(live, 'tls.crt'), key: join(live, 'tls.key') });
    symlinkSync('2', `${live}.new`);
    renameSync(`${live}.new`, live);
    await look();
    expect(served).toEqual(['CN=second']);
  });
});

it('a running server changes its certificate under load: no request is lost, and connections that are open live on', async () => {
  const files = new PairFiles(first);
  const store = await freshStore('sqlite');
  const server = await startServer(store, { ...files.options, DEVICE_PORT: '0' });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const healthz = [`${server.url}/healthz`, `${server.app.deviceUrl}/healthz`];
  const kept = await request(healthz[0] ?? '', { agent });
  const statuses: number[] = [];
  const servedBy = new Set<string>();
  const over = new AbortController();
  const load = [...healthz, ...healthz].map(async (url) => {
    while (!over.signal.aborted) {
      const answer = await request(url, { agent: false });
      statuses.push(answer.status);
      servedBy.add(`${answer.servedBy} ${url}`);
    }
  });
  await vi.waitUntil(() => servedBy.size === 2, { interval: 10 });
  files.write(second);
  await vi.waitUntil(() => servedBy.size === 4, { interval: 10, timeout: 10_000 });
  over.abort();
  await Promise.all(load);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  const later = await request(healthz[0] ?? '', { agent });
  expect([kept.servedBy, later.servedBy, later.reused]).toEqual(['first', 'first', true]);
  agent.destroy();
  await server.stop();
  await store.remove();
  files.remove();
});
