import type { PlistDict } from '../../src/apple/plist/index.js';
import type { Command } from './wire.js';

/** One link of an `ErrorChain`, outermost first. Codes and domains differ between Apple's versions. */
export interface ErrorChainItem {
  readonly ErrorCode: number;
  readonly ErrorDomain: string;
  readonly LocalizedDescription: string;
  readonly USEnglishDescription?: string;
}

export type ErrorChain = readonly ErrorChainItem[];

/**
 * What the device does with a command. These carry it out:
 * - `'acknowledge'`: carry it out and answer as Apple's devices do, which may be an Error of the device's own.
 * - `acknowledge`: the same, these keys laid over the answer.
 * - `duplicate`: send the report that many times in all; the last answer counts.
 * - `late`: hold the report until `sendLate()`; the connection ends without it.
 * - `delayMs`: think that long, then do `afterwards` (default `'acknowledge'`).
 *
 * These change nothing on the device:
 * - `notNow`, `error`, `formatError`: answer so.
 * - `drop`: never answer; the connection ends.
 * - `undecodable`: send these bytes where the report belongs.
 */
export type Behaviour =
  | 'acknowledge'
  | { readonly acknowledge: PlistDict }
  | { readonly duplicate: number }
  | { readonly late: true }
  | { readonly delayMs: number; readonly afterwards?: Behaviour }
  | { readonly notNow: true }
  | { readonly error: ErrorChain }
  | { readonly formatError: true }
  | { readonly drop: true }
  | { readonly undecodable: Uint8Array };

export type BehaviourRule = Behaviour | ((command: Command) => Behaviour);

/** Commands that a device never puts off (Apple: "Handling NotNow status responses"). */
const NEVER_PUT_OFF: ReadonlySet<string> = new Set([
  'DeviceInformation',
  'ProfileList',
  'DeviceLock',
  'EraseDevice',
  'ClearPasscode',
  'ProvisioningProfileList',
  'InstalledApplicationList',
  'Restrictions',
]);

/** The script of a device: rules for a RequestType are asked first, then those for `'*'`; the oldest of each first. */
export class Script {
  readonly #rules = new Map<string, { rule: BehaviourRule; left: number }[]>();

  /** Adds a rule for `times` commands. A rule without end replaces the one without end before it. */
  add(requestType: string, rule: BehaviourRule, times = Number.POSITIVE_INFINITY): void {
    const finite = (this.#rules.get(requestType) ?? []).filter((r) => Number.isFinite(r.left));
    const endless = (this.#rules.get(requestType) ?? []).filter((r) => !Number.isFinite(r.left));
    const added = { rule, left: times };
    this.#rules.set(
      requestType,
      Number.isFinite(times) ? [...finite, added, ...endless] : [...finite, added],
    );
  }

  /** What to do with this command. A `'*'` rule cannot make a device put off what Apple's never do. */
  next(command: Command): Behaviour {
    const own = this.#take(command.requestType, command);
    if (own !== undefined) return own;
    const general = this.#take('*', command) ?? 'acknowledge';
    const putsOff = general !== 'acknowledge' && 'notNow' in general;
    return putsOff && NEVER_PUT_OFF.has(command.requestType) ? 'acknowledge' : general;
  }

  #take(key: string, command: Command): Behaviour | undefined {
    const found = this.#rules.get(key)?.find((r) => r.left > 0);
    if (found === undefined) return undefined;
    found.left -= 1;
    return typeof found.rule === 'function' ? found.rule(command) : found.rule;
  }
}
