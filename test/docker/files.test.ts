import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../src/config/index.js';

/** No engine runs on a test machine, so these check what can be checked without one. */
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');

interface Compose {
  services: Record<
    string,
    {
      environment: Record<string, string>;
      healthcheck?: unknown;
      depends_on?: Record<string, { condition: string }>;
      build?: { context: string; dockerfile: string };
    }
  >;
  volumes: Record<string, unknown>;
}
const compose = parse(readFileSync('docker/compose.yaml', 'utf8')) as Compose;

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

  it('builds the Dockerfile that is there, and sets only options that exist', () => {
    const { pomona } = compose.services;
    expect(existsSync(`docker/${pomona?.build?.context}/${pomona?.build?.dockerfile}`)).toBe(true);
    const names = Object.keys(pomona?.environment ?? {}).map((name) => name.replace('POMONA_', ''));
    expect(names.filter((name) => !Object.keys(OPTIONS).includes(name))).toEqual([]);
  });
});
