import type { ApnsNotification } from './notification.js';
import type { ApnsOutcome } from './outcome.js';

/** One push on its way to an outcome. */
export interface Job {
  readonly notification: ApnsNotification;
  readonly settle: (outcome: ApnsOutcome) => void;
  /** How many times it failed without an answer. */
  failures: number;
}

/** First in, first out; what has to be sent again goes before what was never sent. Constant time at any length. */
export class JobQueue {
  #again: Job[] = [];
  #waiting: Job[] = [];
  #head = 0;

  get size(): number {
    return this.#again.length + this.#waiting.length - this.#head;
  }

  push(job: Job): void {
    this.#waiting.push(job);
  }

  pushFront(job: Job): void {
    this.#again.push(job);
  }

  shift(): Job | undefined {
    const again = this.#again.pop();
    if (again) return again;
    const job = this.#waiting[this.#head];
    if (job) this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) this.#compact();
    return job;
  }

  /** Empties the queue. */
  takeAll(): Job[] {
    const all = [...this.#again.toReversed(), ...this.#waiting.slice(this.#head)];
    this.#again = [];
    this.#waiting = [];
    this.#head = 0;
    return all;
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
