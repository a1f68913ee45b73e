/** What stands for every value that came too late to be remembered. */
export const OTHER = 'other';

/**
 * Keeps a label small whose values come from outside: the first `most` values are remembered, all later ones are "other".
 * A value is cut at 64 characters.
 */
export class BoundedLabel {
  readonly #known = new Set<string>();

  constructor(private readonly most: number) {}

  /** The label for a value, which is remembered while there is room. */
  learn(value: string): string {
    const label = value.slice(0, 64);
    if (this.#known.size < this.most) this.#known.add(label);
    return this.known(label);
  }

  /** The label for a value that is not worth remembering. */
  known(value: string): string {
    const label = value.slice(0, 64);
    return this.#known.has(label) ? label : OTHER;
  }
}
