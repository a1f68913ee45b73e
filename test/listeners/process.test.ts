import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type Build } from '../support/build.js';
import { freshStore, type Store } from '../support/databases.js';
import { PairFiles, request, serverCertificate } from './kit.js';

let program: Build;
let store: Store;
const files = new PairFiles(serverCertificate());

beforeAll(async () => {
  program = build();
  store = await freshStore('sqlite');
});
afterAll(async () => {
  program.remove();
  files.remove();
  await store.remove();
});

function start(options: Record<string, string>): ChildProcess {
  const given = { PORT: '0', DATA_DIR: store.dataDir, ...options };
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`POMONA_${name}`, value]));
  return spawn(process.execPath, [program.path('src/main.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Everything a process says; resolves once it greeted. */
async function ready(server: ChildProcess): Promise<{ all: string }> {
  const said = { all: '' };
  await new Promise<void>((resolve) => {
    server.stdout?.on('data', (part: Buffer) => {
      said.all += part.toString();
      if (/Pomona is ready\.\n[^]*\n\n/.test(said.all)) resolve();
    });
  });
  return said;
}

/** Tells it to stop. Resolves to how it ended, when everything was said. */
async function end(server: ChildProcess): Promise<unknown[]> {
  const ended = once(server, 'close');
  server.kill('SIGTERM');
  return ended;
}

describe('The process', () => {
  it('greets with the addresses of both listeners, and answers there until it is told to stop', async () => {
    const server = start({ ...files.options, DEVICE_PORT: '0', PUBLIC_URL: 'http://mdm.example.org' });
    const said = await ready(server);
    const [, admin = ''] = /GraphQL {4}(https:\/\/127\.0\.0\.1:\d+)\/graphql\n/.exec(said.all) ?? [];
    const [, device = ''] = /Devices {4}(https:\/\/127\.0\.0\.1:\d+)\n/.exec(said.all) ?? [];
    expect(said.all).toContain(`Explorer   ${admin}/graphiql`);
    expect((await request(`${admin}/_version`)).status).toBe(200);
    expect((await request(`${device}/scep?operation=GetCACaps`)).status).toBe(200);
    expect(await end(server)).toEqual([0, null]);
    expect(said.all).toMatch(
      /POMONA_PUBLIC_URL is http:\/\/mdm.example.org: .* Give it an https:\/\/ address[^]*\nPomona is ready\./,
    );
    expect(said.all).toMatch(
      /\n {2}No device can enrol yet: there is no push certificate\. docs\/quickstart\.md/,
    );
  });

  it('says no word of devices when all come to one place, nor of plain HTTP on loopback', async () => {
    const server = start({ PUBLIC_URL: 'http://localhost:8080' });
    const said = await ready(server);
    await end(server);
    expect(said.all).toMatch(/GraphQL {4}http:\/\/127/);
    expect(said.all).not.toMatch(/Devices|PUBLIC_URL/);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'plain HTTP for others',
      { HOST: '0.0.0.0' },
      /cannot start\. POMONA_HOST: "0.0.0.0" is reached from other/,
    ],
    [
      'another’s key',
      { ...files.options, TLS_KEY_FILE: files.certificate },
      /cannot start\. POMONA_TLS_KEY_FILE: /,
    ],
  ])('does not start, and says why in one line: %s', async (_what, options, words) => {
    const server = start(options);
    const said = text(server.stderr!);
    const [code] = await once(server, 'exit');
    expect([code, await said]).toEqual([1, expect.stringMatching(words)]);
    expect((await said).trim().split('\n')).toHaveLength(1);
  });
});
