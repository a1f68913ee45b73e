import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { depWorld, type DepWorld } from './world.js';

const DEVICES = Number(process.env['DEP_SCALE_DEVICES'] ?? 30_000);
const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use, without what is only waiting to be collected. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Processor time of this process, in milliseconds. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Looks at every statement: how many, the heap now and then, and what each transaction costs (on SQLite they take turns). */
class Watch {
  statements = 0;
  peak = 0;
  readonly transactions: number[] = [];
  #begun = 0;

  constructor(world: DepWorld) {
    let pages = 0;
    world.database.onStatement = (sql) => {
      this.statements += 1;
      if (sql.startsWith('BEGIN')) this.#begun = cpu();
      if (sql === 'COMMIT') this.transactions.push(cpu() - this.#begun);
      if (sql.includes('list_cursor = ?') && (pages += 1) % 10 === 0) this.peak = Math.max(this.peak, heap());
    };
  }

  /** Of a hundred transactions, ninety-eight take less than this; a collection of garbage may fall into one. Milliseconds. */
  get long(): number {
    return this.transactions.sort((a, b) => a - b)[Math.floor(this.transactions.length * 0.98)] ?? 0;
  }
}

const PAGE = 1_000;
/** What the stand-in for Apple, in this process too, keeps of each assignment: bytes. */
const KEPT_BY_APPLE = 1_600;

onBothDatabases(`${DEVICES} devices (DEP_SCALE_DEVICES=100000 for more)`, (name) => {
  let world: DepWorld;
  beforeEach(async () => {
    world = await depWorld(name);
  });
  afterEach(() => world.close());

  const assignedTo = async (department: string): Promise<number> => {
    const apple =
      [...world.server.profiles].find(([, fields]) => fields['department'] === department)?.[0] ?? '';
    const [row] = await world.database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM dep_devices WHERE assignment = 'ASSIGNED' AND apple_profile_uuid = ?`,
      [apple],
    );
    return Number(row?.count);
  };

  /** Writes as a device that connects does, again and again, while the work goes on. @returns the waits, in milliseconds */
  async function beside(work: Promise<unknown>): Promise<number[]> {
    const waits: number[] = [];
    const state = { over: false };
    const finished = work.finally(() => (state.over = true));
    while (!state.over) {
      const before = performance.now();
      await world.database.run('UPDATE dep_state SET revision = revision WHERE slot = ?', ['nothing']);
      waits.push(performance.now() - before);
      await sleep(20);
    }
    await finished;
    return waits.sort((one, other) => one - other);
  }

  it('are read, judged and assigned in flat memory and few statements, and keep no other writer waiting', async () => {
    for (let n = 0; n < DEVICES; n += 1) world.server.devices.add(`SCALE${n}`);
    const account = await world.account();
    const { profile } = await world.enrollmentProfiles.create({ name: 'All' });
    const pages = Math.ceil(DEVICES / PAGE);
    const watch = new Watch(world);
    const base = heap();

    const waits = await beside(world.dep.sync.syncNow(account.uuid));
    await world.dep.worker.idle();
    expect(watch.peak).toBeGreaterThan(0);
    expect((watch.peak - base) / MB).toBeLessThan(40);
    expect((heap() - base) / MB).toBeLessThan(40);
    expect((watch.statements - waits.length) / pages).toBeLessThan(150);

    const fields = { enrollmentProfileUuid: profile.uuid, fields: { department: 'One' } };
    const all = await world.dep.profiles.create({ name: 'All', ...fields });
    const rule = { name: 'All', accountUuid: null, patterns: {}, profileUuid: all.uuid, workflowUuid: null };
    watch.statements = 0;
    await world.dep.rules.create(rule);
    await beside(world.dep.worker.idle());
    expect(await assignedTo('One')).toBe(DEVICES);
    expect(watch.statements / pages).toBeLessThan(150);
    await world.dep.profiles.update(all.uuid, { fields: { department: 'Two' } });
    await world.dep.worker.idle();
    expect(await assignedTo('Two')).toBe(DEVICES);
    expect(heap() - base).toBeLessThan(40 * MB + 2 * KEPT_BY_APPLE * DEVICES);
    // Only on SQLite do transactions take turns, and is the time between their first and last statement theirs alone.
    expect(name === 'sqlite' ? watch.long : 0).toBeLessThan(100);
  }, 180_000);
});
