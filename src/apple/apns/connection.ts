import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { exchange, type StreamEnd } from './exchange.js';
import { failureOf, passing, permanent, type ConnectionFailure } from './failure.js';
import { Heartbeat } from './heartbeat.js';
import { bodyOf, headersOf, type ApnsNotification } from './notification.js';
import type { ApnsOutcome } from './outcome.js';

export interface ConnectionOptions {
  url: URL;
  secureContext: SecureContext;
  requestTimeoutMs: number;
  pingIntervalMs: number;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
}

/**
 * What became of one request. `unprocessed`: the peer says it never looked at it, and that it did look at others, so
 * sending it again elsewhere costs nothing and gets on. `lost`: no answer, and nobody knows; to send it again is safe,
 * because APNs keeps only the last push for a device.
 */
export type SendResult =
  | { kind: 'answer'; outcome: ApnsOutcome }
  | { kind: 'timeout' }
  | { kind: 'unprocessed' }
  | { kind: 'lost'; failure: ConnectionFailure };

/** What a connection tells its owner. */
export interface ConnectionOwner {
  /** It is open, or the peer changed how many streams it takes. */
  hasRoom(): void;
  /** It takes no new request (GOAWAY, idle); those in flight may still be answered. Does not always come. */
  retired(connection: ApnsConnection): void;
  /** It is gone, by a failure or in peace. Comes once, after every result. */
  closed(connection: ApnsConnection, failure: ConnectionFailure): void;
}

type Done = (result: SendResult) => void;

/**
 * One HTTP/2 connection with mutual TLS (RFC 9113). States: connecting (until the peer's SETTINGS: only then is it
 * known how many streams it takes, and that it accepted our certificate) → open → retired (GOAWAY or idle; in-flight
 * requests finish) → closed. A failure leads from any state to closed, and gives every request in flight its result.
 */
export class ApnsConnection {
  /** Whether a request was ever sent on it. */
  used = false;
  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  readonly #socket: TLSSocket;
  readonly #session: ClientHttp2Session;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight = new Map<Done, ClientHttp2Stream>();
  #state: 'connecting' | 'open' | 'retired' | 'closed' = 'connecting';
  #failure: ConnectionFailure | undefined;
  /** The last stream the peer says it looked at (GOAWAY, RFC 9113 section 6.8). */
  #lastStreamId: number | undefined;
  /** Runs out on: connecting, being idle, and, once retired, what is still in flight. */
  #deadline: NodeJS.Timeout;

  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#socket = connectSocket(options);
    this.#session = connect(options.url, {
      createConnection: () => this.#socket,
      settings: { enablePush: false },
    });
    this.#heartbeat = new Heartbeat(this.#session, options.pingIntervalMs, () =>
      this.destroy(passing(`ping timeout: ${options.url.origin} no longer reacts`)),
    );
    this.#deadline = setTimeout(
      () => this.destroy(passing(`connecting timed out (${options.url.origin})`)),
      options.connectTimeoutMs,
    );
    this.#listen();
  }

  /** How many more requests may be sent now. */
  get room(): number {
    if (this.#state !== 'open') return 0;
    return (this.#session.remoteSettings.maxConcurrentStreams ?? Infinity) - this.#inFlight.size;
  }

  /** Sends; `done` is called once. Returns false, and calls nothing, when the session takes no more requests. */
  send(notification: ApnsNotification, done: Done): boolean {
    const stream = this.#open(notification);
    if (!stream) {
      this.retire();
      return false;
    }
    this.#use();
    this.#inFlight.set(done, stream);
    exchange(stream, bodyOf(notification), this.#options.requestTimeoutMs, (end) => {
      const result = this.#judge(end, stream);
      if (result) this.#finish(done, result);
    });
    return true;
  }

  /** Takes no new requests, lets those in flight finish, and closes. */
  retire(): void {
    if (this.#state === 'retired' || this.#state === 'closed') return;
    this.#state = 'retired';
    // After GOAWAY node:http2 sends no ping; from here on the requests' own timeouts find a dead wire.
    this.#heartbeat.stop();
    this.#setDeadline(this.#options.requestTimeoutMs, () => this.destroy(undefined));
    this.#session.close();
    this.#owner.retired(this);
  }

  /** Closes at once; requests in flight end as lost. */
  destroy(failure: ConnectionFailure | undefined): void {
    this.#failure ??= failure;
    this.#session.destroy();
    // A session that was closing politely would wait for a peer that may never say goodbye.
    this.#socket.destroy();
    this.#closed();
  }

  #listen(): void {
    const { origin } = this.#options.url;
    this.#socket.once('secureConnect', () => {
      if (this.#socket.alpnProtocol !== 'h2') this.destroy(permanent(`${origin} does not speak HTTP/2`));
    });
    // In TLS 1.3 the peer refuses our certificate after our half of the handshake, and the session never hears of it.
    this.#socket.once('error', (error) => this.destroy(failureOf(error, origin)));
    this.#session.on('remoteSettings', () => this.#settings());
    this.#session.on('goaway', (code, lastStreamId) => {
      this.#lastStreamId = lastStreamId;
      if (code === constants.NGHTTP2_NO_ERROR) this.retire();
      else this.destroy(passing(`${origin} ended the connection with HTTP/2 error ${code}`));
    });
    this.#session.on('error', (error) => {
      this.#failure ??= failureOf(error, origin);
    });
    this.#session.once('close', () => this.#closed());
  }

  #settings(): void {
    if (this.#state === 'connecting') {
      this.#state = 'open';
      this.#rest();
    }
    this.#owner.hasRoom();
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#deadline);
    this.#heartbeat.stop();
    const failure = this.#failure ?? passing(`connection closed (${this.#options.url.origin})`);
    for (const [done, stream] of this.#inFlight) {
      this.#finish(done, this.#isUnprocessed(stream) ? { kind: 'unprocessed' } : { kind: 'lost', failure });
    }
    this.#owner.closed(this, failure);
  }

  #open(notification: ApnsNotification): ClientHttp2Stream | undefined {
    try {
      return this.#session.request(headersOf(notification));
    } catch {
      // Closing, or out of stream ids: the headers were checked before.
      return undefined;
    }
  }

  /** Undefined while the reason is not known: then the whole session is ending, and its end gives the result. */
  #judge(end: StreamEnd, stream: ClientHttp2Stream): SendResult | undefined {
    if (end.kind === 'timeout' && this.#state === 'retired') {
      return { kind: 'lost', failure: passing('timeout') };
    }
    if (end.kind !== 'reset') return end;
    if (this.#isUnprocessed(stream)) return { kind: 'unprocessed' };
    if (this.#session.closed || this.#session.destroyed) return undefined;
    return { kind: 'lost', failure: passing(`the request was reset with HTTP/2 error ${end.code}`) };
  }

  /** A peer that looked at no request at all is not believed: sending to it for free might never end. */
  #isUnprocessed(stream: ClientHttp2Stream): boolean {
    const last = this.#lastStreamId ?? 0;
    return last > 0 && (stream.id === undefined || stream.id > last);
  }

  #finish(done: Done, result: SendResult): void {
    if (!this.#inFlight.delete(done)) return;
    if (this.#inFlight.size === 0) this.#rest();
    done(result);
  }

  #use(): void {
    this.used = true;
    if (this.#inFlight.size > 0) return;
    clearTimeout(this.#deadline);
    this.#session.ref();
    this.#heartbeat.start();
  }

  /** Nothing in flight: an idle connection neither pings nor keeps the process alive. */
  #rest(): void {
    this.#heartbeat.stop();
    if (this.#state !== 'open') return;
    this.#session.unref();
    this.#setDeadline(this.#options.idleTimeoutMs, () => this.retire());
  }

  #setDeadline(ms: number, expire: () => void): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(expire, ms).unref();
  }
}

function connectSocket({ url, secureContext }: ConnectionOptions): TLSSocket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connectTls({
    host,
    port: Number(url.port || 443),
    secureContext,
    ALPNProtocols: ['h2'],
    ...(isIP(host) ? {} : { servername: host }),
  });
  return socket.setNoDelay(true);
}
