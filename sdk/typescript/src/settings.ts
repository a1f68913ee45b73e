/** Any function that does what `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  /**
   * Where the server is: `https://mdm.example.org`. The address of its `/graphql` does as well; a page that the server's own
   * host serves may say `/`.
   */
  readonly url: string;
  /** An API token, or how to get one. A function is asked before every request and every new socket. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>);
  /** Instead of the global `fetch`. */
  readonly fetch?: Fetch;
  /** A class that does what `WebSocket` does, instead of the global one. */
  readonly webSocket?: unknown;
  /** Told when the socket opens and when it is lost; made for "reconnecting…". */
  readonly onConnection?: (state: 'open' | 'lost') => void;
  /** Milliseconds to wait before the nth try in a row (n from 1) when the server did not say. */
  readonly delay?: (attempt: number) => number;
}

/** The options with every choice made. */
export interface Settings {
  readonly url: string;
  readonly socketUrl: string;
  readonly token: () => Promise<string | undefined>;
  readonly fetch: Fetch;
  readonly webSocket: unknown;
  readonly onConnection: (state: 'open' | 'lost') => void;
  readonly delay: (attempt: number) => number;
}

const FIRST_DELAY = 250;
const LONGEST_DELAY = 30_000;

/** @throws TypeError for a URL that is none. */
export function settingsOf(options: ClientOptions): Settings {
  const url = endpoint(options.url);
  const { token } = options;
  return {
    url: url.href,
    socketUrl: url.href.replace(/^http/, 'ws'),
    token: async () => (typeof token === 'function' ? await token() : token),
    // Called as a function of its own: browsers refuse `fetch` as the method of another object.
    fetch: options.fetch ?? ((address, init) => fetch(address, init)),
    webSocket: options.webSocket,
    onConnection: options.onConnection ?? (() => undefined),
    delay: options.delay ?? randomDelay,
  };
}

function endpoint(url: string): URL {
  const { location } = globalThis as { location?: { readonly href: string } };
  const base = new URL(url, location?.href);
  if (base.pathname.endsWith('/graphql')) return base;
  return new URL(`${base.pathname.replace(/\/$/, '')}/graphql`, base);
}

/** Twice as long each time, and anything from half of it: clients of a server that restarts must not come at once. */
function randomDelay(attempt: number): number {
  const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
  return longest * (0.5 + Math.random() / 2);
}
