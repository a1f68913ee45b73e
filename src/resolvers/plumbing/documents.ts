import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { MAX_DOCUMENT_LENGTH, MAX_TOKENS, MAX_VALIDATION_ERRORS, type GraphqlCore } from './core.js';
import { asGraphQLError, withCode } from './errors.js';

/**
 * Reads a document's text: parsed and valid, or the errors. The same text gives the same object, which later
 * caches rely on.
 */
export type Documents = (text: string) => DocumentNode | readonly GraphQLError[];

/** @param maxKept valid documents remembered; the least recently used is forgotten. */
export function createDocuments(core: GraphqlCore, maxKept = 500): Documents {
  const known = new LRUCache<string, DocumentNode>({ max: maxKept });
  const rules = core.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const document = parsed(text);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(core.schema, document, rules, { maxErrors: MAX_VALIDATION_ERRORS });
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
