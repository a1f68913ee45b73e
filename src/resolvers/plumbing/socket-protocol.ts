import { getOperationAST, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { PomonaError } from '../../errors.js';
import { newRequestId } from './core.js';
import { createDocuments, type Documents } from './documents.js';
import { asGraphQLError } from './errors.js';
import { subscribeToEvents } from './event-stream.js';
import type { SocketSettings, SocketUse } from './socket-options.js';

/** What belongs to one socket. */
export interface Extra<P extends object> extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  principal?: P;
}

type SocketContext<P extends object> = Context<undefined, Extra<P>>;

/** Execution arguments that remember the socket they came by. */
interface SocketArgs<P extends object> extends ExecutionArgs {
  readonly extra: Extra<P>;
  readonly principal: P;
  readonly requestId: string;
}

/**
 * The graphql-transport-ws protocol with our own door in it: graphql-ws parses, validates and executes by
 * itself and knows nothing of Apollo's plugins, so the guard, masking, contexts and permission are given to
 * it here. Whatever is wrong with one operation is one `error` message; the socket stays open.
 */
export function createProtocol<P extends object>(settings: SocketSettings<P>): Server<Extra<P>> {
  const { core } = settings;
  const documents = createDocuments(core);
  /** Which id an operation's errors are told and logged under; the payload object is the same in every hook. */
  const requestIds = new WeakMap<object, string>();
  const formatted = (payload: object, errors: readonly GraphQLError[]) =>
    errors.map((error) => core.format(error, requestIds.get(payload) ?? newRequestId()));

  return makeServer<undefined, Extra<P>>({
    connectionInitWaitTimeout: settings.connectionInitWaitTimeout,
    onConnect: (ctx) => admit(ctx, settings),
    onSubscribe: async (ctx, _id, payload) => {
      const requestId = newRequestId();
      requestIds.set(payload, requestId);
      try {
        return await prepare(ctx, payload, requestId, documents, settings);
      } catch (error) {
        return [asGraphQLError(error)];
      }
    },
    execute: (args) => core.executor.execute(args),
    subscribe: (args) => subscribe(args as SocketArgs<P>, settings),
    onNext: (_ctx, _id, payload, _args, result) => {
      const errors = (result as ExecutionResult).errors;
      return errors ? { ...result, errors: formatted(payload, errors) } : undefined;
    },
    onError: (_ctx, _id, payload, errors) => formatted(payload, errors),
  });
}

async function admit<P extends object>(ctx: SocketContext<P>, settings: SocketSettings<P>): Promise<boolean> {
  const { socket, request } = ctx.extra;
  try {
    const principal = await settings.onConnect(ctx.connectionParams ?? {}, request);
    if (principal === undefined) return false;
    ctx.extra.principal = principal;
    return true;
  } catch (error) {
    if (error instanceof PomonaError && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code)) return false;
    settings.core.log.error({ err: error }, 'A socket could not be admitted');
    socket.close(1013, 'Try again later');
    return false; // The 4403 that follows from this comes too late to be sent.
  }
}

async function prepare<P extends object>(
  ctx: SocketContext<P>,
  payload: SubscribePayload,
  requestId: string,
  documents: Documents,
  settings: SocketSettings<P>,
): Promise<SocketArgs<P> | readonly GraphQLError[]> {
  const { core, maxOperations } = settings;
  // Before anything is awaited, or operations that came together would all see each other.
  if (Object.keys(ctx.subscriptions).length > maxOperations) {
    throw new PomonaError(
      'RATE_LIMITED',
      `This socket already has ${maxOperations} operations under way; complete one first.`,
    );
  }
  const principal = await permitted(ctx.extra, settings);
  const document = documents(payload.query);
  if (!('kind' in document)) return document;
  const { variables: variableValues, operationName } = payload;
  const errors = core.guard({ document, variables: variableValues, operationName });
  if (errors.length > 0) return errors;
  const use: SocketUse = getOperationAST(document, operationName)?.operation ?? 'query';
  const contextValue = await settings.contextFor(principal, use, requestId);
  return {
    schema: core.schema,
    document,
    variableValues,
    operationName,
    contextValue,
    extra: ctx.extra,
    principal,
    requestId,
  };
}

async function permitted<P extends object>(
  { principal, socket }: Extra<P>,
  settings: SocketSettings<P>,
): Promise<P> {
  if (principal !== undefined && (await settings.stillAllowed(principal))) return principal;
  socket.close(4403, 'Forbidden');
  throw new PomonaError('UNAUTHENTICATED', 'What this socket was opened with is no longer valid.');
}

function subscribe<P extends object>(
  args: SocketArgs<P>,
  settings: SocketSettings<P>,
): ReturnType<typeof subscribeToEvents> {
  const { extra, principal, requestId } = args;
  return subscribeToEvents(args, {
    contextForEvent: () => settings.contextFor(principal, 'event', requestId),
    allowed: () => settings.stillAllowed(principal),
    refused: () => extra.socket.close(4403, 'Forbidden'),
    execute: (eventArgs) => settings.core.executor.execute(eventArgs),
  });
}
