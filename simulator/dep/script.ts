/** What happens to a request instead of the honest answer. */
export interface DepMishap {
  /** The requests it strikes, by their path; all by default. */
  readonly path?: string;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is carried out, and the connection is lost in the middle of the answer. */
  readonly cut?: boolean;
  /** The connection is lost before anything is done. */
  readonly reset?: boolean;
  /** Answers honestly, this much later, in milliseconds. */
  readonly delayMs?: number;
  /** Answers honestly, not before this. */
  readonly until?: Promise<unknown>;
  /** How often; 1 by default. */
  readonly times?: number;
}

/** Mishaps in the order they are to happen. */
export class MishapScript {
  readonly #mishaps: { readonly mishap: DepMishap; left: number }[] = [];

  add(mishap: DepMishap): void {
    this.#mishaps.push({ mishap, left: mishap.times ?? 1 });
  }

  clear(): void {
    this.#mishaps.length = 0;
  }

  next(path: string): DepMishap | undefined {
    const index = this.#mishaps.findIndex(({ mishap }) => mishap.path === undefined || mishap.path === path);
    const found = this.#mishaps[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#mishaps.splice(index, 1);
    return found.mishap;
  }
}
