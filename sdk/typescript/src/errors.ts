/** What a server tells of an error (GraphQL 2021, section 7.1.2), with Pomona's extensions. */
export interface ErrorShape {
  readonly message: string;
  /** The field that failed, outermost first. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly requestId?: string;
    /** The offending input, outermost first. */
    readonly inputPath?: readonly string[];
    readonly [key: string]: unknown;
  };
}

/** Codes the server sends in `extensions.code`. A newer server may send others. */
export type ServerCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'INVALID'
  | 'CYCLE'
  | 'CONFLICT'
  | 'STALE_REVISION'
  | 'IN_USE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'ALREADY_PENDING'
  | 'NOT_ENROLLED'
  | 'FEATURE_NOT_AVAILABLE'
  | 'IDENTITY_REFUSED'
  | 'DOCUMENT_NOT_TRUSTED'
  | 'UPSTREAM_REFUSED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_DEEP'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'INTERNAL'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED';

/**
 * Codes this client adds. NETWORK: there was no answer. BAD_RESPONSE: the answer is not GraphQL; something between you and
 * the server gave it. CONNECTION_LOST: a subscription's socket is gone for good.
 */
export type ClientCode = 'NETWORK' | 'BAD_RESPONSE' | 'CONNECTION_LOST';

export type ErrorCode = ServerCode | ClientCode | (string & Record<never, never>);

export interface PomonaErrorFacts {
  readonly code: ErrorCode;
  readonly errors?: readonly ErrorShape[];
  readonly data?: unknown;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Why an operation has no result, or not the whole. What a mutation refuses is no error: it is data, in `userErrors`. */
export class PomonaError extends Error {
  override readonly name = 'PomonaError';
  /** Made for switching on. */
  readonly code: ErrorCode;
  /** Quote it when you ask whoever runs the server; its log knows it. */
  readonly requestId: string | undefined;
  /** The field of the operation that failed, outermost first. */
  readonly path: readonly (string | number)[] | undefined;
  /** The offending input, outermost first, when the server could tell. */
  readonly inputPath: readonly string[] | undefined;
  /** Everything the server said; the other properties are of the first. */
  readonly errors: readonly ErrorShape[];
  /** What could be answered all the same. */
  readonly data: unknown;
  /** The HTTP status, when there was one. */
  readonly status: number | undefined;
  /** Milliseconds the server asked to wait before trying again. */
  readonly retryAfter: number | undefined;

  constructor(message: string, { errors = [], ...facts }: PomonaErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    const [first] = errors;
    this.code = facts.code;
    this.requestId = first?.extensions?.requestId ?? facts.requestId;
    this.path = first?.path;
    this.inputPath = first?.extensions?.inputPath;
    this.errors = errors;
    this.data = facts.data;
    this.status = facts.status;
    this.retryAfter = facts.retryAfter;
  }
}

/** The errors of an answer, as one. */
export function errorOf(
  errors: readonly ErrorShape[],
  facts: Omit<PomonaErrorFacts, 'code' | 'errors'> = {},
): PomonaError {
  const [first] = errors;
  const code = first?.extensions?.code ?? 'BAD_RESPONSE';
  return new PomonaError(first?.message ?? 'The server reported an error without saying which.', {
    ...facts,
    code,
    errors,
  });
}

const PASSING_STATUS: ReadonlySet<unknown> = new Set([429, 502, 503, 504]);
const PASSING_CODE: ReadonlySet<string> = new Set(['NETWORK', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT']);

/** True when the same request may well succeed a little later. */
export function mayPass(error: unknown): error is PomonaError {
  if (!(error instanceof PomonaError)) return false;
  return PASSING_CODE.has(error.code) || PASSING_STATUS.has(error.status);
}
