import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DepServer } from './dep-server.js';
import { OauthCheck } from './oauth.js';
import { MishapScript, type DepMishap } from './script.js';
import { makeSecrets, tokenFile, type TokenSecrets } from './token.js';

export interface FakeDepOptions {
  readonly now?: () => number;
  /** Default: any free one. */
  readonly port?: number;
  /** Requests that one session is good for, before another has to be opened; any number by default. */
  readonly requestsPerSession?: number;
}

/** A request as it came. */
export interface DepRequestSeen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

interface Session {
  readonly server: DepServer;
  left: number;
}

const REMEMBERED = 10_000;

/**
 * FOR TESTS AND DEMONSTRATIONS ONLY: a stand-in for mdmenrollment.apple.com on loopback. It checks signatures, nonces and
 * time, rotates sessions with each answer, pages, and has the bad days that a script tells it to have.
 */
export class FakeDep {
  readonly requests: DepRequestSeen[] = [];
  readonly #servers: { readonly server: DepServer; secrets: TokenSecrets }[] = [];
  readonly #sessions = new Map<string, Session>();
  readonly #script = new MishapScript();
  readonly #arrived = new Map<string, number>();
  readonly #oauth: OauthCheck;
  readonly #http: Server;
  readonly #now: () => number;

  static async start(options: FakeDepOptions = {}): Promise<FakeDep> {
    const fake = new FakeDep(options);
    fake.#http.listen(options.port ?? 0, '127.0.0.1');
    await once(fake.#http, 'listening');
    return fake;
  }

  private constructor(private readonly options: FakeDepOptions) {
    this.#now = options.now ?? Date.now;
    this.#oauth = new OauthCheck(this.#now);
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** What an administrator does in Apple's portal: adds a server, with the certificate of an account. */
  addServer(name: string): DepServer {
    const server = new DepServer(name, this.#now);
    this.#servers.push({ server, secrets: makeSecrets(server.consumerKey, new Date(this.#now())) });
    return server;
  }

  /** Downloads the server's token: the former one is good no more. */
  token(server: DepServer, certificatePem: string, days = 365): Buffer {
    const held = this.#servers.find((one) => one.server === server);
    if (held === undefined) throw new Error('That server is not of this service.');
    held.secrets = makeSecrets(server.consumerKey, new Date(this.#now() + days * 24 * 60 * 60_000));
    return tokenFile(held.secrets, new X509Certificate(certificatePem));
  }

  /** Scripts a bad moment. */
  mishap(mishap: DepMishap): void {
    this.#script.add(mishap);
  }

  /** Requests that came for a path, also those that are not answered yet. */
  arrived(path: string): number {
    return this.#arrived.get(path) ?? 0;
  }

  /** What the present token of a server holds. */
  secretsOf(server: DepServer): TokenSecrets {
    const held = this.#servers.find((one) => one.server === server);
    if (held === undefined) throw new Error('That server is not of this service.');
    return held.secrets;
  }

  /** Whatever was scripted and has not happened will not happen. */
  calm(): void {
    this.#script.clear();
  }

  /** Forgets every session, as after a restart. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://fake').pathname;
    this.#arrived.set(path, this.arrived(path) + 1);
    const mishap = this.#script.next(path);
    if (mishap?.reset === true) return void request.socket.destroy();
    const body = await readJson(request);
    if (mishap?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, mishap.delayMs));
    await mishap?.until;
    const answer =
      mishap?.status === undefined
        ? this.#answer(request, body)
        : { status: mishap.status, body: mishap.body ?? '', headers: mishap.headers ?? {} };
    this.requests.push({ method: request.method ?? '', path, status: answer.status, body });
    if (this.requests.length > REMEMBERED) this.requests.shift();
    response.setHeader('date', new Date(this.#now()).toUTCString());
    send(response, answer, mishap?.cut === true);
  }

  #answer(request: IncomingMessage, body: unknown): Answer {
    const agent = request.headers['user-agent'];
    if (agent === undefined || agent === '') return plain(400, 'USER_AGENT_MISSING');
    if (/^(node|undici|Go-http-client)/i.test(agent)) return plain(400, 'USER_AGENT_INVALID');
    if (body === MALFORMED) return plain(400, 'MALFORMED_REQUEST_BODY');
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname === '/session') return this.#openSession(request, url);
    const name = request.headers['x-adm-auth-session'];
    const session = typeof name === 'string' ? this.#sessions.get(name) : undefined;
    if (typeof name !== 'string' || session === undefined) return plain(401, 'UNAUTHORIZED');
    if (session.left <= 0) return plain(403, 'FORBIDDEN');
    session.left -= 1;
    const { status, json } = session.server.answer(
      request.method ?? '',
      url,
      body,
      Number(request.headers['x-server-protocol-version'] ?? 1),
    );
    return {
      status,
      // Apple's own simulators put the words of a refusal in quotes.
      body: JSON.stringify(json),
      headers: { 'x-adm-auth-session': this.#rotate(name, session) },
    };
  }

  #openSession(request: IncomingMessage, url: URL): Answer {
    const secrets = this.#servers.map((one) => one.secrets);
    const problem = this.#oauth.problem(
      request.headers.authorization,
      `${url.origin}${url.pathname}`,
      secrets,
    );
    if (problem !== undefined)
      return plain(problem === 'token_expired' ? 403 : 401, `oauth_problem_adm=${problem}`);
    const held = this.#servers.find(({ secrets: { access_token } }) =>
      request.headers.authorization?.includes(access_token),
    );
    if (held === undefined) return plain(401, 'UNAUTHORIZED');
    const name = randomBytes(32).toString('base64url');
    this.#sessions.set(name, { server: held.server, left: this.options.requestsPerSession ?? Infinity });
    return { status: 200, body: JSON.stringify({ auth_session_token: name }), headers: {} };
  }

  /** The next request is to use the new one; the former is not taken again. */
  #rotate(name: string, session: Session): string {
    const next = randomBytes(32).toString('base64url');
    this.#sessions.delete(name);
    this.#sessions.set(next, session);
    return next;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** In place of a body that is no JSON. */
const MALFORMED = Symbol('malformed');

const plain = (status: number, body: string): Answer => ({ status, body, headers: {} });

function send(response: ServerResponse, { status, body, headers }: Answer, cut: boolean): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF8',
    'content-length': bytes.length,
    ...headers,
  });
  if (!cut) return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return MALFORMED;
  }
}
