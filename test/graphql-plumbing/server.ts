import { once } from 'node:events';
import fastifyFactory, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { WebSocket } from 'ws';
import { PomonaError } from '../../src/errors.js';
import { createGraphqlCore, newRequestId, type GraphqlCore } from '../../src/resolvers/plumbing/core.js';
import type { ExecutorOptions } from '../../src/resolvers/plumbing/executor.js';
import { mountGraphiql } from '../../src/resolvers/plumbing/graphiql.js';
import { mountGraphql } from '../../src/resolvers/plumbing/http.js';
import { Live } from '../../src/resolvers/plumbing/live.js';
import type { LiveOptions } from '../../src/resolvers/plumbing/live-options.js';
import { mountSocket, type SocketDoor } from '../../src/resolvers/plumbing/socket.js';
import type { SocketDoorOptions } from '../../src/resolvers/plumbing/socket-options.js';
import { mountSse, type SseDoor, type SseDoorOptions } from '../../src/resolvers/plumbing/sse.js';
import { buildTestSchema } from './schema.js';

export interface Principal {
  readonly name: string;
  revoked: boolean;
}

export interface TestServer {
  readonly fastify: FastifyInstance;
  readonly core: GraphqlCore;
  readonly live: Live<Principal>;
  readonly door: SocketDoor;
  readonly sse: SseDoor;
  readonly url: string;
  /** What was logged, as [facts, message]. */
  readonly logged: [Record<string, unknown>, string][];
  /** Everyone who connected by socket. */
  readonly principals: Principal[];
  close(): Promise<void>;
}

const schema = buildTestSchema();
let serial = 0;

export async function startServer(
  options: {
    socket?: Partial<SocketDoorOptions<Principal>>;
    sse?: Partial<SseDoorOptions<Principal>>;
    live?: Partial<LiveOptions<Principal>>;
    schema?: GraphQLSchema;
    executor?: ExecutorOptions;
    production?: boolean;
  } = {},
): Promise<TestServer> {
  const logged: TestServer['logged'] = [];
  const keep = (facts: object, message: string) =>
    void logged.push([facts as Record<string, unknown>, message]);
  const core = createGraphqlCore({
    schema: options.schema ?? schema,
    log: { warn: keep, error: keep },
    limits: { selfReference: { 'Tree.grafts': 4 } },
    executor: options.executor ?? {},
    production: options.production ?? false,
  });
  const fastify = fastifyFactory({ genReqId: newRequestId });
  await mountGraphql(fastify, {
    core,
    contextOf: ({ headers }) => {
      if (headers.authorization === 'Bearer bad')
        throw new PomonaError('UNAUTHENTICATED', 'This token is not known.');
      if (headers.authorization === 'Bearer down') throw new Error('database password is hunter2');
      return { who: 'http', serial: (serial += 1) };
    },
  });
  await mountGraphiql(fastify, { examples: [{ query: '# "first" <example>\n{ whoami }' }] });
  const principals: Principal[] = [];
  const admit = (authorization: unknown) => {
    if (authorization === 'Bearer down') throw new Error('database is down');
    if (authorization !== 'Bearer good') return undefined;
    const principal = { name: 'socket', revoked: false };
    principals.push(principal);
    return principal;
  };
  const live = new Live<Principal>({
    core,
    contextFor: ({ name }) => ({ who: name, serial: (serial += 1) }),
    stillAllowed: (principal) => !principal.revoked,
    ...options.live,
  });
  const door = mountSocket<Principal>(fastify, {
    live,
    onConnect: ({ Authorization }) => admit(Authorization),
    ...options.socket,
  });
  const sse = await mountSse<Principal>(fastify, {
    live,
    authenticate: ({ headers }) => admit(headers.authorization),
    ...options.sse,
  });
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 });
  return { fastify, core, live, door, sse, url, logged, principals, close: () => fastify.close() };
}

/** JSON as a test reads it: any property of any depth, to be compared. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    data?: Record<string, Json> | null;
    errors?: { message: string; path?: unknown[]; extensions: Record<string, Json> }[];
  };
}

export async function post(
  server: TestServer,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: Json;
}

/** A client that keeps every message until a test asks for it. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly #messages: Message[] = [];
  readonly #readers: ((message: Message) => void)[] = [];

  constructor(server: TestServer, options: { protocol?: string; origin?: string; path?: string } = {}) {
    const address = `${server.url.replace('http', 'ws')}${options.path ?? '/graphql'}`;
    const { protocol = 'graphql-transport-ws', origin } = options;
    this.socket = new WebSocket(address, protocol, origin === undefined ? {} : { origin });
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      const reader = this.#readers.shift();
      if (reader) reader(message);
      else this.#messages.push(message);
    });
  }

  static async connected(server: TestServer): Promise<SocketClient> {
    const client = new SocketClient(server);
    await client.opened();
    client.send({ type: 'connection_init', payload: { Authorization: 'Bearer good' } });
    const ack = await client.next();
    if (ack.type !== 'connection_ack') throw new Error(`not acknowledged but ${ack.type}`);
    return client;
  }

  async opened(): Promise<void> {
    await once(this.socket, 'open');
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ id, type: 'subscribe', payload: { query, ...(variables ? { variables } : {}) } });
  }

  next(): Promise<Message> {
    const message = this.#messages.shift();
    return message ? Promise.resolve(message) : new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Runs an operation that is no subscription, and gives its one result or error. */
  async run(id: string, query: string, variables?: object): Promise<Message> {
    this.subscribe(id, query, variables);
    const message = await this.next();
    if (message.type === 'next') await this.next();
    return message;
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }
}

export const EVIL_DEPTH = `{ trees { nodes { ${'grafts { nodes { '.repeat(20)} id ${'} }'.repeat(20)} } } }`;
