import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Fleet } from '../../simulator/device/index.js';
import { setStage, type Stage } from '../../simulator/demo/stage.js';
import { createAuthority, issueServerCertificate, type Issued } from '../../simulator/pki.js';
import { OPERATIONS } from '../../src/rest/routes.js';

/** The folder of an SDK. */
export const sdkFolder = (name: string): string =>
  fileURLToPath(new URL(`../../sdk/${name}/`, import.meta.url));

/** The first block of code in an SDK's README: what its readers try first. */
export function firstCode(name: string, language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme(name)) ?? [];
  return code ?? expect.fail(`${name} has no ${language} in its README.`);
}

/** Routes of /management/v1 that the table in an SDK's README does not have. */
export function routesLeftOut(name: string): string[] {
  const text = readme(name);
  return OPERATIONS.map(({ method, path }) => `${method} ${path}`).filter(
    (route) => !text.includes(`| \`${route}\``),
  );
}

const readme = (name: string): string => readFileSync(`${sdkFolder(name)}README.md`, 'utf8');

/** A program that has ended. */
export interface Ended {
  readonly code: number | null;
  /** What it printed, both streams as they came. */
  readonly output: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server with simulated devices that answer when they are pushed; SDKs find it by their environment variables. */
export interface SdkWorld {
  readonly stage: Stage;
  readonly fleet: Fleet;
  /** POMONA_URL, POMONA_TOKEN; POMONA_TEST_SERIAL: the device that an SDK's own tests may use; POMONA_TEST_TLS_…: https. */
  readonly env: Readonly<Record<string, string>>;
}

const SPARE = 'POMONADEMO01';
/** The device for the example. It is left alone by the SDK's tests. */
export const EXAMPLE_DEVICE = 'POMONADEMO02';

export function useSdkWorld(): SdkWorld {
  let folder: string;
  let stage: Stage;
  let fleet: Fleet;
  let front: Server;
  beforeAll(async () => {
    const authority = createAuthority('SDK authority', { keyType: 'ec' });
    folder = mkdtempSync(join(tmpdir(), 'pomona-sdk-'));
    writeFileSync(join(folder, 'ca.pem'), authority.certPem);
    stage = await setStage(0);
    const { link = '' } = await stage.app.services.enrollmentProfiles.create({ name: 'SDK' });
    for (const serialNumber of [SPARE, EXAMPLE_DEVICE]) await stage.invite(link, serialNumber);
    fleet = stage.fleet;
    await fleet.enrollAll(2);
    front = await tlsFront(stage.app.url, issueServerCertificate(authority));
  });
  afterAll(async () => {
    front.close();
    await stage.strike();
    rmSync(folder, { recursive: true });
  });
  return {
    get stage() {
      return stage;
    },
    get fleet() {
      return fleet;
    },
    get env() {
      return {
        POMONA_URL: stage.app.url,
        POMONA_TOKEN: stage.token,
        POMONA_TEST_SERIAL: SPARE,
        POMONA_TEST_TLS_URL: `https://127.0.0.1:${(front.address() as AddressInfo).port}`,
        POMONA_TEST_TLS_CA: join(folder, 'ca.pem'),
      };
    },
  };
}

/** Takes TLS off, as the proxy in front of a server does. */
async function tlsFront(url: string, issued: Issued): Promise<Server> {
  const server = createServer({ cert: issued.certPem, key: issued.keyPem }, (near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** The device whose serial number is EXAMPLE_DEVICE holds as many profiles beside its enrolment profile. */
export function profilesOfExampleDevice(fleet: Fleet): number {
  const device = fleet.devices.find(({ facts }) => facts.serialNumber === EXAMPLE_DEVICE);
  return device === undefined ? -1 : device.state.profiles.size - 1;
}

/** Runs a program to its end, while this process goes on serving. */
export function run({ program, args, cwd, env = {} }: Command): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, output }));
  return promise;
}

/** Runs a program, fails with all it printed unless it ended well, and returns that. */
export async function runWell(command: Command): Promise<string> {
  const { code, output } = await run(command);
  expect(code, `${command.program} ${command.args.join(' ')}\n${output}`).toBe(0);
  return output;
}

/**
 * A program that tests need, for `describe.runIf(wanted)` and the end of its title. Where it is missing, the tests are skipped and
 * the title says why; on CI they run all the same, and fail.
 */
export function programNeeded(program: string, versionArgs: readonly string[]) {
  const here = spawnSync(program, versionArgs).status === 0;
  return {
    wanted: here || process.env['CI'] === 'true',
    note: here ? '' : ` (${program} is not installed)`,
  };
}
