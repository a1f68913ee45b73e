import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Context } from './kit.js';

describe('/management/v1/docs', () => {
  let ctx: Context;
  let html: string;
  let policy: string;
  beforeAll(async () => {
    ctx = await Context.start('sqlite');
    const response = await fetch(`${ctx.server.url}/management/v1/docs`);
    html = await response.text();
    policy = response.headers.get('content-security-policy') ?? '';
  });
  afterAll(() => ctx.stop());

  const files = (): string[] =>
    [...html.matchAll(/(?:src|href|data-document)="([^"]+)"/g)].map(([, url = '']) => url);

  test('names no other host, nor runs a script inside the page', () => {
    expect(html).toContain('<title>Pomona REST</title>');
    expect(html).not.toMatch(/https?:|\/\/[a-z]/i);
    expect(html).not.toMatch(/<script(?! src=)|<style|\son\w+=/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'; ");
    expect(policy).toContain("connect-src 'self'; ");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test('has everything it refers to, without a token, and nothing in it loads from elsewhere', async () => {
    expect(new Set(files()).size).toBe(4);
    for (const url of files()) {
      const response = await fetch(ctx.server.url + url);
      expect(response.status).toBe(200);
      const type = { css: /^text\/css/, js: /^text\/javascript/, json: /^application\/json/ }[
        url.split('.').at(-1) ?? ''
      ];
      expect(response.headers.get('content-type')).toMatch(type ?? 'a known type');
      expect(await response.text()).not.toMatch(
        /(url\(|@import|importScripts\(|[^.\w]import\()\s*["']?(https?:)?\/\//,
      );
    }
  });

  test('shows the document of this server, asks this server, and sends it to no validator', async () => {
    const script = await (await fetch(`${ctx.server.url}/management/v1/docs/page.js`)).text();
    const fetched: string[] = [];
    const shown = Promise.withResolvers<Record<string, unknown>>();
    const bundle = Object.assign((options: Record<string, unknown>) => shown.resolve(options), {
      presets: { apis: [] },
    });
    const document = /data-document="([^"]+)"/.exec(html)?.[1];
    vm.runInNewContext(script, {
      document: { getElementById: () => ({ dataset: { document } }) },
      location: { origin: 'https://mdm.example.org' },
      fetch: (url: string) => {
        fetched.push(url);
        return fetch(ctx.server.url + url);
      },
      SwaggerUIBundle: bundle,
    });
    const options = await shown.promise;
    expect(fetched).toEqual(['/management/v1/openapi.json']);
    expect(options).toMatchObject({ validatorUrl: null, spec: { openapi: '3.1.0' } });
    expect(JSON.parse(JSON.stringify(options['spec']))).toMatchObject({
      servers: [{ url: 'https://mdm.example.org' }],
      paths: { '/management/v1/devices': {} },
    });
  });

  test('is there for reading only', async () => {
    for (const path of ['/docs', '/openapi.json', '/docs/page.js']) {
      const reply = await ctx.call('POST', path, { json: {} });
      expect(reply.status).toBe(405);
      expect(reply.headers.get('allow')).toBe('GET, HEAD');
    }
  });
});
