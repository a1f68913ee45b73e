import { z } from 'zod';
import { at } from '../sentences.js';

/** Entries that a list of a request may have. */
export const LONGEST_LIST = 10_000;

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const WHOLE_UUID = new RegExp(`^${UUID}$`);
const UUID_OR_NOTHING = new RegExp(`^$|^${UUID}$`);

export function isUuid(value: string): boolean {
  return WHOLE_UUID.test(value);
}

// ---- Requests. Null is as good as absent, and so is the empty text. ----

/** Half of a surrogate pair cannot be kept: two such texts would become one. */
const wellFormed = z.string().refine((value) => value.isWellFormed(), {
  error: (issue) => `${at(issue)} is not well-formed Unicode`,
});

export const requiredText = wellFormed.min(1);

export const optionalText = wellFormed.nullish().transform((value) => value || undefined);

const uuidText = z.string().regex(UUID_OR_NOTHING, { error: notUuid });

export const requiredUuid = uuidText.min(1).transform((value) => value.toLowerCase());

/** A UUID in lower case, as ids are kept. */
export const optionalUuid = uuidText.nullish().transform((value) => value?.toLowerCase() || undefined);

/** A UUID, or null for what takes it away. `missing`: the sentence for a body without the field. */
export function uuidOrNone(missing: string) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? missing : undefined) })
    .regex(UUID_OR_NOTHING, { error: notUuid })
    .nullable()
    .transform((value) => value?.toLowerCase() || null);
}

export const optionalWholeNumber = z
  .int()
  .nullish()
  .transform((value) => value ?? undefined);

export function optionalList<T extends z.ZodType>(entry: T) {
  return z
    .array(entry)
    .max(LONGEST_LIST)
    .nullish()
    .transform((value) => value ?? undefined);
}

/**
 * One field that has two names. Those that are given must not differ.
 * @param first the name that is documented
 */
export function agree<A extends string, B extends string>(first: A, second: B) {
  return {
    test: (body: { readonly [Name in A | B]?: unknown }): boolean =>
      body[first] === undefined || body[second] === undefined || body[first] === body[second],
    params: {
      path: [first],
      error: `${first} and ${second} are two names of one field, and differ here. Send one of them`,
      abort: true,
    },
  };
}

function notUuid(issue: z.core.$ZodRawIssue): string {
  return `${at(issue)} must be a UUID; this is “${String(issue.input).slice(0, 80)}”`;
}

// ---- Answers. ----

export const uuid = z.guid();
export const instant = z.iso.datetime().describe('ISO 8601, UTC.');
/** Absent when it is not known. */
export const maybe = z.string().optional();
export const revision = z.int().min(1).describe('Counts the changes.');
