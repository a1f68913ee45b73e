import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PAGE_HEADERS, serveFile } from '../../own-pages.js';
import type { Operation } from '../operation.js';
import { refuseOthers, type RestDoor } from '../route.js';
import { openApiDocument } from './document.js';
import { PAGE_JS, pageHtml } from './page.js';

const LIBRARY_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;
const PATHS = ['/openapi.json', '/docs', '/docs/page.js', ...LIBRARY_FILES.map((name) => `/docs/${name}`)];

/**
 * `/openapi.json`, and `/docs` to read it in a browser, wholly from this host. Neither needs a token: they hold no data, only
 * what is public with the program itself.
 */
export async function documentRoutes(
  app: FastifyInstance,
  door: RestDoor,
  operations: readonly Operation[],
): Promise<void> {
  const { prefix } = app;
  const { publicUrl, version } = door.services.server;
  const document = JSON.stringify(openApiDocument(operations, { publicUrl, prefix, version }));
  serveFile(app, '/openapi.json', document);
  const html = pageHtml(`${prefix}/docs`, `${prefix}/openapi.json`);
  app.get('/docs', async (_request, reply) =>
    reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(html),
  );
  serveFile(app, '/docs/page.js', PAGE_JS);
  const library = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const name of LIBRARY_FILES) serveFile(app, `/docs/${name}`, await readFile(join(library, name)));
  for (const path of PATHS) refuseOthers(app, door, [{ method: 'GET', path }], path);
}
