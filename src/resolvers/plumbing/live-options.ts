import type { GraphqlCore } from './core.js';
import type { Observe } from './observe.js';

/** What a context is wanted for; `event` is one event of a subscription. */
export type OperationUse = 'query' | 'mutation' | 'subscription' | 'event';

/**
 * What the transports that keep a connection open (WebSocket, Server-Sent Events) have in common.
 * @typeParam P whoever opened the connection.
 */
export interface LiveOptions<P extends object> {
  readonly core: GraphqlCore;
  /** The context of one operation, or of one event, with fresh loaders. */
  readonly contextFor: (principal: P, use: OperationUse, requestId: string) => object | Promise<object>;
  /** Asked before every operation and every event; false ends the connection. Default: always. */
  readonly stillAllowed?: (principal: P) => boolean | Promise<boolean>;
  /**
   * Calls `gone` when the principal may no longer be connected, also while nothing happens.
   * Returns how to stop. Default: never calls.
   */
  readonly onWithdrawn?: (principal: P, gone: () => void) => () => void;
  /** Whose connections are counted together. Default: each is counted alone. */
  readonly userOf?: (principal: P) => string | undefined;
  /**
   * Subscribers with the same key are shown the same when they ask the same, so that is worked out once for
   * all of them. Default, or undefined: each for itself.
   */
  readonly audienceOf?: (principal: P) => string | undefined;
  /** Arguments of subscription fields that say where to begin, and nothing about what is told. */
  readonly startArguments?: readonly string[];
  /** Subscriptions under way in the process. Default 20,000. */
  readonly maxSubscriptions?: number;
  /** Connections of one user. Default 100. */
  readonly maxConnectionsPerUser?: number;
  /** Told of every operation; of a subscription, when it began. Default: nobody is. */
  readonly observe?: Observe;
}

export type LiveSettings<P extends object> = Required<LiveOptions<P>>;

export function withLiveDefaults<P extends object>(options: LiveOptions<P>): LiveSettings<P> {
  return {
    stillAllowed: () => true,
    onWithdrawn: () => () => undefined,
    userOf: () => undefined,
    audienceOf: () => undefined,
    startArguments: [],
    maxSubscriptions: 20_000,
    maxConnectionsPerUser: 100,
    observe: () => undefined,
    ...options,
  };
}
