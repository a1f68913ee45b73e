import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { KEY_KEPT_MS, once } from '../../src/services/idempotency.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';

const ROUNDS = 20;

onBothDatabases('a key that was forgotten', (name) => {
  let store: Store;
  let database: Database;
  let done: number;
  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });

  const use = (key: string, now: number): Promise<number> => {
    const call = { tokenUuid: 'token', key, operation: 'act', body: {} };
    return database.transaction((tx) => once(tx, call, now, async () => (done += 1)));
  };
  it('keeps of its input nothing that could be tried out', async () => {
    const call = { tokenUuid: 'token', key: 'of a lock', operation: 'deviceLock', body: { pin: '733190' } };
    await database.transaction((tx) => once(tx, call, 1_000, async () => 1));
    const [row] = await database.query<{ body: string }>(
      `SELECT body_sha256 AS body FROM idempotency_keys WHERE operation = 'deviceLock'`,
    );
    const plain = createHash('sha256').update('{"pin":"733190"}').digest('hex');
    expect(row?.body).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.body).not.toBe(plain);
  });

  const [then, later] = [1_000, 1_001 + KEY_KEPT_MS];

  it('is new for one alone of those who come with it at once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      done = 0;
      await use(`raced ${round}`, then);
      const answers = await Promise.all(Array.from({ length: 6 }, () => use(`raced ${round}`, later)));
      expect(new Set(answers).size).toBe(1);
      expect(answers).not.toContain(1);
    }
  });

  it('is kept when it is used anew just as it is pruned', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      done = 0;
      await use(`pruned ${round}`, then);
      const prune = () => database.run('DELETE FROM idempotency_keys WHERE created_at < ?', [later - 1_000]);
      const [, answer] = await Promise.all([prune(), use(`pruned ${round}`, later), prune(), prune()]);
      expect(await use(`pruned ${round}`, later)).toBe(answer);
    }
  });
});
