import {
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { asGraphQLError, withCode } from './errors.js';

/** Bounds on the text of a request, the same on all transports. */
export const MAX_TOKENS = 2_000;
export const MAX_DOCUMENT_LENGTH = 64 * 1024;
export const MAX_VALIDATION_ERRORS = 20;

/**
 * Reads a document's text: parsed and valid, or the errors. The same text gives the same object, which later
 * caches rely on.
 */
export type Documents = (text: string) => DocumentNode | readonly GraphQLError[];

/** @param maxKept valid documents remembered; the least recently used is forgotten. */
export function createDocuments(schema: GraphQLSchema, maxKept = 500): Documents {
  const known = new LRUCache<string, DocumentNode>({ max: maxKept });
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const document = parsed(text);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(schema, document, specifiedRules, { maxErrors: MAX_VALIDATION_ERRORS });
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    known.set(text, document);
    return document;
  };
}

function parsed(text: string): DocumentNode | GraphQLError {
  if (text.length > MAX_DOCUMENT_LENGTH) {
    const message = `The document is ${text.length} characters; the limit is ${MAX_DOCUMENT_LENGTH}. Put data in variables.`;
    return new GraphQLError(message, { extensions: { code: 'PAYLOAD_TOO_LARGE' } });
  }
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return withCode(asGraphQLError(error), 'GRAPHQL_PARSE_FAILED');
  }
}
