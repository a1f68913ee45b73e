import { afterAll, beforeAll, expect, test } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { CHECKS } from './checks.js';
import { Context } from './kit.js';

test('every check has an id of its own, in order', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids.filter((id) => !/^MV1-\d{3}$/.test(id))).toEqual([]);
  expect(ids.length).toBeGreaterThanOrEqual(60);
});

onBothDatabases('/management/v1', (name) => {
  let ctx: Context;
  beforeAll(async () => {
    ctx = await Context.start(name);
  });
  afterAll(() => ctx.stop());

  for (const { id, protects, run } of CHECKS) {
    // oxlint-disable-next-line vitest/expect-expect -- the check expects
    test(`${id} ${protects}`, () => run(ctx));
  }
});
