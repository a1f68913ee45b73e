import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { ProbeFailure, wordsOf } from './probe-failure.js';

/** What came back. */
export interface ProbeAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The first 64 KiB. */
  readonly text: string;
}

export interface ProbeRequest {
  readonly method?: 'GET' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const MOST_BYTES = 64 * 1024;

/**
 * Calls this server by its public address, as a device would, and nobody else: redirects are not followed. Nothing secret is
 * sent, so what the certificate is worth is left to the check that is about it; the others still say what is behind it.
 */
export class PublicProbe {
  /** @param publicUrl the configured address; asked each time */
  constructor(private readonly publicUrl: () => string) {}

  get url(): URL {
    return new URL(this.publicUrl());
  }

  /** @param path below the public address. Throws ProbeFailure, in words, when nothing comes back. */
  ask(path: string, request: ProbeRequest, signal: AbortSignal): Promise<ProbeAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
    const { method = 'GET', headers = {}, body } = request;
    const url = addressBelow(this.url, path);
    const options: RequestOptions & { rejectUnauthorized: boolean } = {
      method,
      headers: { 'user-agent': 'Pomona doctor', ...headers },
      agent: false,
      signal,
      rejectUnauthorized: false,
    };
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    const fail = (error: unknown): void => reject(new ProbeFailure(wordsOf(error, url), { cause: error }));
    sent.once('error', fail);
    sent.once('response', (answer) => read(answer).then(resolve, fail));
    // The answer to an upgrade that was accepted: the connection has served its purpose.
    sent.once('upgrade', ({ statusCode = 0, headers: got }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, headers: got, text: '' });
    });
    sent.end(body);
    return promise;
  }
}

/** The public address may have a path of its own. */
function addressBelow(base: URL, path: string): URL {
  return new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base.origin);
}

async function read(answer: IncomingMessage): Promise<ProbeAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= MOST_BYTES) break;
  }
  const text = Buffer.concat(parts).subarray(0, MOST_BYTES).toString('utf8');
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
