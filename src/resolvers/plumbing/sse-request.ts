import type { FastifyRequest } from 'fastify';
import { PomonaError } from '../../errors.js';
import type { OperationRequest } from './prepare-operation.js';

/**
 * The operation in a request: in the body of a POST, in the address of a GET (GraphQL over HTTP, section 6).
 * Throws BAD_USER_INPUT when it is not well-formed.
 */
export function operationIn({ method, query, body }: FastifyRequest): OperationRequest {
  const given = method === 'GET' ? fromAddress(query as Record<string, unknown>) : body;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw bad('Send one operation, as a JSON object.');
  }
  const { operationName, variables, extensions, ...document } = given as Record<string, unknown>;
  if (operationName != null && typeof operationName !== 'string')
    throw bad('`operationName` has to be text.');
  return {
    query: document['query'],
    documentId: document['documentId'],
    operationName: operationName ?? undefined,
    variables: objectOrNone(variables, 'variables'),
    extensions: objectOrNone(extensions, 'extensions'),
  };
}

function fromAddress(query: Record<string, unknown>): Record<string, unknown> {
  return {
    ...query,
    variables: parsed(query['variables'], 'variables'),
    extensions: parsed(query['extensions'], 'extensions'),
  };
}

function parsed(text: unknown, name: string): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(String(text));
  } catch {
    throw bad(`\`${name}\` is not JSON.`);
  }
}

function objectOrNone(value: unknown, name: string): Record<string, unknown> | undefined {
  if (value == null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw bad(`\`${name}\` has to be an object.`);
  return value as Record<string, unknown>;
}

function bad(message: string): PomonaError {
  return new PomonaError('BAD_USER_INPUT', message);
}
