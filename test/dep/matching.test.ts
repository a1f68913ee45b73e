import { describe, expect, it } from 'vitest';
import { globOf } from '../../src/services/dep/matching.js';

describe('a pattern', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['', '', true],
    ['', 'x', false],
    ['iphone*', 'iPhone 15', true],
    ['*15*', 'iPhone 15 Pro', true],
    ['*15', 'iPhone 15 Pro', false],
    ['C02?????', 'C02ABCDE', true],
    ['C02?????', 'C02ABCD', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['*ü*', 'GRÜN', true],
  ])('%s on "%s": %s', (pattern, text, fits) => {
    expect(globOf(pattern)(text)).toBe(fits);
  });

  it('of many stars takes no time to speak of', () => {
    const pattern = `${'*a'.repeat(60)}b`;
    const before = process.cpuUsage().user;
    expect(globOf(pattern)('a'.repeat(255))).toBe(false);
    expect(process.cpuUsage().user - before).toBeLessThan(100_000);
  });
});
