import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { parsePlist } from '../../src/apple/plist/index.js';
import { EventType } from '../../src/events/index.js';
import { closeDevices } from '../enrollment/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ATTACKS, type Headers } from './attacks.js';
import type { Message } from './messages.js';
import { everything, useWorld, type World } from './world.js';

const MINUTE = 60;

/** What came of a message that should have come to nothing; undefined when it did. */
async function fault(
  world: World,
  { path, type, body }: Message,
  proof: Headers,
): Promise<string | undefined> {
  const answer = await world.victim.sendRaw(path, body, { 'content-type': type, ...proof });
  const told = answer.body.toString('latin1');
  if (answer.status !== 400) return `was answered ${answer.status}`;
  if (told.includes('<plist') || told.includes(world.commandUUID)) return `was told ${told}`;
  const secret = world.bootstrapToken;
  if (told.includes(secret.toString('latin1')) || told.includes(secret.toString('base64')))
    return 'was told the token';
  return undefined;
}

/** Sends every message with a proof that is none; tells of those that had an effect. */
async function sweep(world: World, headers: (body: Buffer) => Headers): Promise<string[]> {
  const faults: string[] = [];
  let before = await everything(world);
  for (const message of world.messages) {
    const found = await fault(world, message, headers(message.body));
    if (found !== undefined) faults.push(`${message.name} ${found}`);
    const after = await everything(world);
    if (!isDeepStrictEqual(after, before)) faults.push(`${message.name} changed something`);
    before = after;
  }
  return faults;
}

/** How often an operator was told of the victim. */
async function alarms({ mdm, victim, victimUuid }: World): Promise<number> {
  const all = await mdm.query<{ data: string; subject: string | null }>(
    'SELECT data, subject_uuid AS subject FROM events WHERE type = ?',
    [EventType.ALERT],
  );
  return all.filter(({ data, subject }) => subject === victimUuid || data.includes(victim.facts.udid)).length;
}

onBothDatabases('Pretending to be an enrolled device', (name) => {
  const world = useWorld(name);
  afterAll(closeDevices);

  it('is tried in more than 150 ways', () => {
    expect(new Set(ATTACKS.map((attack) => attack.name)).size).toBe(ATTACKS.length);
    expect(new Set(world.messages.map((message) => message.name)).size).toBe(world.messages.length);
    expect(ATTACKS.length * world.messages.length).toBeGreaterThan(600);
  });

  it.each(ATTACKS)('with $name: no message has an effect', async ({ headers, alarms: due = false }) => {
    // The same alert about the same device is told once a minute.
    world.mdm.advance(MINUTE + 1);
    const before = await alarms(world);
    expect(await sweep(world, (body) => headers(body, world))).toEqual([]);
    expect((await alarms(world)) > before).toBe(due);
  });

  it('and all the while the device goes on as if nothing had happened', async () => {
    const { victim, bootstrapToken, commandUUID } = world;
    expect((await victim.getBootstrapToken()).token).toEqual(bootstrapToken);
    const returning = parsePlist((await victim.checkIn('ReturnToService')).body);
    expect(returning).toMatchObject({ ReturnToService: { Enabled: true, BootstrapToken: bootstrapToken } });
    expect((await victim.connect()).commands.map(({ uuid }) => uuid)).toEqual([commandUUID]);
    const user = victim.user({ userId: 'alice-id', shortName: 'alice', longName: 'Alice' });
    expect((await user.idle()).status).toBe(200);
  });
});
