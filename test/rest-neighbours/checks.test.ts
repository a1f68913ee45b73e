import { afterAll, beforeAll, expect, test } from 'vitest';
import { Context } from '../management-v1/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { AROUND } from './around.js';
import { QUEUE } from './queue.js';
import { SENDING } from './sending.js';

const CHECKS = [...SENDING, ...QUEUE, ...AROUND];

test('every check has an id of its own, in order', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids.filter((id) => !/^NB-\d{3}$/.test(id))).toEqual([]);
});

onBothDatabases('the neighbours of /management/v1', (name) => {
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
