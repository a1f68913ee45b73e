import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';

const MAX_REDIRECTS = 5;

/** A request that is ready to be sent, as often as one likes. `path` is below the server's base address. */
export interface PreparedRequest {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ConnectionsOptions {
  /** Sockets open at once, for each of http and https. */
  maxSockets?: number;
  /** What https servers must chain to; default: the system's roots. */
  ca?: string | Buffer;
  /** How long an answer may take. Default 60 000 ms, as Apple's devices. */
  timeoutMs?: number;
}

/** Keep-alive sockets, shared by as many devices as one gives it to. */
export class Connections {
  readonly #http: http.Agent;
  readonly #https: https.Agent;
  readonly #timeoutMs: number;

  constructor({ maxSockets = 4, ca, timeoutMs = 60_000 }: ConnectionsOptions = {}) {
    this.#http = new http.Agent({ keepAlive: true, maxSockets });
    this.#https = new https.Agent({ keepAlive: true, maxSockets, ca });
    this.#timeoutMs = timeoutMs;
  }

  /** One PUT, following redirects (which a device follows but never remembers). Rejects when the socket fails. */
  async put(base: string, request: PreparedRequest): Promise<HttpAnswer> {
    let url = new URL(base.replace(/\/$/, '') + request.path);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await this.#send(url, request);
      const location = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
      if (location === undefined) return answer;
      url = new URL(location, url);
    }
    throw new Error(`More than ${MAX_REDIRECTS} redirects from ${base}${request.path}`);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** A kept socket that the server had closed meanwhile is replaced, as in every HTTP client. */
  async #send(url: URL, request: PreparedRequest): Promise<HttpAnswer> {
    for (;;) {
      try {
        return await this.#once(url, request);
      } catch (error) {
        if (!(error instanceof StaleSocketError)) throw error;
      }
    }
  }

  #once(url: URL, { headers, body }: PreparedRequest): Promise<HttpAnswer> {
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const sent = (secure ? https : http).request(url, {
        method: 'PUT',
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, 'content-length': body.length },
        timeout: this.#timeoutMs,
      });
      sent.on('response', (answer) => readAll(answer).then(resolve, reject));
      sent.on('timeout', () => sent.destroy(new Error(`No answer within ${this.#timeoutMs} ms`)));
      sent.on('error', (error: NodeJS.ErrnoException) =>
        reject(isStale(sent, error) ? new StaleSocketError() : error),
      );
      sent.end(body);
    });
  }
}

class StaleSocketError extends Error {}

const isStale = (sent: http.ClientRequest, { code }: NodeJS.ErrnoException): boolean =>
  sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');

async function readAll(answer: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}
