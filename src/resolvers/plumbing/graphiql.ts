import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PAGE_HEADERS, serveFile } from '../../own-pages.js';
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

/** Serves the explorer, wholly from this host: it works on a network without a way out. */
export async function mountGraphiql(fastify: FastifyInstance, options: GraphiqlOptions = {}): Promise<void> {
  const { path = '/graphiql', endpoint = '/graphql', examples = [] } = options;
  const html = pageHtml({ base: path, endpoint, examples });
  fastify.get(path, async (_request, reply) =>
    reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(html),
  );
  serveFile(fastify, `${path}/page.css`, PAGE_CSS);
  serveFile(fastify, `${path}/page.js`, PAGE_JS);
  const require = createRequire(import.meta.url);
  for (const [name, [library, file]] of Object.entries(ASSETS)) {
    const folder = dirname(require.resolve(`${library}/package.json`));
    serveFile(fastify, `${path}/${name}`, await readFile(join(folder, file)));
  }
}
