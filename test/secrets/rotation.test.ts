import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/database/index.js';
import { rotate, survey } from '../../src/services/rotation/index.js';
import { SEALED_COLUMNS } from '../../src/services/sealed-columns.js';
import { Vault } from '../../src/services/vault.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { firstForm, notSealedWith, putSecrets } from './kit.js';

onBothDatabases('Sealing everything anew', (name) => {
  const [old, older, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const current = randomBytes(32);
  const vault = new Vault({ current, former: [old, older] });
  const quiet = (): void => undefined;
  let store: Store;
  let database: Database;
  beforeEach(async () => {
    store = await freshStore(name);
    database = await store.open();
  });
  afterEach(async () => {
    await database.close();
    await store.remove();
  });

  const found = async () => {
    const surveyed = await survey(database, vault, SEALED_COLUMNS);
    return surveyed.find(({ column }) => column.table === 'device_secrets')?.found;
  };

  it('reaches every row, whichever former key or form it has, and does nothing twice', async () => {
    const rows = [
      ...(await putSecrets(database, 450, (secret, place) => new Vault(old).seal(secret, place))),
      ...(await putSecrets(database, 30, (secret, place) => new Vault(older).seal(secret, place))),
      ...(await putSecrets(database, 30, (secret, place) => firstForm(old, secret, place))),
      ...(await putSecrets(database, 10, (secret, place) => firstForm(current, secret, place))),
      ...(await putSecrets(database, 30, (secret, place) => vault.seal(secret, place))),
    ];
    expect(await found()).toEqual({ CURRENT: 30, FORMER: 520, OTHER_KEY: 0 });
    const batches: number[] = [];
    const first = await rotate(database, vault, (_column, count) => batches.push(count));
    expect(first).toMatchObject({ unopened: [], left: 0 });
    expect(first.resealed.get('device_secrets.ciphertext')).toBe(520);
    expect(batches.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...batches)).toBeLessThanOrEqual(200);
    expect(await notSealedWith(database, current, rows)).toEqual([]);
    expect(await found()).toEqual({ CURRENT: 550, FORMER: 0, OTHER_KEY: 0 });
    const second = await rotate(database, vault, quiet);
    expect([...second.resealed.values()].every((count) => count === 0)).toBe(true);
  });

  it('leaves what no key opens as it is, and names it', async () => {
    const rows = await putSecrets(database, 3, (secret, place) => new Vault(old).seal(secret, place));
    const unknown = await putSecrets(database, 2, (secret, place) => new Vault(lost).seal(secret, place));
    const firstOnes = await putSecrets(database, 2, (secret, place) => firstForm(lost, secret, place));
    const result = await rotate(database, vault, quiet);
    const named = [...unknown, ...firstOnes].map((row) => `device_secrets.ciphertext ${row}`);
    expect(result.unopened.toSorted()).toEqual(named.toSorted());
    expect(await notSealedWith(database, current, rows)).toEqual([]);
    expect(await found()).toEqual({ CURRENT: 3, FORMER: 0, OTHER_KEY: 4 });
    // With the key it was sealed with, nothing is lost.
    expect(await notSealedWith(database, lost, unknown)).toEqual([]);
    const all = new Vault({ current, former: [lost] });
    expect((await rotate(database, all, quiet)).unopened).toEqual([]);
    expect(await notSealedWith(database, current, [...unknown, ...firstOnes])).toEqual([]);
  });

  it('does not undo a secret that somebody replaces meanwhile', async () => {
    const rows = await putSecrets(database, 300, (secret, place) => new Vault(old).seal(secret, place));
    const newest = Buffer.from('replaced meanwhile');
    let replaced = 0;
    // A server that has the new key writes between the batches, and while they run.
    const others: Promise<unknown>[] = [];
    await rotate(database, vault, () => {
      for (const row of rows.filter((_, index) => index % 3 === 0)) {
        replaced += 1;
        const place = { table: 'device_secrets', column: 'ciphertext', row };
        others.push(
          database.run('UPDATE device_secrets SET ciphertext = ? WHERE uuid = ?', [
            vault.seal(newest, place),
            row,
          ]),
        );
      }
    });
    await Promise.all(others);
    expect(replaced).toBeGreaterThanOrEqual(200);
    const kept = await database.query<{ uuid: string; ciphertext: Uint8Array }>(
      'SELECT uuid, ciphertext FROM device_secrets',
    );
    const opened = kept.map(({ uuid, ciphertext }) =>
      new Vault(current)
        .open(Buffer.from(ciphertext), { table: 'device_secrets', column: 'ciphertext', row: uuid })
        .toString(),
    );
    expect(opened.filter((secret) => secret === newest.toString())).toHaveLength(100);
    expect(opened.filter((secret) => secret.startsWith('the secret of'))).toHaveLength(200);
  });
});
