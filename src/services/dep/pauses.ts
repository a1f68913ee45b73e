import type { Clock } from '../../clock.js';
import { jittered } from './failures.js';

const FIRST_MS = 60_000;
const LONGEST_MS = 2 * 60 * 60_000;

interface Pause {
  readonly since: number;
  readonly until: number;
  readonly times: number;
}

/**
 * What Apple just refused, this process does not ask it again at once: a minute later, then twice as long each time, up to two
 * hours. Kept in memory: another process, or the next, asks once and learns the same.
 */
export class Pauses {
  readonly #pauses = new Map<string, Pause>();

  constructor(private readonly now: Clock) {}

  /** @param atLeastMs what Apple asked for */
  begin(what: string, atLeastMs = 0): void {
    const times = (this.#pauses.get(what)?.times ?? 0) + 1;
    const pause = jittered(Math.min(LONGEST_MS, FIRST_MS * 2 ** (times - 1)));
    const since = this.now();
    this.#pauses.set(what, { since, until: since + Math.max(pause, atLeastMs), times });
  }

  end(what: string): void {
    this.#pauses.delete(what);
  }

  /** @param well when it was last known that all is well again: what was before that is over */
  holds(what: string, well = 0): boolean {
    const pause = this.#pauses.get(what);
    return pause !== undefined && well <= pause.since && this.now() < pause.until;
  }
}
