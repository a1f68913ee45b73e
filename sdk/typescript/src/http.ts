import { errorOf, mayPass, PomonaError, type ErrorCode, type ErrorShape } from './errors.ts';
import { pause } from './pause.ts';
import type { Settings } from './settings.ts';

/** One operation over HTTP. */
export interface Call {
  readonly query: string;
  readonly variables: unknown;
  readonly signal?: AbortSignal | undefined;
  /** True when sending it twice does no harm. */
  readonly repeatable: boolean;
}

const TRIES = 4;
/** Whoever is told to wait longer is better told so. */
const LONGEST_WAIT = 60_000;

/**
 * The operation's data. What may be repeated is tried again when there was no answer, or the server said 429 or 503 (RFC 6585
 * section 4, RFC 9110 section 15.6.4), after as long as it said.
 * @throws PomonaError; the signal's reason when it was aborted.
 */
export async function request(settings: Settings, call: Call): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(settings, call);
    } catch (error) {
      call.signal?.throwIfAborted();
      const wait = waitAfter(error, attempt, settings);
      if (!call.repeatable || wait === undefined) throw error;
      await pause(wait, call.signal);
    }
  }
}

/** Milliseconds until the next try, or undefined when there is none. */
function waitAfter(error: unknown, attempt: number, { delay }: Settings): number | undefined {
  if (attempt >= TRIES || !mayPass(error)) return undefined;
  const wait = error.retryAfter ?? delay(attempt);
  return wait > LONGEST_WAIT ? undefined : wait;
}

async function send(settings: Settings, { query, variables, signal }: Call): Promise<unknown> {
  const token = await settings.token();
  const init: RequestInit = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    ...(signal === undefined ? {} : { signal }),
  };
  let response: Response;
  let text: string;
  try {
    response = await settings.fetch(settings.url, init);
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PomonaError(`There was no answer from ${settings.url}.`, { code: 'NETWORK', cause });
  }
  return dataOf(response, answerIn(text));
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly ErrorShape[];
}

function dataOf(response: Response, answer: Answer | undefined): unknown {
  const facts = {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfterOf(response.headers.get('retry-after')),
  };
  if (answer === undefined) {
    const message = `HTTP ${response.status} without a GraphQL answer. Is this the address of a Pomona server?`;
    throw new PomonaError(message, { code: STATUS_CODES[response.status] ?? 'BAD_RESPONSE', ...facts });
  }
  if (answer.errors !== undefined && answer.errors.length > 0)
    throw errorOf(answer.errors, { ...facts, data: answer.data });
  return answer.data;
}

/** For answers of proxies, which know no GraphQL. */
const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  503: 'UNAVAILABLE',
};

function answerIn(text: string): Answer | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  const isGraphql = 'data' in answer || ('errors' in answer && Array.isArray(answer.errors));
  return isGraphql ? (answer as Answer) : undefined;
}

/** Milliseconds in a Retry-After header: seconds, or a date (RFC 9110 section 10.2.3). */
export function retryAfterOf(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
