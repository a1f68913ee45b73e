import { z } from 'zod';
import { DepError, readFailure } from './errors.js';
import { authorization, moment } from './oauth.js';
import type { ServerToken } from './server-token.js';

export interface DepOptions {
  /** `https://mdmenrollment.apple.com`; a stand-in for it may be plain HTTP. */
  readonly baseUrl: string;
  readonly token: ServerToken;
  /** Apple refuses requests without one, and those of some libraries. */
  readonly userAgent: string;
  /** `X-Server-Protocol-Version`: which keys Apple understands and sends. */
  readonly protocolVersion: number;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request to the service. */
export interface DepRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash. */
  readonly path: string;
  readonly body?: unknown;
  /** Instead of the usual one: some end points want a version of their own. */
  readonly protocolVersion?: number;
}

const TIMEOUT_MS = 60_000;
/** A page of 1,000 devices is half a megabyte. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const SESSION_HEADER = 'x-adm-auth-session';

/** It goes into a header. */
const Session = z.object({ auth_session_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/) });

/**
 * Speaks with Apple's device assignment service under one server token. Whatever it answers may carry the session that is to
 * be used next, and the former one may be good no more: so requests go one after another. A session that is not accepted any
 * more is renewed once; a second refusal is told (Apple: "Authenticating with a Device Enrollment Program server").
 */
export class DepSession {
  #session: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DepOptions) {}

  /** @returns what stands in the body, as JSON. @throws DepError */
  request(request: DepRequest): Promise<unknown> {
    const answer = this.#last.then(() => this.#request(request));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #request(request: DepRequest): Promise<unknown> {
    if (this.#session === undefined) await this.#openSession();
    try {
      return await this.#send(request);
    } catch (error) {
      if (!(error instanceof DepError) || error.failure !== 'UNAUTHORIZED') throw error;
    }
    await this.#openSession();
    return this.#send(request);
  }

  async #openSession(): Promise<void> {
    this.#session = undefined;
    const { token, now } = this.options;
    if (token.accessTokenExpiry.getTime() <= now()) throw readFailure(403, 'token_expired', null);
    const header = authorization(this.#url('/session'), token, moment(now()));
    const answer = Session.safeParse(await this.#send({ method: 'GET', path: '/session' }, header));
    if (!answer.success) throw unreadable('/session');
    this.#session = answer.data.auth_session_token;
  }

  async #send({ method, path, body, protocolVersion }: DepRequest, authorize?: string): Promise<unknown> {
    const { userAgent, timeoutMs = TIMEOUT_MS } = this.options;
    const headers: Record<string, string> = {
      'user-agent': userAgent,
      'x-server-protocol-version': String(protocolVersion ?? this.options.protocolVersion),
      'content-type': 'application/json;charset=UTF8',
      accept: 'application/json',
    };
    if (authorize !== undefined) headers['authorization'] = authorize;
    else if (this.#session !== undefined) headers[SESSION_HEADER] = this.#session;
    const init: RequestInit = { method, headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) };
    if (body !== undefined) init.body = JSON.stringify(body);
    return this.#read(await reached(fetch(this.#url(path), init)), path);
  }

  async #read(answer: Response, path: string): Promise<unknown> {
    const text = await reached(textOf(answer));
    if (!answer.ok)
      throw readFailure(
        answer.status,
        this.#withoutSecrets(text),
        answer.headers.get('retry-after'),
        this.#aheadOf(answer),
      );
    const next = answer.headers.get(SESSION_HEADER);
    if (next !== null && next !== '') this.#session = next;
    if (text.trim() === '') return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw unreadable(path);
    }
  }

  /** Whoever stands between us and Apple may send back what we sent; it must not end in a log. */
  #withoutSecrets(text: string): string {
    const { consumerKey, consumerSecret, accessToken, accessSecret } = this.options.token;
    const secrets = [consumerKey, consumerSecret, accessToken, accessSecret, this.#session ?? ''];
    return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '…')), text);
  }

  /** How far our clock is ahead of that of whoever answered, in milliseconds; 0 when it does not say. */
  #aheadOf(answer: Response): number {
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(theirs) ? 0 : this.options.now() - theirs;
  }

  #url(path: string): URL {
    return new URL(this.options.baseUrl.replace(/\/$/, '') + path);
  }
}

async function textOf(answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of answer.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new DepError(
        'UNREADABLE',
        `Apple's answer is larger than ${MAX_ANSWER_BYTES} bytes.`,
        answer.status,
      );
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DepError) throw error;
    throw new DepError(
      'UNAVAILABLE',
      `Apple's service cannot be reached: ${wordsOf(error)}.`,
      undefined,
      undefined,
      { cause: error },
    );
  }
}

/** fetch hides what happened one level down. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** An answer of 200 that says nothing. */
export function unreadable(path: string): DepError {
  return new DepError('UNREADABLE', `Apple's answer to ${path} makes no sense.`, 200);
}
