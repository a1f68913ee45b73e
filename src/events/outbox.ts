import { insertRows, type Transaction } from '../database/index.js';
import type { NewEvent } from './event.js';

/**
 * Writes events in the transaction that makes them true, so that no change goes untold and nothing is told that did not
 * happen. They are inserted last, in the order they were given, which keeps the time between taking their numbers and
 * committing short (see Horizon for why that matters).
 */
export class Outbox {
  readonly #pending = new WeakMap<Transaction, NewEvent[]>();

  /** @param committed called after each commit that wrote events, with them; their numbers are not known here */
  constructor(private readonly committed: (events: readonly NewEvent[]) => void) {}

  emit(tx: Transaction, ...events: readonly NewEvent[]): void {
    if (events.length === 0) return;
    const pending = this.#pending.get(tx);
    if (pending !== undefined) {
      pending.push(...events);
      return;
    }
    const list = [...events];
    this.#pending.set(tx, list);
    tx.beforeCommit(() => this.#write(tx, list));
    tx.afterCommit(() => this.committed(list));
  }

  async #write(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
    const now = Date.now();
    const rows = events.map((event) => [
      event.type,
      event.deviceUuid,
      event.subjectUuid,
      JSON.stringify(event.data),
      now,
    ]);
    await insertRows(
      tx,
      'INSERT INTO events',
      ['type', 'device_uuid', 'subject_uuid', 'data', 'created_at'],
      rows,
    );
  }
}
