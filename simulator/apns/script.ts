import type { ScriptedAnswer } from './push.js';

/** Answers to give instead of the honest one, per token or for all. A token's own come before those for all. */
export class Script {
  readonly #answers = new Map<string, { answer: ScriptedAnswer; left: number }[]>();

  /** Adds an answer behind those already there for `token` (`*`: any token). */
  add(token: string, answer: ScriptedAnswer): void {
    const list = this.#answers.get(token) ?? [];
    list.push({ answer, left: answer.times ?? Infinity });
    this.#answers.set(token, list);
  }

  forget(token?: string): void {
    if (token === undefined) this.#answers.clear();
    else this.#answers.delete(token);
  }

  /** The answer to the next request for `token`; undefined: the honest one. */
  next(token: string): ScriptedAnswer | undefined {
    return this.#take(token) ?? this.#take('*');
  }

  #take(token: string): ScriptedAnswer | undefined {
    const list = this.#answers.get(token);
    const first = list?.[0];
    if (!list || !first) return undefined;
    first.left--;
    if (first.left <= 0) list.shift();
    return first.answer;
  }
}
