import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPlist, isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The property list in the body; empty when there is none. */
  readonly message: PlistDict;
  /** Number of the socket it came on, from 0. */
  readonly socket: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
  /** Close the socket without an answer. */
  readonly hangUp?: boolean;
}

/** A server that keeps what it is sent, and hands out a queue of commands as Apple describes. */
export class RecordingServer {
  readonly requests: Recorded[] = [];
  readonly #queue: { uuid: string; command: PlistDict }[] = [];
  readonly #putOff = new Set<string>();
  readonly #replies: ((request: Recorded) => Reply | undefined)[] = [];
  readonly #sockets: unknown[] = [];
  #number = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RecordingServer> {
    const server = createServer();
    const recording = new RecordingServer(server);
    server.on('request', (request, response) => {
      void recording.#receive(request).then(({ status = 200, headers = {}, body, hangUp }) => {
        if (hangUp) return request.socket.destroy();
        return response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return recording;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests to one address. */
  on(path: string): Recorded[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** `Status` of each connect request, with the number of its command: `Acknowledged 2`. */
  get statuses(): string[] {
    return this.on('/mdm/connect').map(({ message }) =>
      [message['Status'], message['CommandUUID']].filter((part) => part !== undefined).join(' '),
    );
  }

  get socketCount(): number {
    return this.#sockets.length;
  }

  enqueue(requestType: string, keys: PlistDict = {}): string {
    this.#number += 1;
    const uuid = String(this.#number);
    this.#queue.push({ uuid, command: { RequestType: requestType, ...keys } });
    return uuid;
  }

  /** The answer to the next request, instead of the usual. `undefined` gives the usual one after all. */
  replyOnce(reply: Reply | ((request: Recorded) => Reply | undefined)): void {
    this.#replies.push(typeof reply === 'function' ? reply : () => reply);
  }

  dropIdleSockets(): void {
    this.server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  async #receive(request: IncomingMessage): Promise<Reply> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const recorded = this.#record(request, Buffer.concat(chunks));
    return this.#replies.shift()?.(recorded) ?? this.#usual(recorded);
  }

  #record(request: IncomingMessage, body: Buffer): Recorded {
    if (!this.#sockets.includes(request.socket)) this.#sockets.push(request.socket);
    const recorded = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      message: messageIn(body),
      socket: this.#sockets.indexOf(request.socket),
    };
    this.requests.push(recorded);
    return recorded;
  }

  #usual({ path, message }: Recorded): Reply {
    if (path !== '/mdm/connect') return {};
    const uuid = String(message['CommandUUID']);
    if (message['Status'] === 'Idle') this.#putOff.clear();
    else if (message['Status'] === 'NotNow') this.#putOff.add(uuid);
    else this.#finish(uuid);
    const next = this.#queue.find((entry) => !this.#putOff.has(entry.uuid));
    return next === undefined ? {} : commandReply(next.uuid, next.command);
  }

  #finish(uuid: string): void {
    const index = this.#queue.findIndex((entry) => entry.uuid === uuid);
    if (index >= 0) this.#queue.splice(index, 1);
  }
}

export const commandReply = (uuid: string, command: PlistDict): Reply => ({
  headers: { 'content-type': 'application/xml; charset=UTF-8' },
  body: buildPlist({ CommandUUID: uuid, Command: command }),
});

function messageIn(body: Buffer): PlistDict {
  try {
    const value = parsePlist(body);
    return isDict(value) ? value : {};
  } catch {
    return {};
  }
}
