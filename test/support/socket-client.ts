import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Json, TestServer } from './server.js';

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: Json;
}

/** One operation on a socket. Every message is kept until it is asked for. */
export class Operation {
  readonly #arrived: Message[] = [];
  readonly #readers: ((message: Message) => void)[] = [];

  deliver(message: Message): void {
    const reader = this.#readers.shift();
    if (reader) reader(message);
    else this.#arrived.push(message);
  }

  message(): Promise<Message> {
    const message = this.#arrived.shift();
    return message ? Promise.resolve(message) : new Promise((resolve) => this.#readers.push(resolve));
  }

  /** The next result's data. Throws when the operation ended, or failed. */
  async data(): Promise<Json> {
    const message = await this.message();
    if (message.type !== 'next' || message.payload.errors !== undefined)
      throw new Error(JSON.stringify(message));
    return message.payload.data;
  }

  /** The first data that `fits`, with all that came before it. */
  async until(fits: (data: Json) => boolean): Promise<Json[]> {
    const seen: Json[] = [];
    do seen.push(await this.data());
    while (!fits(seen.at(-1)));
    return seen;
  }
}

/** A client of the GraphQL socket (graphql-transport-ws). */
export class SocketClient {
  readonly #operations = new Map<string, Operation>();
  #serial = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      this.#operations.get(message.id ?? '')?.deliver(message);
    });
  }

  /** Connects and is acknowledged; `token` null sends none. Throws with the close code when it is refused. */
  static async connect(
    server: Pick<TestServer, 'url' | 'token'>,
    token: string | null = server.token,
  ): Promise<SocketClient> {
    const client = new SocketClient(
      new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
    );
    const closed = once(client.socket, 'close').then(([code]) =>
      Promise.reject(new Error(`closed with ${code}`)),
    );
    closed.catch(() => undefined);
    await once(client.socket, 'open');
    const acknowledged = client.#expect('');
    client.#send({
      type: 'connection_init',
      payload: token === null ? {} : { Authorization: `Bearer ${token}` },
    });
    await Promise.race([acknowledged.message(), closed]);
    return client;
  }

  start(query: string, variables: Record<string, unknown> = {}, operationName?: string): Operation {
    const id = String((this.#serial += 1));
    const operation = this.#expect(id);
    this.#send({ id, type: 'subscribe', payload: { query, variables, operationName } });
    return operation;
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  #expect(id: string): Operation {
    const operation = new Operation();
    this.#operations.set(id, operation);
    return operation;
  }

  #send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}
