import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { EventFeed, EventPump, EventType, Outbox, type NewEvent } from '../../src/events/index.js';
import { watch, type Interest, type Told } from '../../src/resolvers/subscription-source.js';
import type { Services } from '../../src/services/services.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

onBothDatabases('what a subscriber is told', (name) => {
  let store: Store;
  let database: Database;
  let feed: EventFeed;
  let pump: EventPump;
  let outbox: Outbox;
  const failures: unknown[] = [];
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });
  beforeEach(() => {
    feed = new EventFeed(database);
    pump = new EventPump(feed, { pollMs: 0, onError: (error) => failures.push(error) });
    outbox = new Outbox(() => pump.wake());
  });
  afterEach(() => {
    pump.stop();
    if (failures.length > 0) throw failures[0];
  });

  const happen = (...events: { subject: string; status: string; type?: EventType }[]) =>
    database.transaction(async (tx) => {
      const made = events.map(({ subject, status, type = EventType.COMMAND_UPDATED }): NewEvent => ({
        type,
        deviceUuid: null,
        subjectUuid: subject,
        data: { status },
      }));
      outbox.emit(tx, ...made);
    });
  const watching = (interest: Partial<Interest> = {}) =>
    watch({ feed, pump } as unknown as Services, {
      type: EventType.COMMAND_UPDATED,
      concerns: () => true,
      ...interest,
    });
  /** Resolves when the pump has told everything there is. */
  const told = async (): Promise<void> => {
    const last = await feed.settled();
    await new Promise<void>((resolve) => {
      const stopped = pump.listen((event) => {
        if (event.seq <= last) return;
        void stopped.then((stop) => stop());
        resolve();
      });
      void stopped.then(() => happen({ subject: 'marker', status: 'MARK', type: EventType.ALERT }));
    });
  };
  const take = async (source: AsyncIterator<Told, undefined>, count: number): Promise<string[]> => {
    const taken: string[] = [];
    while (taken.length < count) {
      const { value } = await source.next();
      taken.push(
        value?.event === undefined ? 'resync' : `${value.event.subjectUuid} ${value.event.data['status']}`,
      );
    }
    return taken;
  };

  it('is every status of a command, to one who keeps up', async () => {
    const source = await watching();
    await happen({ subject: 'a', status: '1' }, { subject: 'b', status: '1' }, { subject: 'a', status: '2' });
    await happen({ subject: 'a', status: '3' }, { subject: 'x', status: '1', type: EventType.PUSH_UPDATED });
    await told();
    expect(await take(source, 4)).toEqual(['a 1', 'b 1', 'a 2', 'a 3']);
    await source.return();
  });

  it('is the latest of each, in order, to one who lags; and never a cursor past something untold', async () => {
    const source = await watching();
    await happen(...Array.from({ length: 64 }, (_, n) => ({ subject: `early ${n}`, status: '1' })));
    await happen(
      ...['1', '2', '3'].flatMap((status) => ['a', 'b', 'c'].map((subject) => ({ subject, status }))),
    );
    await happen({ subject: 'a', status: '4' });
    await told();
    const all: Told[] = [];
    for (let count = 0; count < 67; count += 1) all.push((await source.next()).value!);
    expect(all.slice(64).map(({ event }) => `${event?.subjectUuid} ${event?.data['status']}`)).toEqual([
      'b 3',
      'c 3',
      'a 4',
    ]);
    const cursors = all.map(({ seq }) => seq);
    expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
    await source.return();
  });

  it('is that it has to catch up, when too many different things wait: from the last that it was told', async () => {
    const source = await watching();
    await happen({ subject: 'first', status: '1' });
    await told();
    const first = await source.next();
    await happen(...Array.from({ length: 400 }, (_, n) => ({ subject: `s${n}`, status: '1' })));
    await told();
    const { value } = await source.next();
    expect(value).toMatchObject({ seq: first.value?.seq });
    expect(value?.event).toBeUndefined();
    const missed = await feed.matching(value?.seq ?? 0, 1_000, { types: [EventType.COMMAND_UPDATED] });
    expect(missed).toHaveLength(400);
    await source.return();
  });

  it('is first what happened after its cursor, then what happens, nothing twice and nothing left out', async () => {
    const start = await feed.settled();
    await happen(...Array.from({ length: 450 }, (_, n) => ({ subject: `r${n}`, status: '1' })));
    const source = await watching({ after: start });
    await happen({ subject: 'live', status: '1' });
    await told();
    const all = await take(source, 451);
    expect(new Set(all).size).toBe(451);
    expect([all[0], all.at(-1)]).toEqual(['r0 1', 'live 1']);
    await source.return();
  });

  it('is that it has to read everything anew, when what it missed is no longer kept', async () => {
    const start = await feed.settled();
    await happen({ subject: 'gone', status: '1' }, { subject: 'kept', status: '1' });
    const [gone] = await feed.matching(start, 1, {});
    await database.run('DELETE FROM events WHERE seq <= ?', [gone?.seq ?? 0]);
    const source = await watching({ after: start });
    expect(await take(source, 2)).toEqual(['resync', 'kept 1']);
    await source.return();
  });

  it('is what happens, too, when its cursor is of another life of the database', async () => {
    const source = await watching({ after: (await feed.settled()) + 1_000 });
    const { value } = await source.next();
    expect(value?.event).toBeUndefined();
    await happen({ subject: 'live', status: '1' });
    expect(await take(source, 1)).toEqual(['live 1']);
    // And with the cursor that it was given then, nothing is missed.
    const again = await watching({ after: value?.seq });
    expect(await take(again, 1)).toEqual(['live 1']);
    await Promise.all([source.return(), again.return()]);
  });

  it('is not looked for any longer when the subscriber has left', async () => {
    const start = await feed.settled();
    await happen(...Array.from({ length: 1_000 }, (_, n) => ({ subject: `s${n}`, status: '1' })));
    await told();
    let read = 0;
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const source = await watching({
      after: start,
      concerns: () => {
        read += 1;
        begin();
        return false;
      },
    });
    const waiting = source.next();
    await begun;
    await source.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(read).toBeLessThan(1_000);
  });

  it('ends when it is ended, whether or not it waits', async () => {
    const source = await watching();
    const waiting = source.next();
    await source.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(await source.next()).toEqual({ value: undefined, done: true });
  });
});
