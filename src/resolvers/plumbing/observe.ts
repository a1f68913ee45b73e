import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError, type OperationTypeNode } from 'graphql';
import { PomonaError } from '../../errors.js';
import { spendingOf } from './admission.js';
import type { Spending } from './rate-limit.js';

/** An operation, once it was answered; a subscription, once it began. */
export interface ObservedOperation {
  readonly requestId: string;
  /** As the client named it. Any text. */
  readonly operationName: string | undefined;
  /** Undefined when the document could not be read that far. */
  readonly type: `${OperationTypeNode}` | undefined;
  /** `refused`: nothing was executed. `failed`: there are errors besides data. */
  readonly outcome: 'ok' | 'failed' | 'refused';
  /** `extensions.code` of each error. */
  readonly codes: readonly string[];
  readonly ms: number;
  /** What it was charged; undefined when it was not admitted. */
  readonly spending: Spending | undefined;
  /** Undefined when it was refused before there was one. */
  readonly contextValue: object | undefined;
}

/** Told of every operation, whatever its transport. Must not throw. */
export type Observe = (operation: ObservedOperation) => void;

/** What is known of an operation under way. */
export interface Underway {
  readonly requestId: string;
  readonly begun: number;
  operationName?: string | null | undefined;
  type?: `${OperationTypeNode}` | undefined;
  contextValue?: object | undefined;
}

/** Tells of an operation that was answered. */
export function observed(
  observe: Observe,
  { requestId, begun, operationName, type, contextValue }: Underway,
  executed: boolean,
  errors: readonly GraphQLFormattedError[] = [],
): void {
  const ran = errors.length === 0 ? 'ok' : 'failed';
  observe({
    requestId,
    operationName: operationName ?? undefined,
    type,
    outcome: executed ? ran : 'refused',
    codes: errors.map(({ extensions }) => String(extensions?.['code'])),
    ms: performance.now() - begun,
    spending: contextValue === undefined ? undefined : spendingOf(contextValue),
    contextValue,
  });
}

/** Observes what comes by HTTP; also what Apollo refuses by itself. */
export function observePlugin<C extends BaseContext>(
  observe: Observe,
  requestId: () => string,
): ApolloServerPlugin<C> {
  return {
    requestDidStart: async ({ contextValue, request }) => {
      const underway: Underway = {
        requestId: requestId(),
        begun: performance.now(),
        operationName: request.operationName,
        contextValue,
      };
      return {
        willSendResponse: async ({ response: { body }, operation, operationName }) => {
          underway.operationName = operationName ?? underway.operationName;
          underway.type = operation?.operation;
          const { data, errors } =
            body.kind === 'single' ? body.singleResult : { data: undefined, errors: [] };
          observed(observe, underway, data !== undefined, errors);
        },
      };
    },
    // Nobody knows who called: a token that does not work.
    contextCreationDidFail: async ({ error }) => {
      const cause = error instanceof GraphQLError ? error.originalError : error;
      const code = cause instanceof PomonaError ? cause.code : 'INTERNAL';
      const underway = { requestId: requestId(), begun: performance.now() };
      observed(observe, underway, false, [{ message: error.message, extensions: { code } }]);
    },
  };
}
