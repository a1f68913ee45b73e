import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { sealedAt } from '../../src/services/enrolment/device-secrets.js';
import { keyName, Vault } from '../../src/services/vault.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { build, type Build } from '../support/build.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';
import { Mdm } from '../mdm/kit.js';
import { notSealedWith, putSecrets, rotateKey } from './kit.js';

const SECRETS = 450;

/** The files that keys are in. */
const keyFiles = (store: Store): string[] =>
  readdirSync(store.dataDir).filter((one) => /^secret\.key(\.former-\w+)?$/.test(one));
const keyOf = (store: Store): Buffer => readFileSync(join(store.dataDir, 'secret.key'));

onBothDatabases('Replacing the secret key', (name) => {
  let built: Build;
  beforeAll(() => {
    built = build();
  });
  afterAll(() => built.remove());

  let store: Store;
  let rows: string[];
  let old: Buffer;
  let authority: string;
  const authorityOf = ({ app }: TestServer): string =>
    app.services.authority.current.certificate.fingerprint256;
  beforeEach(async () => {
    store = await freshStore(name);
    const server = await startServer(store);
    old = keyOf(store);
    authority = authorityOf(server);
    rows = await putSecrets(server.app.database, SECRETS, (secret, place) =>
      new Vault(old).seal(secret, place),
    );
    await server.stop();
  });
  afterEach(() => store.remove());

  /** A server starts on what is there, has its authority, and opens every secret. */
  async function expectWhole(): Promise<void> {
    const server = await startServer(store);
    expect(authorityOf(server)).toBe(authority);
    const { database } = server.app;
    const vault = new Vault({ current: keyOf(store), former: formerKeys() });
    const kept = await database.query<{ uuid: string; ciphertext: Uint8Array }>(
      'SELECT uuid, ciphertext FROM device_secrets',
    );
    expect(kept).toHaveLength(SECRETS);
    for (const { uuid, ciphertext } of kept)
      expect(vault.open(Buffer.from(ciphertext), sealedAt(uuid)).toString()).toBe(`the secret of ${uuid}`);
    await server.stop();
  }
  const formerKeys = (): Buffer[] =>
    keyFiles(store)
      .filter((one) => one !== 'secret.key')
      .map((one) => readFileSync(join(store.dataDir, one)));

  async function expectSealedWith(key: Buffer): Promise<void> {
    const database = await store.open();
    expect(await notSealedWith(database, key, rows)).toEqual([]);
    await database.close();
  }

  it('makes a new one, seals everything anew, and forgets the former one when it is told to', async () => {
    const first = await rotateKey(built, store, { flags: ['--new-key'] });
    expect(first).toMatchObject({ status: 0, error: '' });
    expect(first.out).toMatch(/^Sealed anew: authorities\.sealed_key 1,/m);
    expect(first.out).toContain(`, device_secrets.ciphertext ${SECRETS},`);
    expect(first.out).toContain('Nothing is sealed with a former key any more.');
    const key = keyOf(store);
    expect(key.equals(old)).toBe(false);
    expect(keyFiles(store)).toEqual(['secret.key', `secret.key.former-${keyName(old)}`]);
    expect(first.out).toContain(
      `secret.key.former-${keyName(old)} may go: \`npm run rotate-key -- --forget-former\``,
    );
    await expectSealedWith(key);
    await expectWhole();
    // The former key is there still: that is a rotation which goes on, not a new one.
    expect((await rotateKey(built, store, { flags: ['--new-key'] })).out).toContain('no new one was made');
    expect(keyOf(store)).toEqual(key);
    const last = await rotateKey(built, store, { flags: ['--forget-former'] });
    expect(last).toMatchObject({ status: 0, out: expect.stringContaining('Deleted') });
    expect(keyFiles(store)).toEqual(['secret.key']);
    await expectWhole();
  });

  it('goes from a key of the data directory to one of the environment', async () => {
    const key = randomBytes(32);
    const options = {
      SECRET_KEY: key.toString('base64'),
      SECRET_KEY_FORMER_FILE: join(store.dataDir, 'secret.key'),
    };
    const refused = await rotateKey(built, store, { flags: ['--new-key'], options });
    expect(refused).toMatchObject({
      status: 1,
      error: expect.stringMatching(/openssl rand -hex 32.*POMONA_SECRET_KEY_FORMER/),
    });
    const { status, out } = await rotateKey(built, store, { options });
    expect({ status, out }).toMatchObject({
      status: 0,
      out: expect.stringContaining('POMONA_SECRET_KEY_FORMER_FILE may go.'),
    });
    await expectSealedWith(key);
    const server = await startServer(store, { SECRET_KEY: key.toString('hex') });
    expect(authorityOf(server)).toBe(authority);
    await server.stop();
  });

  it('says what it cannot open, and deletes no key then', async () => {
    const database = await store.open();
    const [row = ''] = await putSecrets(database, 1, (secret, place) =>
      new Vault(randomBytes(32)).seal(secret, place),
    );
    await database.close();
    const { status, out } = await rotateKey(built, store, { flags: ['--new-key', '--forget-former'] });
    expect(status).toBe(1);
    expect(out).toMatch(new RegExp(`1 secrets cannot be opened.*\\n +device_secrets.ciphertext ${row}`));
    expect(keyFiles(store)).toHaveLength(2);
  });

  it('makes nothing where there is nothing', async () => {
    const empty = await freshStore('sqlite');
    for (const flags of [[], ['--new-key']])
      expect(await rotateKey(built, empty, { flags })).toMatchObject({
        status: 1,
        error: expect.stringContaining('There is no secret.key in'),
      });
    const options = { SECRET_KEY: old.toString('hex') };
    expect(await rotateKey(built, empty, { options })).toMatchObject({
      status: 1,
      error: expect.stringContaining('There is no database at'),
    });
    expect(readdirSync(empty.dataDir)).toEqual([]);
    await empty.remove();
  });

  it('is done by one at a time', async () => {
    let second: ReturnType<typeof rotateKey> | undefined;
    const first = await rotateKey(built, store, {
      flags: ['--new-key'],
      kill: () => {
        second ??= rotateKey(built, store, { flags: ['--new-key'] });
        return false;
      },
    });
    const [one, two] = [first, await second];
    expect(one.status).toBe(0);
    // It came while the first was at work, or after it.
    expect(`${two?.error}${two?.out}`).toMatch(
      /Another run of this command is under way|no new one was made/,
    );
    await expectSealedWith(keyOf(store));
    await expectWhole();
  });

  it('may be killed at any point: a server starts, and the next run goes on', async () => {
    // After each line that it prints: the key was made, every batch of every column, the end.
    let reached = 0;
    for (let at = 0; ; at += 1) {
      let killed = false;
      await rotateKey(built, store, {
        flags: ['--new-key'],
        kill: (_line, index) => (killed ||= index === at),
      });
      if (!killed) break;
      reached += 1;
      expect(keyFiles(store).length).toBeGreaterThan(1);
      await expectWhole();
    }
    expect(reached).toBeGreaterThanOrEqual(3);
    expect(await rotateKey(built, store, { flags: ['--forget-former'] })).toMatchObject({ status: 0 });
    expect(keyOf(store).equals(old)).toBe(false);
    expect(keyFiles(store)).toEqual(['secret.key']);
    await expectSealedWith(keyOf(store));
    await expectWhole();
  }, 120_000);

  it('may be killed as it changes the files', async () => {
    for (const appearing of [
      /^secret\.key\.rotating/,
      /^secret\.key\.\d+/,
      /^secret\.key\.former-/,
      /^secret\.key$/,
    ]) {
      const before = keyOf(store);
      let kill: (() => void) | undefined;
      const seen = watch(store.dataDir, (_event, file) => {
        if (appearing.test(String(file))) kill?.();
      });
      const controller = new AbortController();
      kill = () => controller.abort();
      const running = rotateKey(built, store, { flags: ['--new-key'], signal: controller.signal });
      await running;
      seen.close();
      expect(keyOf(store)).toHaveLength(32);
      expect([before, ...formerKeys(), keyOf(store)].some((key) => key.equals(before))).toBe(true);
      await expectWhole();
      expect(await rotateKey(built, store, { flags: ['--new-key'] })).toMatchObject({ status: 0 });
      expect(await rotateKey(built, store, { flags: ['--forget-former'] })).toMatchObject({ status: 0 });
      await expectSealedWith(keyOf(store));
    }
  }, 120_000);

  it('goes on from each state that the files can be left in', async () => {
    const path = (one: string): string => join(store.dataDir, one);
    // A draft that was not put in place; the former key kept, and the new one not made.
    writeFileSync(path('secret.key.4711.0123456789ab'), randomBytes(32));
    copyFileSync(path('secret.key'), path(`secret.key.former-${keyName(old)}`));
    await expectWhole();
    const { status, out } = await rotateKey(built, store, { flags: ['--new-key'] });
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('Made a new key') });
    expect(keyOf(store).equals(old)).toBe(false);
    await expectSealedWith(keyOf(store));
    await expectWhole();
  });
});

onBothDatabases('Replacing the secret key while devices bring secrets', (name) => {
  let built: Build;
  const mdm = new Mdm(name, {});
  beforeAll(async () => {
    built = build();
    await mdm.start();
  });
  afterAll(async () => {
    await mdm.stop();
    built.remove();
  });

  it('loses none, and the server goes on with the new key without a restart', async () => {
    const old = keyOf(mdm.store);
    const enrolled = await Promise.all(Array.from({ length: 8 }, () => mdm.enrolled()));
    const more = await putSecrets(mdm.app.database, 600, (secret, place) =>
      new Vault(old).seal(secret, place),
    );
    const latest = new Map<SimulatedDevice, Buffer>();
    let sent = 0;
    const load = { on: true };
    const bring = async (device: SimulatedDevice): Promise<void> => {
      while (load.on) {
        const token = randomBytes(32);
        expect((await device.tokenUpdate({ unlockToken: token })).status).toBe(200);
        expect((await device.setBootstrapToken(token)).status).toBe(200);
        latest.set(device, token);
        sent += 1;
        // What was escrowed is given back at any moment, whichever key sealed it.
        expect((await device.getBootstrapToken()).token).toEqual(token);
      }
    };
    const devices = Promise.all(enrolled.map(({ device }) => bring(device)));
    const ran = await rotateKey(built, mdm.store, { flags: ['--new-key'] });
    const during = sent;
    load.on = false;
    await devices;
    expect(ran).toMatchObject({ status: 0, error: '' });
    expect(during).toBeGreaterThan(20);
    expect(await rotateKey(built, mdm.store, { flags: ['--forget-former'] })).toMatchObject({ status: 0 });
    expect(await notSealedWith(mdm.app.database, keyOf(mdm.store), more)).toEqual([]);
    const vault = new Vault(keyOf(mdm.store));
    for (const { device, uuid } of enrolled) {
      const kept = await mdm.query<{ uuid: string; ciphertext: Uint8Array }>(
        'SELECT uuid, ciphertext FROM device_secrets WHERE device_uuid = ?',
        [uuid],
      );
      const secrets = kept.map((row) => vault.open(Buffer.from(row.ciphertext), sealedAt(row.uuid)));
      expect(secrets).toEqual([latest.get(device), latest.get(device)]);
    }
  }, 60_000);
});
