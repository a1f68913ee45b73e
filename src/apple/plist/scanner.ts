import { PlistError } from './errors.js';
import type { TreeBuilder } from './tree.js';
import type { PlistValue } from './types.js';

/** Bytes of work between two looks at the clock; well under a millisecond. */
const WORK_BETWEEN_LOOKS = 32 * 1024;

/**
 * A reader that can stop between two steps and go on later. The same object serves a caller that waits for the whole
 * document and one that reads it a slice at a time.
 */
export abstract class Scanner {
  protected readonly tree: TreeBuilder;
  protected done = false;

  constructor(tree: TreeBuilder) {
    this.tree = tree;
  }

  /** Does one bounded piece of work and returns its size in bytes, at least 1. Sets `done` at the end. */
  protected abstract step(): number;

  /** Reads until the end (true) or until `performance.now()` reaches the deadline (false: call again). Throws PlistError. */
  scan(deadline: number): boolean {
    for (;;) {
      let work = WORK_BETWEEN_LOOKS;
      while (work > 0 && !this.done) work -= this.step();
      if (this.done) return true;
      if (performance.now() >= deadline) return false;
    }
  }

  /** The value of the document, once `scan` has returned true. */
  value(): PlistValue {
    if (!this.done || this.tree.root === undefined)
      throw new PlistError('malformed', 'The document has no value');
    return this.tree.root;
  }
}
