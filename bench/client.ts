import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

export interface Request {
  readonly method: 'PUT' | 'POST' | 'GET';
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests over kept sockets, as many at once as asked. Does as little as it can: it shares the machine with the server. */
export class Client {
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #host: string;
  readonly #port: string;

  constructor(base: string) {
    const { hostname, port } = new URL(base);
    this.#host = hostname;
    this.#port = port;
  }

  /** The body of a 200. Rejects for every other status, with what was said: a benchmark of refusals would be none. */
  send({ method, path, headers, body }: Request): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: this.#host,
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers,
      });
      request.once('error', reject);
      request.once('response', (answer) => void collect(answer, resolve, reject));
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function collect(
  answer: IncomingMessage,
  resolve: (body: Buffer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.once('error', reject);
  answer.once('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    if (answer.statusCode === 200) resolve(body);
    else reject(new Error(`The server answered ${answer.statusCode}: ${body.toString('utf8', 0, 500)}`));
  });
}
