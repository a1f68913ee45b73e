import pino from 'pino';
import { expect, it } from 'vitest';
import { deadline, under } from '../../src/deadline.js';
import { createLog } from '../../src/log.js';
import { failed, ok, warning, type Check } from '../../src/services/doctor/check.js';
import { Doctor } from '../../src/services/doctor/index.js';

const silent = createLog('silent');

const check = (name: string, run: Check['run'], atStart = false): Check => ({ name, atStart, run });

/** A check that counts how often it was run. */
function counting(): Check & { times: number } {
  const counted = {
    name: 'counted',
    atStart: true,
    times: 0,
    run: async () => ok(`${(counted.times += 1)}`),
  };
  return counted;
}

it('looks once, however many ask at once and in the ten seconds after', async () => {
  let now = 1_000_000;
  const counted = counting();
  const doctor = new Doctor({ checks: [counted], log: silent, now: () => now });
  await Promise.all([doctor.diagnose(), doctor.diagnose(), doctor.diagnose()]);
  now += 9_999;
  expect((await doctor.diagnose()).checkedAt).toEqual(new Date(1_000_000));
  expect(counted.times).toBe(1);
  now += 1;
  expect((await doctor.diagnose()).checkedAt).toEqual(new Date(now));
  expect(counted.times).toBe(2);
});

it('runs all checks at the same time', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waits = check('waits', async () => promise.then(() => ok('It was told.')));
  const tells = check('tells', async () => (resolve(), ok('It told.')));
  const found = await new Doctor({ checks: [waits, tells], log: silent, now: Date.now }).diagnose();
  expect(found.checks.map(({ name, status }) => [name, status])).toEqual([
    ['waits', 'OK'],
    ['tells', 'OK'],
  ]);
});

it('gives a check up that does not end, and tells it so', async () => {
  let told: AbortSignal | undefined;
  const hangs = check('hangs', (signal) => ((told = signal), new Promise(() => undefined)));
  const doctor = new Doctor({ checks: [hangs, counting()], log: silent, now: Date.now, patienceMs: 20 });
  const found = await doctor.diagnose();
  expect(found.healthy).toBe(false);
  expect(found.checks).toMatchObject([
    { name: 'hangs', status: 'FAILED', message: 'This was not known after 0.02 seconds.' },
    { name: 'counted', status: 'OK' },
  ]);
  expect(told?.aborted).toBe(true);
});

it('gives the statements of a check its own time, not that of whoever asked first', async () => {
  let seen: AbortSignal | undefined;
  const sees = check('sees', async (signal) => ((seen = deadline()), expect(seen).toBe(signal), ok('')));
  const asker = new AbortController();
  const doctor = new Doctor({ checks: [sees], log: silent, now: Date.now });
  await under(asker.signal, () => doctor.diagnose());
  expect(seen).toBeInstanceOf(AbortSignal);
  expect(seen).not.toBe(asker.signal);
});

it('says of a check that broke what broke it', async () => {
  const broke = check('broke', () => Promise.reject(new Error('no such thing')));
  const { healthy, checks } = await new Doctor({ checks: [broke], log: silent, now: Date.now }).diagnose();
  expect(healthy).toBe(false);
  expect(checks[0]).toMatchObject({
    status: 'FAILED',
    message: 'This could not be looked at: no such thing',
  });
  expect(checks[0]?.fix).toBeTypeOf('string');
});

it('is healthy with warnings', async () => {
  const checks = [check('a', async () => warning('so so', 'mend it')), check('b', async () => ok('fine'))];
  expect((await new Doctor({ checks, log: silent, now: Date.now }).diagnose()).healthy).toBe(true);
});

it('tells the log at the start what is not right, by the checks for the start alone', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const never = check('never', () => Promise.reject(new Error('not at the start')));
  const checks = [
    check('fine', async () => ok('fine'), true),
    check('near', async () => warning('ends soon', 'renew it'), true),
    check('gone', async () => failed('ended', 'renew it at once'), true),
    never,
  ];
  await new Doctor({ checks, log, now: Date.now }).selfLook();
  expect(lines).toMatchObject([
    { level: 40, check: 'near', status: 'WARNING', msg: 'ends soon', fix: 'renew it' },
    { level: 40, check: 'gone', status: 'FAILED', msg: 'ended', fix: 'renew it at once' },
  ]);
});
