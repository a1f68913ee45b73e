import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** How long a client may take to read the end. */
const LINGER_MS = 3_000;

/**
 * One response of Server-Sent Events (HTML Living Standard, section 9.2) in the distinct connections mode of
 * GraphQL over SSE: `next` with a result, `complete` at the end.
 * A client that does not read costs one message and what the operating system buffers: `next` waits until there
 * is room, and whoever takes nothing for two heartbeats is cut.
 */
export class SseResponse {
  readonly #raw: ServerResponse;
  readonly #onCut: () => void;
  #timer: NodeJS.Timeout | undefined;
  #stuck = false;
  #ended = false;
  #atEnd: () => void = () => undefined;

  /** @param onCut called when a client is cut that does not read */
  constructor(raw: ServerResponse, onCut: () => void) {
    this.#raw = raw;
    this.#onCut = onCut;
  }

  /** @param heartbeat milliseconds between comments that keep the connection alive */
  begin(headers: OutgoingHttpHeaders, heartbeat: number): void {
    this.#raw.on('drain', () => (this.#stuck = false));
    this.#raw.once('close', () => this.#stop());
    this.#raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx would gather events otherwise.
      'x-accel-buffering': 'no',
    });
    // Some browsers wait for the first byte of the body before they call the stream open.
    this.#raw.write(':\n\n');
    this.#timer = setInterval(() => this.#beat(), heartbeat);
  }

  /** Calls `then` when nothing can be sent any more, at once if that is so already. */
  onEnd(then: () => void): void {
    if (this.#ended) then();
    else this.#atEnd = then;
  }

  /** Sends a result (JSON, without line feeds). Settles when there is room for more, or the client is gone. */
  next(json: string): Promise<void> {
    if (this.#ended || this.#raw.write(`event: next\ndata: ${json}\n\n`)) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#raw.off('drain', done).off('close', done);
        resolve();
      };
      this.#raw.on('drain', done).on('close', done);
    });
  }

  /** Says that there is nothing more, and ends the response. */
  complete(): void {
    // EventSource tells of no event without data.
    this.#finish('event: complete\ndata: \n\n');
  }

  /** Ends the response with nothing said: there would be more, so clients come back for it. */
  breakOff(): void {
    this.#finish('');
  }

  #finish(lastWords: string): void {
    if (this.#ended) return;
    this.#stop();
    this.#raw.end(lastWords);
    const cut = setTimeout(() => this.#raw.destroy(), LINGER_MS);
    this.#raw.once('close', () => clearTimeout(cut));
  }

  #beat(): void {
    if (!this.#raw.writableNeedDrain) {
      this.#raw.write(':\n\n');
    } else if (this.#stuck) {
      this.#onCut();
      this.#raw.destroy();
    } else {
      this.#stuck = true;
    }
  }

  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#atEnd();
  }
}
