import { expect, it } from 'vitest';
import { deadline } from '../../src/deadline.js';
import { Role } from '../../src/entities/enums.js';
import { toGlobalId } from '../../src/resolvers/plumbing/global-id.js';
import { Pruning } from '../../src/services/pruning.js';
import { Catalogue } from '../mdm/catalogue.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import type { Json } from '../support/server.js';
import { ADMIN_TOKEN, countOf, deviceId, keysKept, mutate, newKey, post } from './keyed.js';

/** In seconds. */
const DAY = 24 * 60 * 60;

onBothDatabases('A call with an idempotencyKey', (name) => {
  const mdm = useMdm(name, { ADMIN_TOKEN });
  const call = (field: string, input: object, token?: string): Promise<Json> =>
    mutate(mdm.app.url, field, input, token);
  const restart = (uuid: string, idempotencyKey?: string) => ({
    deviceIds: [deviceId(uuid)],
    requestType: 'RestartDevice',
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });

  it('is carried out once and answered the same; without a key, each time', async () => {
    const { uuid } = await mdm.enrolled();
    const input = restart(uuid, newKey());
    const first = await call('commandSend', input);
    expect(first.results[0].command.uuid).toEqual(expect.any(String));
    expect(await call('commandSend', input)).toEqual(first);
    // The order of members, and null for what was left out, make no other input.
    const { idempotencyKey, requestType, deviceIds } = input;
    const same = { priority: null, idempotencyKey, requestType, deviceIds };
    expect(await call('commandSend', same)).toEqual(first);
    expect(await countOf(mdm, 'commands', uuid)).toBe(1);
    const [one, two] = [await call('commandSend', restart(uuid)), await call('commandSend', restart(uuid))];
    expect(one.results[0].command.uuid).not.toBe(two.results[0].command.uuid);
    expect(await countOf(mdm, 'commands', uuid)).toBe(3);
  });

  it('is refused with another input, or for another mutation, which is told; another token may choose the same key', async () => {
    const { uuid } = await mdm.enrolled();
    const idempotencyKey = newKey();
    const input = restart(uuid, idempotencyKey);
    await call('commandSend', input);
    const refused = async (field: string, other: object): Promise<string> => {
      const { results, userErrors } = await call(field, other);
      expect(results).toBeNull();
      expect(userErrors).toEqual([
        {
          code: 'IDEMPOTENCY_KEY_REUSED',
          message: expect.any(String),
          path: ['input', 'idempotencyKey'],
        },
      ]);
      return userErrors[0].message;
    };
    for (const other of [{ priority: 1 }, { requestType: 'SecurityInfo' }, { deviceIds: [] }]) {
      expect(await refused('commandSend', { ...input, ...other })).toMatch(
        /first used for commandSend with another input, at \d{4}-/,
      );
    }
    const { deviceIds } = input;
    for (const field of ['devicePush', 'deviceAssignWorkflow', 'deploymentRetry', 'deviceRestart']) {
      expect(await refused(field, { deviceIds, idempotencyKey })).toContain('first used for commandSend, at');
    }
    expect(await countOf(mdm, 'commands', uuid)).toBe(1);
    const { token } = await mdm.services.tokens.create({ name: 'other', role: Role.OPERATOR }, ADMIN);
    expect((await mutate(mdm.app.url, 'commandSend', input, token)).results[0].error).toBeNull();
    expect(await countOf(mdm, 'commands', uuid)).toBe(2);
  });

  it('has a key of 1 to 255 printable characters, each of which counts', async () => {
    const { uuid } = await mdm.enrolled();
    for (const bad of ['', 'x'.repeat(256), 'line\nbreak', 'nul\u0000', '\u2028']) {
      expect((await call('commandSend', restart(uuid, bad))).userErrors).toMatchObject([
        { code: 'BAD_USER_INPUT', path: ['input', 'idempotencyKey'] },
      ]);
    }
    const unique = newKey();
    const different = [
      `${unique} a`,
      `${unique} A`,
      `${unique} a `,
      `${unique} ä`,
      `${unique} 🗝`.padEnd(254, 'z'),
    ];
    for (const key of different) await call('commandSend', restart(uuid, key));
    expect(await countOf(mdm, 'commands', uuid)).toBe(different.length);
  });

  it('is answered the same although the world changed: the devices, the time, and what was pruned', async () => {
    const { uuid } = await mdm.enrolled();
    const gone = await mdm.enrolled();
    await gone.device.checkOut();
    const unknown = crypto.randomUUID();
    const input = {
      deviceIds: [deviceId(unknown), deviceId(gone.uuid), deviceId(uuid), 'rubbish'],
      requestType: 'SecurityInfo',
      expiresAt: new Date(mdm.now() + 60_000).toISOString(),
      idempotencyKey: newKey(),
    };
    const first = await call('commandSend', input);
    expect(first.results.map((result: Json) => result.error?.code)).toEqual([
      'NOT_FOUND',
      'NOT_ENROLLED',
      undefined,
      'BAD_USER_INPUT',
    ]);
    await gone.device.enroll();
    mdm.advance(3_600);
    expect(await call('commandSend', input)).toEqual(first);
    await mdm.app.database.run('DELETE FROM commands WHERE device_uuid = ?', [uuid]);
    const { results } = await call('commandSend', input);
    expect(results[2]).toEqual({ deviceId: deviceId(uuid), command: null, error: null });
    expect(await countOf(mdm, 'commands', uuid)).toBe(0);
  });

  it('leaves no key when it is refused', async () => {
    const { uuid } = await mdm.enrolled();
    const input = restart(uuid, newKey());
    const before = await keysKept(mdm);
    for (const wrong of [
      { expiresAt: '2001-01-01T00:00:00Z' },
      { priority: 1_000 },
      { requestType: 'Nonsense' },
    ]) {
      expect((await call('commandSend', { ...input, ...wrong })).results).toBeNull();
    }
    const noWorkflow = {
      deviceIds: input.deviceIds,
      workflowId: toGlobalId('Workflow', crypto.randomUUID()),
    };
    const { idempotencyKey } = input;
    expect((await call('deviceAssignWorkflow', { ...noWorkflow, idempotencyKey })).userErrors).toMatchObject([
      { code: 'INVALID' },
    ]);
    expect(await keysKept(mdm)).toBe(before);
    expect((await call('commandSend', input)).userErrors).toEqual([]);
  });

  it('owes one push, also after that was sent', async () => {
    const { uuid } = await mdm.enrolled();
    const before = await countOf(mdm, 'pushes', uuid);
    const input = { deviceIds: [deviceId(uuid), deviceId(crypto.randomUUID())], idempotencyKey: newKey() };
    const first = await call('devicePush', input);
    expect(first.results).toMatchObject([
      { push: { uuid: expect.any(String) } },
      { error: { code: 'NOT_FOUND' } },
    ]);
    await mdm.until(
      async () => (await mdm.services.pushes.get(first.results[0].push.uuid))?.settledAt !== null,
    );
    expect(await call('devicePush', input)).toEqual(first);
    expect(await countOf(mdm, 'pushes', uuid)).toBe(before + 1);
    await call('devicePush', { ...input, idempotencyKey: newKey() });
    expect(await countOf(mdm, 'pushes', uuid)).toBe(before + 2);
  });

  it('does not assign anew what was assigned otherwise since', async () => {
    const { uuid } = await mdm.enrolled();
    const catalogue = new Catalogue(mdm);
    const [a, b] = [await catalogue.workflow(), await catalogue.workflow()].map((one) =>
      toGlobalId('Workflow', one),
    );
    const deviceIds = [deviceId(uuid), deviceId(crypto.randomUUID())];
    const input = { deviceIds, workflowId: a, idempotencyKey: newKey() };
    const has = async (wanted: object): Promise<Json> => {
      const { results } = await call('deviceAssignWorkflow', wanted);
      expect(results[1].error.code).toBe('NOT_FOUND');
      return results[0].device.workflow.id;
    };
    expect(await has(input)).toBe(a);
    expect(await has({ deviceIds, workflowId: b })).toBe(b);
    expect(await has(input)).toBe(b);
  });

  it('does not retry twice', async () => {
    const { device, uuid } = await mdm.enrolled();
    const catalogue = new Catalogue(mdm);
    const { workflow } = await catalogue.workflowOf(1);
    const refusal = { ErrorCode: 1, ErrorDomain: 'Test', LocalizedDescription: 'No.' };
    device.behave('InstallProfile', { error: [refusal] }, 2);
    await catalogue.assign(uuid, workflow);
    await device.connect();
    const input = { deviceIds: [deviceId(uuid), deviceId(crypto.randomUUID())], idempotencyKey: newKey() };
    const first = await call('deploymentRetry', input);
    expect(first.results).toMatchObject([
      { retried: true, error: null },
      { retried: false, error: { code: 'NOT_FOUND' } },
    ]);
    await device.connect();
    expect(await call('deploymentRetry', input)).toEqual(first);
    expect(await mdm.queueOf(uuid)).toEqual([]);
    await call('deploymentRetry', { ...input, idempotencyKey: newKey() });
    expect(await mdm.queueOf(uuid)).toHaveLength(1);
  });

  it('is carried out once when it comes ten times at the same moment', async () => {
    const { uuid } = await mdm.enrolled();
    const input = restart(uuid, newKey());
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('commandSend', input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await countOf(mdm, 'commands', uuid)).toBe(1);
  });

  it('that was cut off at any statement left neither its key nor its command, and can be sent again', async () => {
    const { database } = mdm.app;
    const cutAt = async (input: object, at: number): Promise<boolean> => {
      const seen: string[] = [];
      database.onStatement = (sql) => {
        // What the server does of itself meanwhile has no deadline, and is left alone.
        if (deadline() === undefined || seen.includes('COMMIT')) return;
        if (seen.length === 0 && !sql.includes('INTO idempotency_keys')) return;
        seen.push(sql);
        if (seen.length === at) throw new Error('Cut off');
      };
      const { errors } = await post(mdm.app.url, 'commandSend', input);
      database.onStatement = undefined;
      return errors?.[0]?.extensions['code'] === 'INTERNAL';
    };
    let at = 1;
    for (let cut = true; cut; at += 1) {
      const { uuid } = await mdm.enrolled();
      const input = restart(uuid, newKey());
      const keys = await keysKept(mdm);
      cut = await cutAt(input, at);
      expect([await countOf(mdm, 'commands', uuid), (await keysKept(mdm)) - keys]).toEqual(
        cut ? [0, 0] : [1, 1],
      );
      const again = await call('commandSend', input);
      expect(await call('commandSend', input)).toEqual(again);
      expect(await countOf(mdm, 'commands', uuid)).toBe(1);
    }
    // The key, the targets, the command, its push, its event, the answer, the commit: each was cut.
    expect(at).toBeGreaterThan(7);
  });

  it('is as good as new after a day, pruned or not', async () => {
    const { uuid } = await mdm.enrolled();
    const input = restart(uuid, newKey());
    const first = await call('commandSend', input);
    const prune = (): Promise<void> =>
      new Pruning(mdm.app.database, { historyMs: 90 * DAY * 1_000, eventsMs: DAY * 1_000 }, mdm.now).run();
    mdm.advance(DAY - 60);
    await prune();
    expect(await call('commandSend', input)).toEqual(first);
    const other = await call('commandSend', { ...input, priority: 1 });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    mdm.advance(120);
    const second = await call('commandSend', { ...input, priority: 1 });
    expect(second.results[0].command.uuid).not.toBe(first.results[0].command.uuid);
    expect(await call('commandSend', { ...input, priority: 1 })).toEqual(second);
    mdm.advance(DAY + 60);
    await prune();
    expect(await keysKept(mdm)).toBe(0);
  });

  it('that sends several commands sends all of them once', async () => {
    const { uuid } = await mdm.enrolled();
    const input = { deviceIds: [deviceId(uuid)], idempotencyKey: newKey() };
    const first = await call('deviceRefresh', input);
    expect(first.results[0].commands).toHaveLength(5);
    await mdm.services.commands.cancel(first.results[0].commands.map((command: Json) => command.uuid));
    expect(await call('deviceRefresh', input)).toEqual(first);
    expect(await countOf(mdm, 'commands', uuid)).toBe(5);
  });
});
