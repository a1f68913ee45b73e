import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Store } from '../support/databases.js';
import type { Build } from '../support/build.js';

export const ADMIN_TOKEN = 'crash-admin-token-0123456789';

/** The server as it ships, in a process of its own that can be killed. It listens on the same port in every life. */
export class ServerProcess {
  readonly url: string;
  readonly #environment: Record<string, string>;
  readonly #main: string;
  #child: ChildProcess | undefined;
  #log: Promise<string[]> = Promise.resolve([]);
  /** What it logged as errors, or said on standard error, in all its lives. */
  readonly errors: string[] = [];
  /** How long it took to be ready, in each of its lives, in milliseconds. */
  readonly starts: number[] = [];

  private constructor(
    build: Build,
    store: Store,
    deviceCaFile: string,
    port: number,
    more: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#main = build.path('src/main.js');
    this.#environment = {
      POMONA_PORT: `${port}`,
      POMONA_DATA_DIR: store.dataDir,
      POMONA_ADMIN_TOKEN: ADMIN_TOKEN,
      POMONA_DEVICE_CA_FILE: deviceCaFile,
      POMONA_LOG_LEVEL: 'error',
      // It is started many times.
      NODE_COMPILE_CACHE: build.path('compiled'),
      ...(store.url === undefined ? {} : { POMONA_DATABASE_URL: store.url }),
      ...more,
    };
  }

  /** @param more options of the server besides */
  static async on(
    store: Store,
    build: Build,
    deviceCaPem: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    const file = join(store.dataDir, 'devices.pem');
    writeFileSync(file, deviceCaPem);
    return new ServerProcess(build, store, file, await freePort(), more);
  }

  /** Resolves once the server says that it is ready; rejects with what it said when it ends before. */
  async start(): Promise<void> {
    const before = performance.now();
    const child = spawn(process.execPath, [this.#main], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#log = Promise.all([text(child.stdout), text(child.stderr)]);
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => void (data.includes('Pomona is ready') && resolve()));
    });
    const ended = once(child, 'exit').then(async () => {
      throw new Error(`The server did not start: ${(await this.#log).join('')}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    this.starts.push(performance.now() - before);
  }

  /** Ends it where it stands. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill('SIGKILL');
    const [out = '', error = ''] = await this.#log;
    this.errors.push(
      ...[...out.split('\n').filter((line) => line.startsWith('{')), error].filter((line) => line !== ''),
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
