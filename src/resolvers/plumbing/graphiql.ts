import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PAGE_CSS, PAGE_JS, pageHtml, type ExampleTab } from './graphiql-page.js';

export interface GraphiqlOptions {
  /** Default `/graphiql`. */
  readonly path?: string;
  /** Default `/graphql`. */
  readonly endpoint?: string;
  /** Tabs shown on the first visit. */
  readonly examples?: readonly ExampleTab[];
}

const ASSETS = {
  'graphiql.css': ['graphiql', 'graphiql.min.css'],
  'graphiql.js': ['graphiql', 'graphiql.min.js'],
  'react.js': ['react', 'umd/react.production.min.js'],
  'react-dom.js': ['react-dom', 'umd/react-dom.production.min.js'],
} as const;

/**
 * Everything from this host. GraphiQL puts styles into the page (scroll bars, editor) and has its fonts in
 * its style sheet.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Serves the explorer, wholly from this host: it works on a network without a way out. */
export async function mountGraphiql(fastify: FastifyInstance, options: GraphiqlOptions = {}): Promise<void> {
  const { path = '/graphiql', endpoint = '/graphql', examples = [] } = options;
  const html = pageHtml({ base: path, endpoint, examples });
  fastify.get(path, async (_request, reply) =>
    reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(html),
  );
  serve(fastify, `${path}/page.css`, Buffer.from(PAGE_CSS));
  serve(fastify, `${path}/page.js`, Buffer.from(PAGE_JS));
  const require = createRequire(import.meta.url);
  for (const [name, [library, file]] of Object.entries(ASSETS)) {
    const folder = dirname(require.resolve(`${library}/package.json`));
    serve(fastify, `${path}/${name}`, await readFile(join(folder, file)));
  }
}

function serve(fastify: FastifyInstance, url: string, content: Buffer): void {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const type = url.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  const headers = { etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  fastify.get(url, async (request, reply) => {
    reply.headers(headers).type(type);
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
  });
}
