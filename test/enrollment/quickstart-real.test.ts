import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/log.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { deviceFromLink, type SimulatedDevice } from '../../simulator/device/index.js';
import { Connections } from '../../simulator/device/transport.js';
import { answerPushRequest } from '../../simulator/pki.js';
import { authority, startFake, TOPIC } from '../apns/setup.js';
import { PairFiles, serverCertificate, webCa } from '../listeners/kit.js';
import { freshStore, type Store } from '../support/databases.js';
import { ADMIN_TOKEN, type Json } from '../support/server.js';

const CERTIFICATE = 'MDM_ Orchard_Certificate.pem';
const FOLDER = dirname(process.execPath);

/** The chapter about a real device, by its steps: what is typed, and what is seen. */
const page = readFileSync('docs/quickstart.md', 'utf8');
const chapter = page.slice(page.indexOf('## Then a real one'), page.indexOf('## When it does not work'));
const steps = chapter.split(/^### \d+\. /m).slice(1);
const block = (step: number, language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(steps[step - 1] ?? '')?.[1] ?? '';

let store: Store;
let files: PairFiles;
let apns: FakeApns;
let app: App;
let device: SimulatedDevice | undefined;
/** How far the clock of the server is ahead, in milliseconds. */
let ahead = 0;
const trusted = getCACertificates('default');

beforeAll(async () => {
  setDefaultCACertificates([...trusted, webCa.certPem]);
  files = new PairFiles(serverCertificate());
  writeFileSync(inFolder('web-ca.pem'), webCa.certPem);
  writeFileSync(inFolder('apns-ca.pem'), authority.certPem);
  [store, apns] = await Promise.all([freshStore('sqlite'), startFake()]);
  const port = await freePort();
  const config = loadConfig(
    {
      POMONA_DATA_DIR: store.dataDir,
      POMONA_PORT: String(port),
      POMONA_PUBLIC_URL: `https://localhost:${port}`,
      POMONA_TLS_CERT_FILE: files.certificate,
      POMONA_TLS_KEY_FILE: files.key,
      POMONA_APNS_URL: apns.url,
      POMONA_APNS_CA_FILE: inFolder('apns-ca.pem'),
      POMONA_ADMIN_TOKEN: ADMIN_TOKEN,
    },
    [],
  );
  app = await startApp(config, createLog('silent'), () => Date.now() + ahead);
});
afterAll(async () => {
  device?.close();
  await app.stop();
  await apns.close();
  await store.remove();
  files.remove();
  setDefaultCACertificates(trusted);
});

const inFolder = (name: string): string => join(files.directory, name);

/** The address of the devices has to be known before the server listens. */
async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, 'close');
  return port;
}

const url = (): string => app.url.replace('127.0.0.1', 'localhost');

/** What is typed in step 2 makes commands for the later steps. */
const setup = () =>
  block(2, 'sh')
    .replace(/^TOKEN=.*\n/, '')
    .replace(/^doctor\n/m, '');

/** Types it into a shell, with the names and ids of this run. Answers with what is seen. */
async function typed(text: string, id = ''): Promise<string> {
  const script = `${setup()}\n${text}`.replaceAll('https://mdm.example.org', url()).replaceAll('RGV2…', id);
  const env = {
    PATH: `${FOLDER}:${process.env['PATH']}`,
    TOKEN: ADMIN_TOKEN,
    CURL_CA_BUNDLE: inFolder('web-ca.pem'),
  };
  const { stdout } = await promisify(execFile)('sh', ['-ec', script], { env, cwd: files.directory });
  return stdout.trim();
}

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Whether that is what the page shows, with anything for `…`. */
function expectShown(step: number, seen: string, id = 'RGV2…'): void {
  const shown = block(step, 'text').trim().replaceAll('https://mdm.example.org', url());
  const pattern = shown.replaceAll('RGV2…', id).split('…').map(literally).join('.*');
  expect(seen).toMatch(new RegExp(`^${pattern}$`));
}

it('has ten steps at most', () => {
  expect(steps).toHaveLength(10);
});

it('starts with options that a server takes', () => {
  const given = [...block(1, 'sh').matchAll(/(POMONA_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  expect(given.length).toBeGreaterThan(4);
  expect(() => loadConfig(Object.fromEntries(given) as Record<string, string>, [])).not.toThrow();
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
it.skipIf(!hasCurl)(
  'goes from a server without a push certificate to an answered command, and shows what is really seen',
  async () => {
    expectShown(2, await typed('doctor'));
    expectShown(3, await typed(block(3, 'sh')));
    const asked = await typed(`pomona '{"query":"{ pushCertificates(first: 1) { nodes { csrPem } } }"}'`);
    const { csrPem } = (JSON.parse(asked) as Json).data.pushCertificates.nodes[0];
    writeFileSync(inFolder(CERTIFICATE), answerPushRequest(authority, csrPem, TOPIC));
    expectShown(6, await typed(block(6, 'sh')));
    ahead = 11_000; // A diagnosis is good for ten seconds.
    expectShown(7, await typed(block(7, 'sh')));

    const linked = await typed(block(8, 'sh'));
    expectShown(8, linked);
    const link = /"link":"([^"]*)"/.exec(linked)?.[1] ?? '';
    expect(await (await fetch(link)).text()).toMatch(
      /Orchard would like to manage this device[^]*Download the profile[^]*<svg/,
    );
    device = await deviceFromLink(link, { connections: new Connections({ ca: webCa.certPem }) });
    expect((await device.enroll()).status).toBe(200);
    const answered = woken(device);
    const [look = '', send = '', result = ''] = block(10, 'sh').trim().split('\n');
    const seen = [await typed(look)];
    const id = /"id":"([^"]*)"/.exec(seen[0] ?? '')?.[1] ?? '';
    seen.push(await typed(send, id));
    await answered;
    seen.push(await typed(result));
    expectShown(10, seen.join('\n'), id);
  },
  30_000,
);

/** Resolves once a push has made the device do what was asked. */
async function woken(asked: SimulatedDevice): Promise<void> {
  const [{ pushMagic }] = await once(apns, 'push');
  await asked.onPush(pushMagic);
}
