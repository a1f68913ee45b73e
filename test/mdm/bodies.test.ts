import { expect, it } from 'vitest';
import { buildCommand } from '../../src/apple/commands/index.js';
import { CommandBodies, prepareBody } from '../../src/services/commands/bodies.js';
import { Vault } from '../../src/services/vault.js';
import { onBothDatabases } from '../support/databases.js';
import { useMdm } from './kit.js';

const HOUR = 60 * 60_000;

onBothDatabases('The bodies of commands', (name) => {
  const mdm = useMdm(name);
  const lock = (message: string) => prepareBody(buildCommand('DeviceLock', { Message: message }));
  const stored = (sha256: string) =>
    mdm.query<{ uuid: string; used_at: number }>(
      'SELECT uuid, used_at FROM command_bodies WHERE sha256 = ?',
      [sha256],
    );
  const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const statements: string[] = [];
    mdm.app.database.onStatement = (sql) => statements.push(sql);
    await work();
    mdm.app.database.onStatement = undefined;
    return statements.filter((sql) => sql.includes('command_bodies')).length;
  };

  it('are stored once, and found without a statement when this process met them lately', async () => {
    const bodies = new CommandBodies(new Vault(Buffer.alloc(32, 1)), () => mdm.now());
    const body = lock('once');
    const store = () => mdm.app.database.transaction((tx) => bodies.store(tx, [body, body]));
    const first = await store();
    expect(await statementsOf(store)).toBe(0);
    expect(await store()).toEqual(first);
    expect(await stored(body.sha256)).toMatchObject([{ uuid: first.get(body.sha256) }]);
  });

  it('of a transaction that failed are not believed to be there', async () => {
    const bodies = new CommandBodies(new Vault(Buffer.alloc(32, 1)), () => mdm.now());
    const body = lock('lost');
    const failing = mdm.app.database.transaction(async (tx) => {
      await bodies.store(tx, [body]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await stored(body.sha256)).toEqual([]);
    const kept = await mdm.app.database.transaction((tx) => bodies.store(tx, [body]));
    expect(await stored(body.sha256)).toMatchObject([{ uuid: kept.get(body.sha256) }]);
  });

  it('are marked as used again before they are old enough to be deleted', async () => {
    let now = mdm.now();
    const bodies = new CommandBodies(new Vault(Buffer.alloc(32, 1)), () => now);
    const body = lock('old');
    const store = () => mdm.app.database.transaction((tx) => bodies.store(tx, [body]));
    await store();
    now += 13 * HOUR;
    await store();
    expect(Number((await stored(body.sha256))[0]?.used_at)).toBe(now);
  });
});
