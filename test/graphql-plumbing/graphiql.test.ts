import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './server.js';

let server: TestServer;
let html: string;
let policy: string;
beforeAll(async () => {
  server = await startServer();
  const response = await fetch(`${server.url}/graphiql`);
  html = await response.text();
  policy = response.headers.get('content-security-policy') ?? '';
});
afterAll(() => server.close());

const assets = () => [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url]) => url ?? '');

describe('the explorer', () => {
  it('names no other host, nor runs a script inside the page', () => {
    expect(html).not.toMatch(/https?:|\/\/[a-z]/i);
    expect(html).not.toMatch(/<script(?! src=)/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'; ");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });
  it('has everything it refers to, and nothing in it loads from elsewhere', async () => {
    expect(assets()).toHaveLength(6);
    for (const url of assets()) {
      const response = await fetch(server.url + url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(
        url.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
      const content = await response.text();
      expect(content).not.toMatch(/(url\(|@import|importScripts\(|import\()\s*["']?https?:/);
      expect(content).not.toMatch(/[^.\w]eval\(|new Function\(/);
      const again = await fetch(server.url + url, {
        headers: { 'if-none-match': response.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
    }
  });
  it('carries the example tabs through HTML unharmed', () => {
    const encoded = /data-examples="([^"]*)"/.exec(html)?.[1] ?? '';
    const decoded = encoded
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    expect(JSON.parse(decoded)).toEqual([{ query: '# "first" <example>\n{ whoami }' }]);
  });
  it('gives the token to HTTP and, as connectionParams, to the socket', async () => {
    const script = await (await fetch(`${server.url}/graphiql/page.js`)).text();
    const calls: unknown[] = [];
    let submit: (event: { preventDefault(): void }) => void = () => undefined;
    const element = {
      dataset: { endpoint: '/graphql', examples: '[]' },
      value: '',
      addEventListener: (_type: string, listener: typeof submit) => (submit = listener),
    };
    const stored = new Map<string, string>();
    const rendered: { fetcher(request: object, options: object): unknown }[] = [];
    vm.runInNewContext(script, {
      URL,
      location: { href: 'https://mdm.example.org/graphiql' },
      document: { getElementById: () => element },
      sessionStorage: {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
      },
      ReactDOM: { createRoot: () => ({ render: () => undefined }) },
      React: { createElement: (_type: unknown, props: (typeof rendered)[number]) => rendered.push(props) },
      GraphiQL: {
        createFetcher: (options: object) => (request: object, more: object) =>
          calls.push({ options, request, more }),
      },
    });
    element.value = ' secret ';
    submit({ preventDefault: () => undefined });
    rendered.at(-1)?.fetcher({ query: '{ whoami }' }, { headers: { 'x-other': '1' } });
    expect(JSON.parse(JSON.stringify(calls))).toEqual([
      {
        options: { url: 'https://mdm.example.org/graphql', subscriptionUrl: 'wss://mdm.example.org/graphql' },
        request: { query: '{ whoami }' },
        more: { headers: { Authorization: 'Bearer secret', 'x-other': '1' } },
      },
    ]);
  });
});
