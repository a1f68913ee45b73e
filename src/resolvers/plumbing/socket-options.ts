import type { IncomingMessage } from 'node:http';
import type { Live } from './live.js';

/** @typeParam P whoever opened the socket, as `onConnect` found out. */
export interface SocketDoorOptions<P extends object> {
  readonly live: Live<P>;
  /**
   * Who is this? `params` is the payload of connection_init (`{ "Authorization": "Bearer …" }`). Undefined,
   * or a PomonaError UNAUTHENTICATED or FORBIDDEN, closes with 4403; anything else thrown closes with 1013,
   * upon which clients try again.
   */
  readonly onConnect: (
    params: Readonly<Record<string, unknown>>,
    request: IncomingMessage,
  ) => P | undefined | Promise<P | undefined>;
  /** Default `/graphql`. */
  readonly path?: string;
  /**
   * Origins, such as `https://console.example.org`, whose pages may connect besides those of this host.
   * `*` is any. Programs send none.
   */
  readonly allowedOrigins?: readonly string[];
  /** Default 1,000. */
  readonly maxSockets?: number;
  /** Operations under way on one socket. Default 50. */
  readonly maxOperations?: number;
  /** Bytes of one message. Default 256 KiB. */
  readonly maxPayload?: number;
  /** Bytes written but not taken by the client, above which the socket is cut. Default 4 MiB. */
  readonly maxBufferedBytes?: number;
  /** Milliseconds between pings; a client that misses one is cut at the next. Default 12,000. */
  readonly keepAlive?: number;
  /** Milliseconds within which connection_init must come. Default 3,000. */
  readonly connectionInitWaitTimeout?: number;
}

/** Bytes of one message of a socket, and of a request for an event stream. */
export const MAX_MESSAGE = 256 * 1024;

export type SocketSettings<P extends object> = Required<SocketDoorOptions<P>>;

export function withDefaults<P extends object>(options: SocketDoorOptions<P>): SocketSettings<P> {
  return {
    path: '/graphql',
    allowedOrigins: [],
    maxSockets: 1_000,
    maxOperations: 50,
    maxPayload: MAX_MESSAGE,
    maxBufferedBytes: 4 * 1024 * 1024,
    keepAlive: 12_000,
    connectionInitWaitTimeout: 3_000,
    ...options,
  };
}
