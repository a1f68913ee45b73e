import type { ClientHttp2Session } from 'node:http2';

/**
 * Finds out that the other side is gone although no packet says so (a NAT that forgot us, a cable): while started, pings
 * every `intervalMs`, and calls `dead` when a ping is still unanswered at the next beat.
 */
export class Heartbeat {
  readonly #session: ClientHttp2Session;
  readonly #intervalMs: number;
  readonly #dead: () => void;
  #timer: NodeJS.Timeout | undefined;
  #waiting = false;

  constructor(session: ClientHttp2Session, intervalMs: number, dead: () => void) {
    this.#session = session;
    this.#intervalMs = intervalMs;
    this.#dead = dead;
  }

  start(): void {
    this.#waiting = false;
    this.#timer ??= setInterval(() => this.#beat(), this.#intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    if (!this.#waiting) return this.#ping();
    // If it was we who were too busy, the answer waits in the socket: let it be read first.
    setImmediate(() => {
      if (this.#waiting && this.#timer) this.#dead();
    });
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    this.#waiting = true;
    this.#session.ping(() => (this.#waiting = false));
  }
}
