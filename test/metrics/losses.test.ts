import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { EventFeed, EventPump, EventType, Outbox } from '../../src/events/index.js';
import { watch } from '../../src/resolvers/subscription-source.js';
import type { Services } from '../../src/services/services.js';
import { freshStore, type Store } from '../support/databases.js';

let store: Store;
let database: Database;

beforeAll(async () => {
  store = await freshStore('sqlite');
  database = await store.open();
});
afterAll(async () => {
  await database.close();
  await store.remove();
});

it('what a subscriber that does not read has to let go is told to the pump', async () => {
  const feed = new EventFeed(database);
  const pump = new EventPump(feed, { pollMs: 0, onError: (error) => expect.fail(String(error)) });
  const committed: number[] = [];
  const outbox = new Outbox((events) => {
    committed.push(events.length);
    pump.wake();
  });
  expect(pump.position).toBeUndefined();
  const interest = { type: EventType.DEVICE_CHANGED, concerns: () => true };
  const watching = await watch({ pump, feed } as Services, interest);
  expect(pump.position).toBe(0);
  await database.transaction(async (tx) => {
    for (let count = 0; count < 300; count += 1) {
      const subjectUuid = `subject ${count}`;
      outbox.emit(tx, { type: EventType.DEVICE_CHANGED, deviceUuid: null, subjectUuid, data: {} });
    }
  });
  expect(committed).toEqual([300]);
  await expect.poll(() => pump.position).toBe(300);
  expect(pump.lost).toEqual({ events: 257, times: 1 });
  expect((await watching.next()).value).toMatchObject({ seq: expect.any(Number) });
  await watching.return();
  expect(pump.position).toBeUndefined();
  pump.stop();
});

it('events of a transaction that was rolled back are not told', async () => {
  const told: unknown[] = [];
  const outbox = new Outbox((events) => told.push(events));
  const failing = database.transaction(async (tx) => {
    outbox.emit(tx, { type: EventType.ALERT, deviceUuid: null, subjectUuid: null, data: {} });
    throw new Error('No.');
  });
  await expect(failing).rejects.toThrow('No.');
  expect(told).toEqual([]);
});
