import { LRUCache } from 'lru-cache';

export interface SharedResultsOptions {
  /** Milliseconds for which a result is given to those who come to it later. Default 5,000. */
  readonly keptMs?: number;
  /** Characters of all results kept. Default 32 Mi. */
  readonly maxCharacters?: number;
}

/**
 * Results that several subscribers are told, each worked out and written as text once. Who reads slowly finds
 * a result kept a while; after that it is worked out anew, which shows him fresher rows. Failures are shared
 * by those who wait for them and not kept.
 */
export class SharedResults {
  readonly #kept: LRUCache<string, { readonly text: string | undefined }>;
  readonly #underWay = new Map<string, Promise<string | undefined>>();

  constructor({ keptMs = 5_000, maxCharacters = 32 * 1024 * 1024 }: SharedResultsOptions = {}) {
    this.#kept = new LRUCache({
      ttl: keptMs,
      maxSize: maxCharacters,
      sizeCalculation: ({ text }) => 100 + (text?.length ?? 0),
    });
  }

  /** The result known by `key`, or what `make` gives: called once for all who ask meanwhile. */
  of(key: string, make: () => Promise<string | undefined>): Promise<string | undefined> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return Promise.resolve(kept.text);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const made = this.#make(key, make);
    this.#underWay.set(key, made);
    return made;
  }

  async #make(key: string, make: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
      const text = await make();
      this.#kept.set(key, { text });
      return text;
    } finally {
      this.#underWay.delete(key);
    }
  }
}
