import type { z } from 'zod';
import { fieldName } from './errors.js';

type RawIssue = z.core.$ZodRawIssue;

/** Where a fault lies, as clients read it: `profiles[2].profile_uuid`; the empty text for the input as a whole. */
export function at(issue: RawIssue): string {
  return fieldName((issue.path ?? []).map(String));
}

/** What is wrong with an input, for each fault that a schema has no sentence of its own for. Without the full stop. */
export function sentence(issue: RawIssue): string {
  const name = at(issue);
  const { input } = issue;
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return `${name} may have ${Number(issue.maximum).toLocaleString('en')} entries at most`;
  }
  if (issue.code === 'too_small' && issue.origin === 'string') return `${name} is missing`;
  if (issue.code === 'too_big' || issue.code === 'too_small') return `${name} must be a whole number`;
  if (issue.code !== 'invalid_type') return `${name} will not do`;
  if (issue.expected === 'object') return notAnObject(name, input);
  if (issue.expected === 'string') {
    return input == null ? `${name} is missing` : `${name} must be a text; this is ${kindOf(input)}`;
  }
  const wanted = issue.expected === 'array' ? 'a list of objects' : 'a whole number';
  return `${name} must be ${wanted}; this is ${kindOf(input)}`;
}

function notAnObject(name: string, input: unknown): string {
  if (name !== '') return `${name} must be an object; this is ${kindOf(input)}`;
  if (input === undefined) return 'The request needs a JSON object as its body';
  return `The request body must be a JSON object; this is ${kindOf(input)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
