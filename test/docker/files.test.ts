import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, OPTIONS } from '../../src/config/index.js';
import { PairFiles, serverCertificate } from '../listeners/kit.js';
import { freshStore } from '../support/databases.js';
import { startServer } from '../support/server.js';

/** No engine runs on a test machine, so these check what can be checked without one. */
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');

interface Compose {
  services: Record<
    string,
    {
      environment: Record<string, string>;
      ports?: string[];
      healthcheck?: unknown;
      depends_on?: Record<string, { condition: string }>;
      build?: { context: string; dockerfile: string };
    }
  >;
  volumes: Record<string, unknown>;
}
const compose = parse(readFileSync('docker/compose.yaml', 'utf8')) as Compose;

/** What its last stage sets for Pomona. */
function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(POMONA_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Runs the command of HEALTHCHECK. Resolves to its exit code. */
async function healthCheck(environment: Record<string, string>): Promise<number> {
  const [, command = '[]'] = /HEALTHCHECK[^[]*(\[.*\])$/m.exec(dockerfile) ?? [];
  const [, ...given] = JSON.parse(command) as string[];
  const [code] = await once(spawn(process.execPath, given, { env: environment }), 'exit');
  return Number(code);
}

describe('Dockerfile', () => {
  it('copies only what exists (or what its first stage builds)', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(copied).toContain('package-lock.json');
  });

  it('runs as an unprivileged user, with a health check of readiness, in a second stage', () => {
    const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
    expect(final).toMatch(/^USER node$/m);
    expect(final).toMatch(/HEALTHCHECK[\s\S]*\/readyz/);
    expect(final.indexOf('USER node')).toBeLessThan(final.indexOf('CMD ["node", "dist/src/main.js"]'));
  });

  it('listens on all addresses of the container, and leaves it to whoever starts it to say that plain HTTP will do', () => {
    const variables = variablesOf(dockerfile);
    expect(variables).toMatchObject({ POMONA_HOST: '0.0.0.0' });
    expect(() => loadConfig(variables, [])).toThrow(/or POMONA_PLAIN_HTTP=allow/);
    const tls = { POMONA_TLS_CERT_FILE: '/x', POMONA_TLS_KEY_FILE: '/y' };
    expect(() => loadConfig({ ...variables, ...tls }, [])).not.toThrow();
  });

  it.each(['http', 'https'])('finds out by %s whether the server is ready', async (scheme) => {
    const files = new PairFiles(serverCertificate());
    const store = await freshStore('sqlite');
    const server = await startServer(store, scheme === 'https' ? files.options : {});
    const check = (port: string): Promise<number> =>
      healthCheck({
        POMONA_PORT: port,
        ...(scheme === 'https' ? { POMONA_TLS_CERT_FILE: files.certificate } : {}),
      });
    const { port } = new URL(server.url);
    expect(await check(port)).toBe(0);
    await server.stop();
    expect(await check(port)).toBe(1);
    await store.remove();
    files.remove();
  });

  it('sets only options that exist', () => {
    const names = [...dockerfile.matchAll(/POMONA_(\w+)=/g)].map((match) => match[1]);
    expect(names.filter((name) => !Object.keys(OPTIONS).includes(name ?? ''))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  it('starts Pomona once MySQL is healthy, and keeps the data of both', () => {
    const { pomona, mysql } = compose.services;
    expect(pomona?.depends_on?.['mysql']?.condition).toBe('service_healthy');
    expect(mysql?.healthcheck).toBeDefined();
    expect(Object.keys(compose.volumes).sort()).toEqual(['mysql', 'pomona']);
  });

  it('publishes plain HTTP on this machine alone', () => {
    const { pomona } = compose.services;
    expect(pomona?.ports).toEqual(['127.0.0.1:8080:8080']);
    expect(() => loadConfig({ ...variablesOf(dockerfile), ...pomona?.environment }, [])).not.toThrow();
  });

  it('builds the Dockerfile that is there, and sets only options that exist', () => {
    const { pomona } = compose.services;
    expect(existsSync(`docker/${pomona?.build?.context}/${pomona?.build?.dockerfile}`)).toBe(true);
    const names = Object.keys(pomona?.environment ?? {}).map((name) => name.replace('POMONA_', ''));
    expect(names.filter((name) => !Object.keys(OPTIONS).includes(name))).toEqual([]);
  });
});
