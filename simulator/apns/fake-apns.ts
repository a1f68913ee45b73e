import { EventEmitter, once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Issued } from '../pki.js';
import { Conversation, type GoAway } from './conversation.js';
import type { ReceivedPush, ScriptedAnswer } from './push.js';
import { Script } from './script.js';

export interface FakeApnsOptions {
  serverCert: Issued;
  /** PEM. With it a client without a certificate from this authority is turned away in the TLS handshake. */
  clientCa?: string;
  /** Default: any free one. */
  port?: number;
  host?: '127.0.0.1';
  /** SETTINGS_MAX_CONCURRENT_STREAMS; default 1000, as Apple's. */
  maxConcurrentStreams?: number;
}

/** How many requests are remembered; older ones are dropped. */
const REMEMBERED = 10_000;

/**
 * FOR TESTS AND DEMONSTRATIONS ONLY: a stand-in for api.push.apple.com on loopback. It speaks TLS and HTTP/2, checks
 * requests as Apple does, wakes whoever listens to `push`, and has the bad days that a script tells it to have.
 */
export class FakeApns extends EventEmitter<{ push: [ReceivedPush] }> {
  /** The latest requests, oldest first, whatever was answered. */
  readonly received: ReceivedPush[] = [];
  /** How many connections were made since the start, and the most requests open at once on one of them. */
  connections = 0;
  peakStreams = 0;
  readonly #script = new Script();
  readonly #tokenTopics = new Map<string, string>();
  readonly #http2: Http2SecureServer;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #goAway: GoAway | undefined;
  #slowMs = 0;
  #hanging = false;

  static async start(o: FakeApnsOptions): Promise<FakeApns> {
    const listener = createServer();
    listener.listen(o.port ?? 0, o.host ?? '127.0.0.1');
    await once(listener, 'listening');
    return new FakeApns(listener, o);
  }

  private constructor(listener: Server, o: FakeApnsOptions) {
    super();
    this.#listener = listener;
    this.#port = (listener.address() as AddressInfo).port;
    this.#http2 = createSecureServer({
      cert: o.serverCert.certPem,
      key: o.serverCert.keyPem,
      requestCert: true,
      rejectUnauthorized: o.clientCa !== undefined,
      ...(o.clientCa === undefined ? {} : { ca: o.clientCa }),
      settings: { maxConcurrentStreams: o.maxConcurrentStreams ?? 1000 },
    });
    this.#http2.on('session', (session: ServerHttp2Session) => this.#converse(session));
    this.#http2.on('tlsClientError', () => {});
    listener.on('connection', (socket) => this.#accept(socket));
  }

  /** How many connections there are now. */
  get open(): number {
    return this.#sockets.size;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Scripts what requests for `token` (`*`: any) are answered, instead of the honest answer. Answers queue up. */
  answer(token: string, answer: ScriptedAnswer): void {
    this.#script.add(token, answer);
  }

  /** Takes scripted answers back: those for `token`, or all. */
  forget(token?: string): void {
    this.#script.forget(token);
  }

  /** From now on the token is good for this topic only. */
  register(token: string, topic: string): void {
    this.#tokenTopics.set(token, topic);
  }

  /** As after an erase: 410, invalid since `at`. */
  unregister(token: string, at: Date = new Date()): void {
    this.forget(token);
    this.answer(token, { status: 410, reason: 'Unregistered', timestamp: at });
  }

  /**
   * GOAWAY after `requests` requests of a connection; those behind them are not looked at. 0: no more. `code` is an HTTP/2
   * error code, default NO_ERROR; `times` on how many connections, default all.
   */
  goAwayAfter(requests: number, o: { code?: number; times?: number } = {}): void {
    this.#goAway =
      requests > 0 ? { after: requests, code: o.code ?? 0, times: o.times ?? Infinity } : undefined;
  }

  /** Answers everything this much later. */
  slow(ms: number): void {
    this.#slowMs = ms;
  }

  /** Takes requests and never answers them. Pings are still answered: for a dead wire see `Wire`. */
  hang(hanging = true): void {
    this.#hanging = hanging;
  }

  /** Breaks every connection with a TCP reset. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** True: breaks every connection and listens no more, so that new ones are refused. False: listens again. */
  async refuseConnections(refuse: boolean): Promise<void> {
    if (refuse === !this.#listener.listening) return;
    if (!refuse) {
      this.#listener.listen(this.#port, '127.0.0.1');
      await once(this.#listener, 'listening');
      return;
    }
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    this.reset();
    await closed;
  }

  close(): Promise<void> {
    return this.refuseConnections(true);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    this.#http2.emit('connection', socket);
  }

  #converse(session: ServerHttp2Session): void {
    const conversation = new Conversation(session, ++this.connections, {
      answerFor: (token) => this.#script.next(token),
      topicOf: (token) => this.#tokenTopics.get(token),
      goAway: () => this.#goAway,
      slowMs: () => this.#slowMs,
      hanging: () => this.#hanging,
      opened: (streams) => (this.peakStreams = Math.max(this.peakStreams, streams)),
      received: (push) => this.#record(push),
    });
    conversation.start();
  }

  #record(push: ReceivedPush): void {
    this.received.push(push);
    if (this.received.length > REMEMBERED) this.received.shift();
    if (push.status === 200) this.emit('push', push);
  }
}
