import { z } from 'zod';

/** What stands for nothing to a reader: control characters, and those that turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** As people may be shown it: on one line, nothing hidden, cut. HTML stays what it is, text. */
export function shown(text: string, most: number): string {
  return text.slice(0, most).toWellFormed().replaceAll(UNSEEN, ' ');
}

/**
 * Text that may be missing or of another type, which is null then. Whatever is wrong with one field of one device must not keep
 * the thousand others of its page from us.
 */
export const text = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? shown(value, 1_024) : null));

/** A date of ISO 8601, or null. Apple writes UTC; without an offset it is taken for that. */
export const instant = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? dateOf(value.trim()) : null));

const DATE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/;

function dateOf(value: string): Date | null {
  const [, local, offset = 'Z'] = DATE.exec(value) ?? [];
  if (local === undefined) return null;
  const at = new Date(local + offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? null : at;
}
