import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { PomonaError } from '../../errors.js';
import { asGraphQLError } from './errors.js';

/** The part of a request that says which document to run; nothing of it was checked. */
export interface DocumentRequest {
  readonly query?: unknown;
  /** GraphQL over HTTP, appendix A "Persisted Documents": `sha256:` and the hash. */
  readonly documentId?: unknown;
  /** Apollo's protocol: `{ persistedQuery: { version: 1, sha256Hash } }`. */
  readonly extensions?: unknown;
}

/** Documents by the SHA-256 (64 small hexadecimal digits) of their text. */
export type Manifest = ReadonlyMap<string, string>;

export interface PersistedOptions {
  /** Documents that may be asked for by their hash. Default none. */
  readonly manifest?: Manifest;
  /** Run nothing but what is in the manifest, and remember nothing that clients send. Default false. */
  readonly trustedOnly?: boolean;
}

/** Bounds on what clients may have remembered: documents, and characters of them. */
export const MAX_REMEMBERED = 1_000;
export const MAX_REMEMBERED_SIZE = 5 * 1024 * 1024;

/** Finds the text a request asks to run. */
export interface Persisted {
  /** The text; undefined when the request names none in any way; or why not. */
  textOf(request: DocumentRequest): string | undefined | GraphQLError;
  /** Remembers a document for clients that will send its hash alone. To be called with valid documents. */
  remember(request: DocumentRequest): void;
}

export function createPersisted({
  manifest = new Map(),
  trustedOnly = false,
}: PersistedOptions = {}): Persisted {
  const sent = new LRUCache<string, string>({
    max: MAX_REMEMBERED,
    maxSize: MAX_REMEMBERED_SIZE,
    sizeCalculation: (text) => text.length + 1,
  });
  const known = (hash: string): string | undefined => manifest.get(hash) ?? sent.get(hash);
  const find = (request: DocumentRequest): string | undefined => {
    const hash = hashIn(request);
    const { query } = request;
    if (typeof query === 'string' && query !== '') {
      if (hash === undefined && !trustedOnly) return query;
      const own = sha256(query);
      if (hash !== undefined && hash !== own) throw otherHash();
      if (trustedOnly && !manifest.has(own)) throw notTrusted();
      return query;
    }
    if (hash === undefined) return undefined;
    const text = known(hash);
    if (text === undefined) throw trustedOnly ? notTrusted() : notFound();
    return text;
  };
  return {
    textOf: (request) => {
      try {
        return find(request);
      } catch (error) {
        return asGraphQLError(error);
      }
    },
    remember: (request) => {
      const hash = trustedOnly ? undefined : hashIn(request);
      if (hash !== undefined && typeof request.query === 'string' && !manifest.has(hash))
        sent.set(hash, request.query);
    },
  };
}

/** The hash a request names its document by. Throws BAD_USER_INPUT for one that is none. */
function hashIn({ documentId, extensions }: DocumentRequest): string | undefined {
  const persisted = property(extensions, 'persistedQuery');
  if (documentId != null) return readHash(documentId, /^sha256:([0-9a-f]{64})$/, 'documentId');
  if (persisted == null) return undefined;
  if (property(persisted, 'version') !== 1)
    throw new PomonaError('BAD_USER_INPUT', '`extensions.persistedQuery.version` has to be 1.');
  const hash = property(persisted, 'sha256Hash');
  return readHash(hash, /^([0-9a-f]{64})$/, 'extensions.persistedQuery.sha256Hash');
}

function readHash(value: unknown, format: RegExp, name: string): string {
  const [, hash] = (typeof value === 'string' && format.exec(value)) || [];
  if (hash !== undefined) return hash;
  const prefix = name === 'documentId' ? '"sha256:" and ' : '';
  throw new PomonaError(
    'BAD_USER_INPUT',
    `\`${name}\` has to be ${prefix}the SHA-256 of the document's text, as 64 small hexadecimal digits.`,
  );
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** As documents are named in a manifest. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function otherHash(): PomonaError {
  return new PomonaError('BAD_USER_INPUT', 'The hash is not that of the document that came with it.');
}

function notTrusted(): PomonaError {
  return new PomonaError(
    'DOCUMENT_NOT_TRUSTED',
    'This server runs only the documents of its manifest, and this is none of them. Send the hash of one, as `documentId: "sha256:…"`.',
  );
}

/** The message is part of Apollo's protocol: clients that see it send the text with the hash. */
function notFound(): GraphQLError {
  return new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
}
