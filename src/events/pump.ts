import type { PomonaEvent } from './event.js';
import type { EventFeed } from './feed.js';

export type EventListener = (event: PomonaEvent) => void;

export interface PumpOptions {
  /** Look for events of other processes this often, in milliseconds; 0 when there can be none (SQLite). */
  readonly pollMs: number;
  readonly onError: (error: unknown) => void;
}

const BATCH = 500;
/** How soon to look again when the newest events were held back. */
const HELD_BACK_MS = 50;

/**
 * Tells listeners of events, in order, by reading them back from the database: one reader for the whole process, woken by
 * commits here and by the clock for commits elsewhere. What is live is therefore exactly what `events(after:)` returns.
 */
export class EventPump {
  readonly #listeners = new Set<EventListener>();
  #cursor = 0;
  #reading = false;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;

  constructor(
    private readonly feed: EventFeed,
    private readonly options: PumpOptions,
  ) {}

  /** Resolves once events are being listened for: everything committed after that is told. Returns how to stop. */
  async listen(listener: EventListener): Promise<() => void> {
    if (this.#listeners.size === 0 && this.#starting === undefined) this.#starting = this.#start();
    await this.#starting;
    this.#listeners.add(listener);
    return () => this.#remove(listener);
  }

  /** Something was committed. */
  wake(): void {
    if (this.#listeners.size === 0) return;
    if (this.#reading) this.#again = true;
    else void this.#read();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  async #start(): Promise<void> {
    this.#cursor = await this.feed.latest();
    if (this.options.pollMs > 0) this.#timer = setInterval(() => this.wake(), this.options.pollMs).unref();
  }

  #remove(listener: EventListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#timer);
    this.#starting = undefined;
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      do {
        this.#again = false;
        const events = await this.feed.after(this.#cursor, BATCH);
        for (const event of events) this.#tell(event);
        if (events.length === BATCH) this.#again = true;
      } while (this.#again && this.#listeners.size > 0);
      await this.#comeBackForHeldBack();
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.#reading = false;
    }
  }

  #tell(event: PomonaEvent): void {
    this.#cursor = event.seq;
    for (const listener of this.#listeners) listener(event);
  }

  async #comeBackForHeldBack(): Promise<void> {
    if (this.options.pollMs === 0 || (await this.feed.latest()) <= this.#cursor) return;
    setTimeout(() => this.wake(), HELD_BACK_MS).unref();
  }
}
