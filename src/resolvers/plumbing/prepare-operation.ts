import {
  getOperationAST,
  type ExecutionArgs,
  type GraphQLError,
  type OperationDefinitionNode,
} from 'graphql';
import type { LiveSettings } from './live-options.js';
import type { DocumentRequest } from './persisted.js';

/** An operation as a client sent it, in whatever envelope. */
export interface OperationRequest extends DocumentRequest {
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** What can be executed. */
export interface PreparedOperation {
  readonly args: ExecutionArgs;
  readonly operation: OperationDefinitionNode;
}

/**
 * What every operation of a live connection passes before it runs: its document is found and is valid, and it
 * is admitted.
 * @returns the errors to refuse it with, when it does not pass.
 */
export async function prepareOperation<P extends object>(
  principal: P,
  request: OperationRequest,
  requestId: string,
  { core, contextFor }: LiveSettings<P>,
): Promise<PreparedOperation | readonly GraphQLError[]> {
  const document = core.read(request);
  if (!('kind' in document)) return document;
  const { variables: variableValues, operationName } = request;
  const operation = getOperationAST(document, operationName);
  const contextValue = await contextFor(principal, operation?.operation ?? 'query', requestId);
  const errors = await core.admit({ document, variables: variableValues, operationName }, contextValue);
  if (errors.length > 0) return errors;
  // What names no operation is not admitted.
  if (operation == null) throw new Error('An operation was admitted that is not in its document.');
  core.persisted.remember(request);
  return {
    args: { schema: core.schema, document, variableValues, operationName, contextValue },
    operation,
  };
}
