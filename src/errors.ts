/**
 * Every failure that Pomona tells anyone about, in one table. Services throw `PomonaError` with one of these codes;
 * the doors translate it with the same row: GraphQL `extensions.code` or a `userErrors` entry, an HTTP status for REST,
 * a status that can never un-enrol a device (so neither 401 nor 403) for the device door. Nothing else formats errors.
 */
export interface ErrorFace {
  /** HTTP status on the REST door. */
  readonly http: number;
  /** HTTP status on the device door. 401 and 403 make a device remove its enrolment, so they never appear here. */
  readonly device: number;
  /** True when the caller can mend it (the message is shown); false when it is ours (masked, logged with the request id). */
  readonly expose: boolean;
}

const face = (http: number, device: number, expose = true): ErrorFace => ({ http, device, expose });

export const ERRORS = {
  UNAUTHENTICATED: face(401, 400),
  FORBIDDEN: face(403, 400),
  NOT_FOUND: face(404, 404),
  BAD_USER_INPUT: face(400, 400),
  /** Well-formed but not acceptable: not a configuration profile, unknown reference… */
  INVALID: face(422, 400),
  CYCLE: face(422, 400),
  CONFLICT: face(409, 409),
  STALE_REVISION: face(409, 409),
  IN_USE: face(409, 409),
  /** The caller's key was used for something else before. */
  IDEMPOTENCY_KEY_REUSED: face(422, 400),
  /** The same command waits for the device already. */
  ALREADY_PENDING: face(409, 409),
  NOT_ENROLLED: face(409, 409),
  FEATURE_NOT_AVAILABLE: face(409, 409),
  PAYLOAD_TOO_LARGE: face(413, 413),
  UNSUPPORTED_MEDIA_TYPE: face(415, 415),
  /** A device's identity was missing, unverifiable, or another device's. */
  IDENTITY_REFUSED: face(400, 400),
  QUERY_TOO_COMPLEX: face(400, 400),
  QUERY_TOO_DEEP: face(400, 400),
  /** This server runs trusted documents only. */
  DOCUMENT_NOT_TRUSTED: face(400, 400),
  RATE_LIMITED: face(429, 429),
  UPSTREAM_REFUSED: face(502, 503),
  UNAVAILABLE: face(503, 503, false),
  TIMEOUT: face(503, 503),
  INTERNAL: face(500, 500, false),
} as const satisfies Record<string, ErrorFace>;

export type ErrorCode = keyof typeof ERRORS;

export interface PomonaErrorOptions {
  /** Path to the offending input, outermost first, for example `['input', 'profiles', '2']`. */
  readonly path?: readonly string[];
  /** Facts for programs, beside the sentence for people. JSON only. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A failure with a name that a caller can switch on. `message` says what was wrong and what would be right. */
export class PomonaError extends Error {
  readonly code: ErrorCode;
  /** Path to the offending input. Not `path`: graphql-js takes an error that has one for located already. */
  readonly inputPath: readonly string[] | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: PomonaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PomonaError';
    this.code = code;
    this.inputPath = options.path;
    this.details = options.details;
  }

  /** The row of the table this error is shown by. */
  get face(): ErrorFace {
    return ERRORS[this.code];
  }
}
