/** Counts what there is of each key, up to a limit. */
export class Counted {
  readonly #counts = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** One more of `key`. Returns how to take it away again (once); undefined when there are too many. */
  enter(key: string): (() => void) | undefined {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.most) return undefined;
    this.#counts.set(key, count + 1);
    let inside = true;
    return () => {
      if (inside) this.#leave(key);
      inside = false;
    };
  }

  #leave(key: string): void {
    const count = (this.#counts.get(key) ?? 1) - 1;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}
