import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws/client';
import { errorOf, PomonaError, type ErrorShape } from './errors.ts';
import { Inbox } from './inbox.ts';
import type { Settings } from './settings.ts';

/** One result of a subscription. */
export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly ErrorShape[];
}

export interface Socket {
  /** True once the server has let us in: from then on a lost socket is worth any number of tries. */
  readonly wasOpen: boolean;
  /**
   * Results until the socket is lost: then it throws `Lost`, or a PomonaError when there is no use in coming again. Ends when
   * the signal is aborted.
   */
  results(query: string, variables: unknown, signal: AbortSignal | undefined): AsyncIterable<Told>;
  close(): void;
}

/** The socket is gone; another may do. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** How often a silent connection is asked whether it is still there, and how long the answer may take, in milliseconds. */
const PING_EVERY = 12_000;
const PONG_WITHIN = 6_000;
const ACKNOWLEDGED_WITHIN = 10_000;

/** One socket for all subscriptions; open while there is any. Trying again is left to whoever subscribes. */
export function createSocket(settings: Settings): Socket {
  let client: SocketClient | undefined;
  let wasOpen = false;
  const open = (): SocketClient =>
    (client ??= connect(settings, () => {
      wasOpen = true;
    }));
  return {
    get wasOpen() {
      return wasOpen;
    },
    async *results(query, variables, signal) {
      const inbox = new Inbox<Told>();
      const stop = () => inbox.end();
      const release = open().subscribe<unknown>(
        { query, variables: variables as Record<string, unknown> },
        {
          next: (told) => inbox.put(told as Told),
          error: (thrown) => inbox.end(asLoss(thrown)),
          complete: stop,
        },
      );
      signal?.addEventListener('abort', stop, { once: true });
      try {
        for await (const told of inbox.batches()) yield* told;
      } finally {
        signal?.removeEventListener('abort', stop);
        release();
      }
    },
    close: () => {
      // Rejects when it was about to connect, and could not.
      Promise.resolve(client?.dispose()).catch(() => undefined);
      client = undefined;
    },
  };
}

function connect(settings: Settings, onOpen: () => void): SocketClient {
  let late: ReturnType<typeof setTimeout> | undefined;
  let isOpen = false;
  const client = createSocketClient({
    url: settings.socketUrl,
    webSocketImpl: settings.webSocket,
    retryAttempts: 0,
    connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN,
    keepAlive: PING_EVERY,
    connectionParams: async () => {
      const token = await settings.token();
      return token === undefined ? {} : { Authorization: `Bearer ${token}` };
    },
    on: {
      connected: () => {
        isOpen = true;
        onOpen();
        settings.onConnection('open');
      },
      closed: (event) => {
        clearTimeout(late);
        if (isOpen && codeOf(event) !== NORMAL) settings.onConnection('lost');
        isOpen = false;
      },
      ping: (received) => {
        if (!received) late = setTimeout(() => client.terminate(), PONG_WITHIN);
      },
      pong: (received) => {
        if (received) clearTimeout(late);
      },
    },
  });
  return client;
}

const NORMAL = 1000;
const FORBIDDEN = 4403;
/**
 * Close codes after which the same may work a little later: of RFC 6455 section 7.4, and of graphql-transport-ws those that
 * speak of time (4408; 4504, this client's own) or of a socket given up for dead (4499).
 */
const PASSING: ReadonlySet<unknown> = new Set([1001, 1005, 1006, 1011, 1012, 1013, 1014, 4408, 4504, 4499]);

/** What graphql-ws throws: GraphQL errors as a list, a close event, the error event of a socket, or an Error of our own. */
function asLoss(thrown: unknown): Error {
  if (Array.isArray(thrown)) return errorOf(thrown as ErrorShape[]);
  const code = codeOf(thrown);
  if (code === FORBIDDEN) {
    const message = 'The server does not accept this token, or no longer does.';
    return new PomonaError(message, { code: 'UNAUTHENTICATED' });
  }
  if (typeof code === 'number' && !PASSING.has(code)) {
    const { reason = '' } = thrown as { reason?: string };
    return new PomonaError(`The server closed the socket with ${code} ${reason}.`, {
      code: 'CONNECTION_LOST',
      cause: thrown,
    });
  }
  if (thrown instanceof Error && code === undefined) return thrown;
  return new Lost('The socket was lost.', { cause: thrown });
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
