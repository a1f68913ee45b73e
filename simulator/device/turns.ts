/** Runs one connection after another, as a device does: it never has two at once on one channel. */
export class Turns<T> {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting: Promise<T> | undefined;

  /** Runs `work` when all that was asked for before is over. */
  next(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** The same, but a turn asked for this way and not begun yet serves this caller too. */
  nextShared(work: () => Promise<T>): Promise<T> {
    this.#waiting ??= this.next(() => {
      this.#waiting = undefined;
      return work();
    });
    return this.#waiting;
  }
}
