import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority } from '../../simulator/pki.js';
import { depWorld, type DepWorld } from '../dep/world.js';
import { build, type Build } from '../support/build.js';
import { onBothDatabases } from '../support/databases.js';
import { ServerProcess } from './server-process.js';

/**
 * After how many answers of Apple's the server is killed, and how many milliseconds later: at a session, while the first page is
 * written, while the second is, and while devices are judged and assigned.
 */
const POINTS: readonly (readonly [number, number])[] = [
  [1, 0],
  [2, 2],
  [2, 8],
  [2, 20],
  [2, 35],
  [2, 60],
  [2, 90],
  [2, 140],
  [3, 0],
  [3, 15],
  [3, 40],
  [4, 5],
  [6, 10],
  [8, 3],
];
const PAGE = 400;
const MORE = 500;
const PATIENCE_MS = 20_000;

onBothDatabases('A server that is killed while it speaks with Apple', (name) => {
  let built: Build;
  let world: DepWorld;
  let server: ServerProcess;
  let accountUuid: string;
  beforeAll(async () => {
    built = build();
    const secretKey = randomBytes(32);
    world = await depWorld(name, secretKey);
    world.server.pageSize = PAGE;
    world.server.mostDevices = 200;
    accountUuid = (await world.account()).uuid;
    const { profile } = await world.enrollmentProfiles.create({ name: 'All' });
    const all = await world.dep.profiles.create({
      name: 'All',
      enrollmentProfileUuid: profile.uuid,
      fields: {},
    });
    await world.dep.rules.create({
      name: 'All',
      accountUuid: null,
      patterns: {},
      profileUuid: all.uuid,
      workflowUuid: null,
    });
    await world.dep.worker.stop();
    server = await ServerProcess.on(world.store, built, createAuthority('CA', { keyType: 'ec' }).certPem, {
      POMONA_DEP_URL: world.fake.url,
      POMONA_SECRET_KEY: secretKey.toString('hex'),
    });
  });
  afterAll(async () => {
    await server.kill();
    await world.close();
    built.remove();
  });

  /** What is to happen later is to happen now, and nobody holds what the dead one held. */
  async function timePasses(): Promise<void> {
    await world.database.run('UPDATE dep_accounts SET next_sync_at = 1, lease_until = NULL');
    await world.database.run('UPDATE dep_devices SET assign_due_at = 1 WHERE assign_due_at IS NOT NULL');
  }

  async function until(what: () => Promise<boolean> | boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!(await what())) {
      if (performance.now() > end) return;
      await sleep(2);
    }
  }

  /** Nothing is there twice, and what is said of Apple is so. */
  async function holds(): Promise<void> {
    const twice = await world.database.query(
      'SELECT serial_number FROM devices GROUP BY serial_number HAVING COUNT(*) > 1',
    );
    expect(twice).toEqual([]);
    const wrong = (await world.devices()).filter(({ serialNumber, assignment, appleProfileUuid }) => {
      const atApple = world.server.devices.get(serialNumber);
      return assignment === 'ASSIGNED' && atApple !== undefined && atApple.profile_uuid !== appleProfileUuid;
    });
    expect(wrong).toEqual([]);
    const lost = await world.database.query(
      'SELECT d.serial_number FROM dep_devices d LEFT JOIN devices v ON v.uuid = d.device_uuid WHERE v.uuid IS NULL',
    );
    expect(lost).toEqual([]);
  }

  async function isWhole(): Promise<boolean> {
    const [row] = await world.database.query<{ count: number | string }>(
      `SELECT COUNT(*) AS count FROM dep_devices WHERE removed_at IS NULL AND assignment = 'ASSIGNED'`,
    );
    const account = await world.dep.accounts.mustFind(accountUuid);
    return (
      account.failure === null &&
      account.leaseHolder === null &&
      Number(row?.count) === world.server.devices.size
    );
  }

  let added = 0;
  function stir(round: number): void {
    const { devices } = world.server;
    for (let n = 0; n < MORE; n += 1) devices.add(`K${(added += 1)}`);
    if (round > 0) for (let n = 0; n < 3; n += 1) devices.remove(`K${added - MORE - n}`);
  }

  it('has lost no device, made none twice, and tells Apple all in the end', async () => {
    for (const [round, [answers, afterMs]] of POINTS.entries()) {
      stir(round);
      // Once all has to be read anew; from then on nothing brings back what is lost.
      if (round === 4) await world.database.run(`UPDATE dep_accounts SET list_cursor = 'lost'`);
      await timePasses();
      const before = world.fake.requests.length;
      await server.start();
      await until(() => world.fake.requests.length >= before + answers);
      expect(world.fake.requests.length).toBeGreaterThanOrEqual(before + answers);
      await sleep(afterMs);
      await server.kill();
      await holds();
    }
    await timePasses();
    await server.start();
    await until(isWhole);
    await server.kill();
    await holds();
    const present = (await world.devices()).filter(({ removedAt }) => removedAt === null);
    const atApple = world.server.devices.list();
    expect(present.map(({ serialNumber }) => serialNumber)).toEqual(
      atApple.map(({ serial_number }) => serial_number).sort(),
    );
    expect(present.filter(({ assignment }) => assignment !== 'ASSIGNED')).toEqual([]);
    expect(new Set(atApple.map(({ profile_uuid }) => profile_uuid)).size).toBe(1);
    expect(server.errors).toEqual([]);
  }, 240_000);
});
