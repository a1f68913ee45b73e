import { z } from 'zod';
import type { ErrorCode } from '../../errors.js';
import type { DocumentedAnswer } from '../operation.js';
import { failure, type FailureShape } from '../schemas/failure.js';

/** A body, and an example of it that is of its type. */
export function answer<T>(description: string, schema: z.ZodType<T>, example: T): DocumentedAnswer {
  return { description, schema, example };
}

export function list<T>(description: string, entry: z.ZodType<T>, example: T): DocumentedAnswer {
  return { description, schema: z.array(entry), example: [example] };
}

export function empty(description: string): DocumentedAnswer {
  return { description };
}

/** A status that failures have, with an example for each reason, by name. */
export function failures(
  description: string,
  examples: Readonly<Record<string, FailureShape>>,
): DocumentedAnswer {
  return { description, schema: failure, failures: examples };
}

/** One failure as it is answered. */
export function says(
  code: ErrorCode,
  error: string,
  details?: Readonly<Record<string, unknown>>,
): FailureShape {
  return { error, code, ...(details === undefined ? {} : { details }) };
}
