import type { z } from 'zod';
import { PomonaError, type ErrorCode } from '../errors.js';
import { LONGEST_LIST } from './schemas/fields.js';
import { sentence } from './sentences.js';

/**
 * The value as its schema reads it. Throws a PomonaError about the first fault, which names the field: BAD_USER_INPUT, or
 * the code that the schema gave the fault in `params.code`.
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  refuseEndless(value);
  const result = schema.safeParse(value, { error: sentence, reportInput: true });
  if (result.success) return result.data;
  throw refusal(result.error.issues[0]);
}

function refusal(issue: z.core.$ZodIssue | undefined): PomonaError {
  const path = (issue?.path ?? []).map(String);
  const code = issue?.code === 'custom' ? (issue.params?.['code'] as ErrorCode | undefined) : undefined;
  return new PomonaError(
    code ?? 'BAD_USER_INPUT',
    `${issue?.message ?? 'The request will not do'}.`,
    path.length === 0 ? {} : { path },
  );
}

/** Each fault found costs memory, and a schema looks for all: a list of a million faults is refused before. */
function refuseEndless(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, entry] of Object.entries(value)) {
    if (!Array.isArray(entry) || entry.length <= LONGEST_LIST) continue;
    const sentenceFor = sentence({
      code: 'too_big',
      origin: 'array',
      maximum: LONGEST_LIST,
      input: entry,
      path: [name],
    });
    throw new PomonaError('BAD_USER_INPUT', `${sentenceFor}.`, { path: [name] });
  }
}
