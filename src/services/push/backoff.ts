const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const HOUR = 60 * MINUTE;

/** How often one push is tried before it is given up. */
export const MAX_ATTEMPTS = 6;

/** Pauses between pushes to a channel whose commands stay unfetched. Apple: a device may be silent for days. */
const REPUSH_PAUSES = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR] as const;

/** A fifth more or less, so that a fleet that failed together does not come back in step. Milliseconds. */
export function jittered(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4));
}

/** How long to wait after the given number of attempts at one push: 2, 6, 18, 54, 162 seconds. */
export function retryPause(attempts: number): number {
  return jittered(2 * SECOND * 3 ** (attempts - 1));
}

/** How long to wait for a device that was pushed, and pushed again `repushCount` times, to fetch its commands. */
export function repushPause(repushCount: number): number {
  return jittered(REPUSH_PAUSES[repushCount] ?? 24 * HOUR);
}
