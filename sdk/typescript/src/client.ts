import {
  textOf,
  type DataOf,
  type Operation,
  type Optional,
  type TypedDocument,
  type VariablesOf,
} from './document.ts';
import { EventCursor } from './generated/operations.ts';
import { request } from './http.ts';
import { live, type LiveOptions, type Watched } from './live.ts';
import { paginate, type Page } from './paginate.ts';
import { settingsOf, type ClientOptions } from './settings.ts';
import { createSocket } from './socket.ts';
import { follow, type Subscribing } from './subscribe.ts';

export interface CallOptions {
  /** Gives the operation up: the promise rejects with the signal's reason; a subscription ends. */
  readonly signal?: AbortSignal;
}

type Plain = Readonly<Record<string, unknown>>;

/** Sends an operation. A document brings the types of its variables and its data; of plain text the data is `unknown`. */
export type Send = <const D extends Operation>(
  document: D,
  ...rest: [...VariablesOf<D>, options?: CallOptions]
) => Promise<DataOf<D>>;

/** As `Send`, for an operation that goes on. */
export type Subscribe = <const D extends Operation>(
  document: D,
  ...rest: [...VariablesOf<D>, options?: CallOptions]
) => AsyncIterable<DataOf<D>>;

export interface PomonaClient {
  /** Reads. Tried again when the server is out of reach or busy. Throws PomonaError. */
  readonly query: Send;
  /**
   * Changes. Look at `userErrors` in the answer: a refusal is data. Never sent twice, unless `input.idempotencyKey` makes
   * that safe. Throws PomonaError.
   */
  readonly mutate: Send;
  /**
   * What happens, as it happens; leave the loop, or abort the signal, to end it. Lost sockets are opened again, and the
   * subscription goes on where it was. Throws PomonaError in the loop.
   */
  readonly subscribe: Subscribe;
  /** Every object of a list, page after page. `connection` finds the list in the data; the document takes `$after`. */
  paginate<Data, Variables, Node>(
    document: TypedDocument<Data, Variables>,
    variables: Omit<Variables, 'after'>,
    connection: (data: Data) => Page<Node>,
    options?: CallOptions,
  ): AsyncGenerator<Node, void, undefined>;
  /** A state that is kept up to date by subscriptions; see LiveOptions. */
  live<State, const W extends readonly Watched[]>(
    options: LiveOptions<State, W>,
  ): AsyncGenerator<State, void, undefined>;
  /** Closes the socket. Subscriptions under way end. */
  close(): void;
}

/** A client of one server. Makes no connection until it is used. */
export function createClient(options: ClientOptions): PomonaClient {
  const settings = settingsOf(options);
  const socket = createSocket(settings);
  const closed = new AbortController();
  const sender =
    (kind: 'query' | 'mutation') =>
    (document: unknown, variables: Plain = {}, { signal }: CallOptions = {}): Promise<unknown> => {
      const query = textOf(document);
      if (kind === 'query') refuseMutation(query);
      const repeatable = kind === 'query' || hasIdempotencyKey(variables);
      return request(settings, { query, variables, signal, repeatable });
    };
  const query = sender('query') as Send;
  const subscribing: Subscribing = {
    settings,
    socket,
    eventCursor: async (signal) => (await query(EventCursor, {}, { signal })).server.eventCursor,
  };
  const subscribe = (document: unknown, variables: Plain = {}, { signal }: CallOptions = {}) =>
    follow(subscribing, textOf(document), variables, either(signal, closed.signal));
  return {
    query,
    mutate: sender('mutation') as Send,
    subscribe: subscribe as Subscribe,
    paginate: (document, variables, connection, callOptions) =>
      paginate(async (after) => {
        const all = { ...variables, after } as Plain;
        return connection((await sender('query')(document, all, callOptions)) as never);
      }),
    live: (what) => live(subscribing, { ...what, signal: either(what.signal, closed.signal) }),
    close: () => {
      closed.abort();
      socket.close();
    },
  };
}

/** A subscription for `live`, with its variables. */
export function watching<Data, Variables>(
  document: TypedDocument<Data, Variables>,
  ...[variables]: Optional<Omit<Variables, 'after'>>
): Watched<Data> {
  return { document, text: textOf(document), variables: variables ?? {} };
}

function either(signal: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return signal === undefined ? other : AbortSignal.any([signal, other]);
}

/** A query may be sent again when no answer came; a mutation may not. */
function refuseMutation(query: string): void {
  if (/(?:^|\})\s*mutation\b/m.test(query))
    throw new TypeError('This document is a mutation: send it with mutate().');
}

function hasIdempotencyKey(variables: Plain): boolean {
  const { input } = variables;
  const holder = typeof input === 'object' && input !== null ? input : variables;
  return 'idempotencyKey' in holder && typeof holder.idempotencyKey === 'string';
}
