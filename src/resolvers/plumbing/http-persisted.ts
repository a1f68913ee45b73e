import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { PomonaError } from '../../errors.js';
import type { GraphqlCore } from './core.js';
import type { DocumentRequest } from './persisted.js';

type Members = Record<string, unknown>;

/**
 * Puts the text of the document in place of its hash, so that what follows sees an ordinary request; and remembers a
 * valid document that came with its hash. Answers the request itself when there is no such document, or it may not run.
 */
export async function resolveDocument(
  core: GraphqlCore,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const asked = membersOf(request);
  if (asked === undefined) return undefined;
  const text = core.persisted.textOf(asked);
  if (text instanceof GraphQLError) return refuse(core, text, request, reply);
  if (text === undefined || !namesHash(asked)) return undefined;
  if (asked.query === text && 'kind' in core.read(asked)) core.persisted.remember(asked);
  setText(request, text);
  return undefined;
}

/** What the body, or the query string, says of the document; undefined when it is no request at all. */
function membersOf(request: FastifyRequest): DocumentRequest | undefined {
  if (request.method === 'GET') return fromUrl(new URL(request.url, 'http://host').searchParams);
  return isMembers(request.body) ? request.body : undefined;
}

function fromUrl(parameters: URLSearchParams): DocumentRequest {
  const query = parameters.get('query');
  const documentId = parameters.get('documentId');
  return { query, documentId, extensions: jsonIn(parameters.get('extensions')) };
}

/** What is not JSON is refused further on, in words. */
function jsonIn(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namesHash({ documentId, extensions }: DocumentRequest): boolean {
  return documentId != null || (isMembers(extensions) && extensions['persistedQuery'] != null);
}

function setText(request: FastifyRequest, query: string): void {
  if (request.method === 'GET') {
    const url = new URL(request.url, 'http://host');
    url.searchParams.delete('documentId');
    url.searchParams.delete('extensions');
    url.searchParams.set('query', query);
    request.raw.url = url.pathname + url.search;
  } else {
    const { documentId: _id, extensions: _extensions, ...rest } = request.body as Members;
    request.body = { ...rest, query };
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Apollo's clients expect 200 when a hash is not known, and then send the text; no cache may keep that answer. */
function refuse(
  core: GraphqlCore,
  error: GraphQLError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const cause = error.originalError;
  const status = cause instanceof PomonaError ? cause.face.http : 200;
  return reply
    .code(status)
    .header('cache-control', 'private, no-cache, must-revalidate')
    .type('application/json; charset=utf-8')
    .send({ errors: [core.format(error, request.id)] });
}
