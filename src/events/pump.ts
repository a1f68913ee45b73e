import type { PomonaEvent } from './event.js';
import type { EventFeed } from './feed.js';

export type EventListener = (event: PomonaEvent) => void;

export interface PumpOptions {
  /** Look for events of other processes this often, in milliseconds; 0 when there can be none (SQLite). */
  readonly pollMs: number;
  readonly onError: (error: unknown) => void;
}

const BATCH = 500;
/** How soon to look again when the newest events are not settled yet, or could not be read. */
const SOON_MS = 50;
const AFTER_FAILURE_MS = 500;

/**
 * Tells listeners of events, in order, by reading them back from the database: one reader for the whole process, woken by
 * commits here and by the clock for commits elsewhere. What is live is therefore exactly what `events(after:)` returns.
 */
export class EventPump {
  readonly #listeners = new Set<{ readonly tell: EventListener }>();
  /** Listeners, and those about to be. While there are any, the pump runs. */
  #interested = 0;
  #started: Promise<void> = Promise.resolve();
  #cursor = 0;
  #timer: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  #reading = false;
  #lost = { events: 0, times: 0 };
  #again = false;
  #read: Promise<void> = Promise.resolve();

  constructor(
    private readonly feed: EventFeed,
    private readonly options: PumpOptions,
  ) {}

  /**
   * Resolves once events are being listened for: everything committed after that is told, and perhaps some of what was
   * committed before. Rejects when the database cannot be read. Returns how to stop.
   */
  async listen(tell: EventListener): Promise<() => void> {
    this.#interested += 1;
    if (this.#interested === 1) this.#started = this.#start();
    try {
      await this.#started;
    } catch (error) {
      this.#leave();
      throw error;
    }
    const listener = { tell };
    this.#listeners.add(listener);
    this.wake();
    return () => {
      if (this.#listeners.delete(listener)) this.#leave();
    };
  }

  /** The last event that was told; undefined while nobody listens. */
  get position(): number | undefined {
    return this.#listeners.size === 0 ? undefined : this.#cursor;
  }

  /** What listeners let go because they could not keep up, since the start. */
  get lost(): { readonly events: number; readonly times: number } {
    return this.#lost;
  }

  /** A listener let events go that it could not keep. */
  lose(events: number): void {
    this.#lost = { events: this.#lost.events + events, times: this.#lost.times + 1 };
  }

  /** Something was committed. */
  wake(): void {
    if (this.#listeners.size === 0) return;
    this.#again = true;
    if (!this.#reading) this.#read = this.#readAll();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#later);
    this.#listeners.clear();
  }

  async #start(): Promise<void> {
    await this.#read;
    this.#cursor = await this.feed.settled();
    if (this.options.pollMs > 0) this.#timer = setInterval(() => this.wake(), this.options.pollMs).unref();
  }

  #leave(): void {
    this.#interested -= 1;
    if (this.#interested === 0) clearInterval(this.#timer);
  }

  /** Reads until there is nothing new. Between finding that and ending there is no gap in which a wake could be lost. */
  async #readAll(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#again && this.#listeners.size > 0) {
        this.#again = false;
        const events = await this.feed.after(this.#cursor, BATCH);
        for (const event of events) this.#tell(event);
        if (events.length === BATCH) this.#again = true;
        else await this.#comeBackForUnsettled();
      }
    } catch (error) {
      this.options.onError(error);
      this.#comeBack(AFTER_FAILURE_MS);
    } finally {
      this.#reading = false;
    }
  }

  #tell(event: PomonaEvent): void {
    this.#cursor = event.seq;
    for (const listener of this.#listeners) {
      try {
        listener.tell(event);
      } catch (error) {
        this.options.onError(error);
      }
    }
  }

  async #comeBackForUnsettled(): Promise<void> {
    if (this.options.pollMs === 0 || (await this.feed.latest()) <= this.#cursor) return;
    this.#comeBack(SOON_MS);
  }

  #comeBack(afterMs: number): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.wake(), afterMs).unref();
  }
}
