import type { DepDevice } from '../../entities/dep-device.js';
import type { DepRule } from '../../entities/dep-profile.js';

/** What a rule may look at. */
export const PATTERN_FIELDS = [
  'serialNumber',
  'model',
  'description',
  'color',
  'assetTag',
  'os',
  'deviceFamily',
] as const;
export type PatternField = (typeof PATTERN_FIELDS)[number];

export type Patterns = Readonly<Partial<Record<PatternField, string>>>;

/** The facts of a device that rules look at. */
export type Judged = Pick<DepDevice, PatternField | 'accountUuid'>;

/** The first rule that is about a device, in the order of their places. */
export function firstRule(rules: readonly CompiledRule[], device: Judged): DepRule | undefined {
  return rules.find((compiled) => compiled.fits(device))?.rule;
}

/** A rule that is ready to be held against many devices. */
export interface CompiledRule {
  readonly rule: DepRule;
  fits(device: Judged): boolean;
}

/** The rules in the order of their places, ready for many devices. */
export function compileRules(rules: readonly DepRule[]): CompiledRule[] {
  return [...rules].sort((a, b) => a.position - b.position || (a.uuid < b.uuid ? -1 : 1)).map(compile);
}

function compile(rule: DepRule): CompiledRule {
  const patterns = rule.patterns as Patterns;
  const tests = PATTERN_FIELDS.flatMap((field) => {
    const pattern = patterns[field];
    return pattern === undefined ? [] : [{ field, fits: globOf(pattern) }];
  });
  const fits = (device: Judged): boolean =>
    (rule.accountUuid === null || rule.accountUuid === device.accountUuid) &&
    tests.every((test) => test.fits(device[test.field] ?? ''));
  return { rule, fits };
}

/**
 * `*` is any text, `?` any letter; case does not count. Without a regular expression: patterns come from people, and some
 * expressions take for ever.
 */
export function globOf(pattern: string): (text: string) => boolean {
  const letters = [...pattern.toLowerCase()];
  return (text) => fitsGlob(letters, [...text.toLowerCase()]);
}

/** Goes back to the last `*` only, which is enough: what stood before it has been matched as early as possible. */
function fitsGlob(pattern: readonly string[], text: readonly string[]): boolean {
  let [at, p, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, at, p + 1];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[at])) [at, p] = [at + 1, p + 1];
    else if (star >= 0) [p, mark, at] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
