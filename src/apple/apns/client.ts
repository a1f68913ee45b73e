import { createSecureContext } from 'node:tls';
import type { PushCertificate } from './certificate.js';
import { ApnsConnection, type ConnectionOptions, type SendResult } from './connection.js';
import type { ConnectionFailure } from './failure.js';
import { JobQueue, type Job } from './job-queue.js';
import { problemWith, type ApnsNotification } from './notification.js';
import type { ApnsOutcome } from './outcome.js';

export interface ApnsClientOptions {
  /** `https://api.push.apple.com`, the default, or `…:2197` where 443 is closed. Only https. */
  url?: string;
  certificate: PushCertificate;
  /** PEM of the only authority to trust for the server, instead of the system's: for tests and private relays. */
  ca?: string;
  /** How many requests may be unanswered at once; the rest wait. The peer's own limit counts as well. Default 100. */
  maxConcurrent?: number;
  /** How long one request may wait for its answer once it is sent. Default 10 s. */
  requestTimeoutMs?: number;
  /** While requests wait, how often the connection is proved alive; it is dead when one proof is missing. Default 3 s. */
  pingIntervalMs?: number;
  /** For TCP, TLS and the peer's first word together. Default 10 s. */
  connectTimeoutMs?: number;
  /** An unused connection is closed after this long. Default 5 min: Apple dislikes connections that come and go. */
  idleTimeoutMs?: number;
}

export class ApnsOptionsError extends Error {
  override readonly name = 'ApnsOptionsError';
  readonly code = 'bad-url';
}

/** How often a request that got no answer is tried again. */
const RETRIES = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
const CLOSED: ApnsOutcome = { status: 0, error: 'the APNs client is closed' };

/**
 * Sends MDM pushes over one reused connection. A request that APNs did not look at (GOAWAY) is sent again on the next
 * connection, as often as it takes; one that got lost is tried again `RETRIES` times with growing, jittered pauses.
 * Nothing else is decided here: what 410, 429 or 503 mean is the caller's business.
 */
export class ApnsClient {
  readonly topic: string;
  readonly #options: ConnectionOptions;
  readonly #maxConcurrent: number;
  readonly #queue = new JobQueue();
  readonly #connections = new Set<ApnsConnection>();
  /** The one new requests go to; the others in `#connections` are finishing. */
  #current: ApnsConnection | undefined;
  /** Sends that have no outcome yet, and how many of them are on a connection. */
  #unsettled = 0;
  #inFlight = 0;
  /** Failures since the last answer: they lengthen the pause. */
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #whenSettled: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** @throws ApnsOptionsError when the URL is not https; an OpenSSL error when the certificate is unusable. */
  constructor(o: ApnsClientOptions) {
    const { certPem, chainPem, keyPem, topic } = o.certificate;
    this.topic = topic;
    this.#maxConcurrent = Math.max(1, o.maxConcurrent ?? 100);
    this.#options = {
      url: readUrl(o.url ?? 'https://api.push.apple.com'),
      secureContext: createSecureContext({
        cert: [certPem, ...chainPem].join('\n'),
        key: keyPem,
        ...(o.ca === undefined ? {} : { ca: o.ca }),
      }),
      requestTimeoutMs: o.requestTimeoutMs ?? 10_000,
      pingIntervalMs: o.pingIntervalMs ?? 3000,
      connectTimeoutMs: o.connectTimeoutMs ?? 10_000,
      idleTimeoutMs: o.idleTimeoutMs ?? 300_000,
    };
  }

  /** Sends one push and tells what became of it. Never rejects: what went wrong on the way is status 0 and `error`. */
  send(notification: ApnsNotification): Promise<ApnsOutcome> {
    if (this.#state !== 'open') return Promise.resolve(CLOSED);
    const problem = problemWith(notification);
    if (problem !== undefined) return Promise.resolve({ status: 0, error: problem });
    return new Promise((resolve) => {
      this.#unsettled++;
      this.#queue.push({ notification, failures: 0, settle: (outcome) => this.#settle(resolve, outcome) });
      this.#pump();
    });
  }

  /** Takes no more sends, gives the unfinished ones the time of one request, and ends the connections. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#state = 'closing';
    await this.#settledWithin(this.#options.requestTimeoutMs);
    this.#state = 'closed';
    clearTimeout(this.#pause);
    for (const connection of this.#connections) connection.destroy(undefined);
    for (const job of this.#queue.takeAll()) job.settle(CLOSED);
  }

  #settledWithin(ms: number): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#whenSettled = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #settle(resolve: (outcome: ApnsOutcome) => void, outcome: ApnsOutcome): void {
    this.#unsettled--;
    resolve(outcome);
    if (this.#unsettled === 0) this.#whenSettled?.();
  }

  /** Sends what can be sent now, connecting first where there is no connection. */
  #pump(): void {
    if (this.#pause || this.#state === 'closed') return;
    while (this.#queue.size > 0 && this.#inFlight < this.#maxConcurrent) {
      if (!this.#current) return this.#connect();
      if (this.#current.room <= 0) return;
      this.#dispatch(this.#current);
    }
  }

  #connect(): void {
    this.#current = new ApnsConnection(this.#options, {
      hasRoom: () => this.#pump(),
      retired: (connection) => this.#forget(connection),
      closed: (connection, failure) => this.#closed(connection, failure),
    });
    this.#connections.add(this.#current);
  }

  #dispatch(connection: ApnsConnection): void {
    const job = this.#queue.shift();
    if (!job) return;
    this.#inFlight++;
    const sent = connection.send(job.notification, (result) => {
      this.#inFlight--;
      this.#resolve(job, result);
      this.#pump();
    });
    if (sent) return;
    this.#inFlight--;
    this.#queue.pushFront(job);
  }

  #resolve(job: Job, result: SendResult): void {
    switch (result.kind) {
      case 'answer':
        this.#failures = 0;
        return job.settle(result.outcome);
      case 'timeout':
        return job.settle({ status: 0, error: 'timeout' });
      case 'unprocessed':
        return this.#queue.pushFront(job);
      case 'lost':
        if (this.#mayRetry(job, result.failure)) this.#queue.pushFront(job);
        return this.#wait();
    }
  }

  #forget(connection: ApnsConnection): void {
    if (this.#current === connection) this.#current = undefined;
    this.#pump();
  }

  /** A connection that never carried a request was a failure of everything that waited for it. */
  #closed(connection: ApnsConnection, failure: ConnectionFailure): void {
    this.#connections.delete(connection);
    if (!connection.used) {
      for (const job of this.#queue.takeAll()) if (this.#mayRetry(job, failure)) this.#queue.push(job);
      this.#wait();
    }
    this.#forget(connection);
  }

  /** Counts a failure; settles the job when that was one too many. */
  #mayRetry(job: Job, failure: ConnectionFailure): boolean {
    job.failures++;
    if (this.#state !== 'closed' && !failure.permanent && job.failures <= RETRIES) return true;
    job.settle(this.#state === 'closed' ? CLOSED : { status: 0, error: failure.words });
    return false;
  }

  /** Half to all of a time that doubles, so that many servers do not come back in step. */
  #wait(): void {
    if (this.#pause || this.#queue.size === 0 || this.#state === 'closed') return;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined;
        this.#pump();
      },
      longest * (0.5 + Math.random() / 2),
    );
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.pathname === '/') return url;
  throw new ApnsOptionsError(`“${text}” is not an APNs address: give https://host, or https://host:port.`);
}
