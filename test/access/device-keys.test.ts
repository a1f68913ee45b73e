import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Role, Scope } from '../../src/entities/enums.js';
import type { Database } from '../../src/database/index.js';
import { DeviceKeyReading } from '../../src/services/devices/device-keys.js';
import { DeviceSecrets } from '../../src/services/enrolment/device-secrets.js';
import { Vault } from '../../src/services/vault.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import type { Json } from '../support/server.js';

onBothDatabases('The keys of devices', (name) => {
  const vault = new Vault(randomBytes(32));
  const lines: Json[] = [];
  const log = pino(
    {},
    new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(JSON.parse(line.toString()));
        done();
      },
    }),
  );
  const uuids = Array.from({ length: 60 }, () => crypto.randomUUID());
  const unlockTokenOf = (uuid: string): string => `unlock ${uuid}`;
  let store: Store;
  let database: Database;
  let keys: DeviceKeyReading;

  beforeAll(async () => {
    store = await freshStore(name);
    database = await store.open();
    keys = new DeviceKeyReading(database, vault, log);
    const secrets = new DeviceSecrets(database, vault, Date.now);
    await database.transaction(async (tx) => {
      for (const [index, uuid] of uuids.entries()) {
        await channel(tx, uuid, 'DEVICE', `magic ${uuid}`);
        if (index === 0) await channel(tx, uuid, 'USER', 'magic of the user');
        // The last one gave none, but has another secret.
        if (index < uuids.length - 1)
          await secrets.put(tx, uuid, 'UNLOCK_TOKEN', Buffer.from(unlockTokenOf(uuid)));
        await secrets.put(tx, uuid, 'BOOTSTRAP_TOKEN', Buffer.from('bootstrap'));
      }
    });
  });
  beforeEach(() => {
    lines.length = 0;
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });

  const channel = (tx: Pick<Database, 'run'>, uuid: string, kind: string, magic: string) =>
    tx.run(
      `INSERT INTO channels (uuid, device_uuid, kind, enrollment_key, enabled, push_token, push_magic, token_retired, tally, repush_count, created_at)
       VALUES (?, ?, ?, ?, 1, 'ab01', ?, 0, 1, 0, 1)`,
      [crypto.randomUUID(), uuid, kind, `${uuid} ${kind}`, magic],
    );
  const counted = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    let statements = 0;
    database.onStatement = () => (statements += 1);
    const result = await work();
    database.onStatement = undefined;
    return [result, statements];
  };

  it("are those of the devices' own channels, read in one statement however many there are", async () => {
    const [found, statements] = await counted(() => keys.disclose(ADMIN, uuids));
    expect(statements).toBe(1);
    expect(found.size).toBe(uuids.length);
    expect(found.get(uuids[0]!)).toEqual({
      pushMagic: `magic ${uuids[0]}`,
      pushToken: 'ab01',
      unlockToken: Buffer.from(unlockTokenOf(uuids[0]!)),
    });
    expect(found.get(uuids.at(-1)!)?.unlockToken).toBeUndefined();
  });

  it('leave one line in the log, of who read and about whom, without a secret', async () => {
    await keys.disclose(ADMIN, uuids);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 30,
        audit: 'UNLOCK_TOKEN_READ',
        token: ADMIN.name,
        tokenUuid: ADMIN.tokenUuid,
        deviceUuids: expect.arrayContaining(uuids.slice(0, -1)),
      }),
    ]);
    expect(lines[0].deviceUuids).toHaveLength(uuids.length - 1);
    const text = JSON.stringify(lines);
    expect(text).not.toMatch(/unlock [0-9a-f]|magic|ab01/);
    expect(text).not.toContain(Buffer.from(unlockTokenOf(uuids[0]!)).toString('hex'));
  });

  it('are not even read for a caller without the scope', async () => {
    for (const by of [undefined, { ...ADMIN, scopes: [] }, { ...ADMIN, scopes: [Scope.DESTRUCTIVE] }]) {
      const [found, statements] = await counted(() => keys.disclose(by, uuids));
      expect([found.size, statements]).toEqual([0, 0]);
    }
    expect(lines).toEqual([]);
    const viewer = { ...ADMIN, role: Role.VIEWER, scopes: [Scope.SECRETS] };
    expect((await keys.disclose(viewer, uuids.slice(0, 3))).size).toBe(3);
  });

  it('that were sealed with another key are left out, and the log says so', async () => {
    const other = new DeviceKeyReading(database, new Vault(randomBytes(32)), log);
    const found = await other.disclose(ADMIN, uuids.slice(0, 1));
    expect(found.get(uuids[0]!)).toEqual({
      pushMagic: `magic ${uuids[0]}`,
      pushToken: 'ab01',
      unlockToken: undefined,
    });
    expect(lines.map(({ level, deviceUuid }) => [level, deviceUuid])).toEqual([[50, uuids[0]]]);
  });
});
