import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/**
 * Pages for people, wholly from this host: they work on a network without a way out. GraphiQL and Swagger UI put styles into
 * the page, and have fonts and images in their style sheets.
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

/** What a page is sent with. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Serves a content that never changes while the process runs, to anyone; a browser that has it is told so. */
export function serveFile(fastify: FastifyInstance, url: string, content: Buffer | string): void {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const type = TYPES[extname(url)] ?? 'application/octet-stream';
  const headers = { etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  fastify.get(url, async (request, reply) => {
    reply.headers(headers).type(type);
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
  });
}
