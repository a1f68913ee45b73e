import { describe, expect, it } from 'vitest';
import { firstRenewal, isLate, nextRenewal, windowOf } from '../../src/services/renewal/schedule.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const lasting = (days: number) => ({ notBefore: 0, notAfter: days * DAY });
const days = (at: number): number => at / DAY;

describe('The time of a renewal', () => {
  it.each([
    ['a year', 365, 30],
    ['three times the window', 90, 30],
    ['less', 60, 20],
    ['a day', 1, 1 / 3],
  ])('of a certificate that is valid for %s is in its last days', (_what, valid, window) => {
    const validity = lasting(valid);
    expect(days(windowOf(validity, MONTH))).toBeCloseTo(window, 5);
    const [first, last] = [0, 0.999999].map((chance) => firstRenewal(validity, MONTH, () => chance));
    expect(days(first!)).toBeCloseTo(valid - window, 5);
    expect(days(last!)).toBeCloseTo(valid - (window * 2) / 3, 3);
  });

  it('is different for each', () => {
    const times = new Set(Array.from({ length: 50 }, () => firstRenewal(lasting(365), MONTH)));
    expect(times.size).toBeGreaterThan(45);
    for (const at of times) expect(at).toBeGreaterThanOrEqual(335 * DAY);
    for (const at of times) expect(at).toBeLessThanOrEqual(345 * DAY);
  });

  it.each([
    ['much time left', 30 * DAY, DAY, 1.5 * DAY],
    ['four days left', 4 * DAY, DAY, 1.5 * DAY],
    ['a day left', DAY, 6 * HOUR, 9 * HOUR],
    ['an hour left', HOUR, HOUR, 1.5 * HOUR],
    ['none left', -DAY, DAY, 1.5 * DAY],
  ])('comes again, with %s', (_what, left, least, most) => {
    expect(nextRenewal(left, 0, () => 0)).toBe(least);
    expect(nextRenewal(left, 0, () => 0.999999999)).toBeLessThanOrEqual(most);
    expect(nextRenewal(left, 0, () => 0.999999999)).toBeGreaterThan(most - 1_000);
  });

  it('is late with less than seven days left, or a third of a short time for it', () => {
    expect(isLate(lasting(365), MONTH, 358 * DAY)).toBe(false);
    expect(isLate(lasting(365), MONTH, 358 * DAY + 1)).toBe(true);
    expect(isLate(lasting(9), MONTH, 8 * DAY)).toBe(false);
    expect(isLate(lasting(9), MONTH, 8 * DAY + 1)).toBe(true);
  });
});
