import type { X509Certificate } from 'node:crypto';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** How long before its end a certificate is renewed, unless the operator says otherwise. */
export const DEFAULT_WINDOW_MS = 30 * DAY_MS;
/** With no less time left than this, a renewal that did not come about is nobody's concern yet. */
const CONCERN_MS = 7 * DAY_MS;

/** When a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** 0 to 1, as `Math.random`. */
export type Chance = () => number;

/**
 * How long before its end a certificate is in the time for its renewal.
 * @param windowMs as configured; of a certificate that is not valid for three times as long, it is a third of that
 */
export function windowOf({ notBefore, notAfter }: Validity, windowMs: number): number {
  return Math.min(windowMs, Math.floor((notAfter - notBefore) / 3));
}

/**
 * When it is to be renewed: somewhere in the first third of that time, so that devices which enrolled together do not all
 * come together.
 */
export function firstRenewal(validity: Validity, windowMs: number, chance: Chance = Math.random): number {
  const window = windowOf(validity, windowMs);
  return validity.notAfter - window + Math.floor((chance() * window) / 3);
}

/** The same of a certificate. */
export function renewalTime(
  { validFromDate, validToDate }: Pick<X509Certificate, 'validFromDate' | 'validToDate'>,
  windowMs: number,
): number {
  return firstRenewal({ notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() }, windowMs);
}

/** When to try again what was tried now: after a day, or a quarter of the time that is left, and up to half as much again. */
export function nextRenewal(notAfter: number, now: number, chance: Chance = Math.random): number {
  const left = notAfter - now;
  const pause = left > 0 ? Math.min(DAY_MS, Math.max(HOUR_MS, left / 4)) : DAY_MS;
  return now + Math.floor(pause * (1 + chance() / 2));
}

/** Whether so little time is left that somebody has to know: seven days, or a third of the time for the renewal. */
export function isLate(validity: Validity, windowMs: number, now: number): boolean {
  return validity.notAfter - now < Math.min(CONCERN_MS, windowOf(validity, windowMs) / 3);
}
