import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { EventFeed, EventType, Outbox, type NewEvent, type PomonaEvent } from '../../src/events/index.js';
import { freshStore, type Store } from '../support/databases.js';

export interface Kit {
  readonly store: Store;
  readonly database: Database;
  readonly feed: EventFeed;
  readonly outbox: Outbox;
  /** How often the outbox said that something was committed. */
  readonly told: number;
  /** One event in a transaction of its own. Returns its number. */
  emit(subject: string, event?: Partial<NewEvent>): Promise<number>;
}

export function event(subject: string, o: Partial<NewEvent> = {}): NewEvent {
  return { type: EventType.DEVICE_CHANGED, deviceUuid: null, subjectUuid: subject, data: {}, ...o };
}

export const subjects = (events: readonly PomonaEvent[]): (string | null)[] =>
  events.map((one) => one.subjectUuid);

/** One database for the file, without events before each test. */
export function useKit(name: 'sqlite' | 'mysql'): Kit {
  let store: Store;
  let database: Database;
  let feed: EventFeed;
  let told = 0;
  const outbox = new Outbox(() => (told += 1));
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  beforeEach(async () => {
    await database.run('DELETE FROM events');
    if (name === 'mysql') await database.run('TRUNCATE TABLE events');
    feed = new EventFeed(database);
    told = 0;
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });
  return {
    get store() {
      return store;
    },
    get database() {
      return database;
    },
    get feed() {
      return feed;
    },
    get told() {
      return told;
    },
    outbox,
    emit: async (subject, o) => {
      await database.transaction(async (tx) => outbox.emit(tx, event(subject, o)));
      return feed.latest();
    },
  };
}
