import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { readSecretKeys } from '../../src/provided/secret-keys.js';
import { Vault } from '../../src/services/vault.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { firstForm, keptLog, putSecrets } from './kit.js';

let store: Store;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(store.dataDir, name), content);
  return join(store.dataDir, name);
};
const configOf = (options: Record<string, string>): ReturnType<typeof loadConfig> => {
  const all = {
    PORT: '0',
    DATA_DIR: store.dataDir,
    ...(store.url === undefined ? {} : { DATABASE_URL: store.url }),
    ...options,
  };
  return loadConfig(
    Object.fromEntries(Object.entries(all).map(([name, value]) => [`POMONA_${name}`, value])),
    [],
  );
};

describe('The secret key', () => {
  const key = randomBytes(32);
  beforeEach(async () => {
    store = await freshStore('sqlite');
  });
  afterEach(() => store.remove());

  const forms: [string, string | Buffer][] = [
    ['32 bytes', key],
    ['hexadecimal', key.toString('hex')],
    ['hexadecimal, with a line end', `${key.toString('hex').toUpperCase()}\n`],
    ['base64', key.toString('base64')],
    ['base64, with a line end', `${key.toString('base64')}\r\n`],
    ['base64url', key.toString('base64url')],
  ];
  it.each(forms)('is read from a file as %s', (_how, content) => {
    expect(readSecretKeys(configOf({ SECRET_KEY_FILE: file('key', content) }))).toEqual({
      current: key,
      former: [],
    });
  });

  it('has former ones, from the environment and from files', () => {
    const former = Array.from({ length: 4 }, () => randomBytes(32));
    const options = {
      SECRET_KEY: key.toString('hex'),
      SECRET_KEY_FORMER: `${former[0]!.toString('hex')}, ${former[1]!.toString('base64')}`,
      SECRET_KEY_FORMER_FILE: `${file('one', former[2]!)},${file('two', former[3]!.toString('hex'))}`,
    };
    expect(readSecretKeys(configOf(options))).toEqual({ current: key, former });
  });

  it('that is generated is for the server alone to read', () => {
    const { current } = readSecretKeys(configOf({}));
    const path = join(store.dataDir, 'secret.key');
    expect(readFileSync(path)).toEqual(current);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  const bad: [string, () => Record<string, string>, RegExp][] = [
    [
      'is given twice',
      () => ({ SECRET_KEY: key.toString('hex'), SECRET_KEY_FILE: file('k', key) }),
      /not both/,
    ],
    [
      'is in a file that is not there',
      () => ({ SECRET_KEY_FILE: '/nowhere' }),
      /POMONA_SECRET_KEY_FILE: \/nowhere cannot be read \(ENOENT\)/,
    ],
    [
      'is in a file that is empty',
      () => ({ SECRET_KEY_FILE: file('k', '') }),
      /holds no key; it has to be 32 bytes/,
    ],
    ['is 31 bytes', () => ({ SECRET_KEY_FILE: file('k', key.subarray(1)) }), /holds no key/],
    [
      'is 33 bytes',
      () => ({ SECRET_KEY_FILE: file('k', Buffer.concat([key, key.subarray(31)])) }),
      /holds no key/,
    ],
    ['is 32 letters', () => ({ SECRET_KEY_FILE: file('k', 'a'.repeat(32)) }), /holds no key/],
    [
      'is a sentence whose letters make 32 bytes',
      () => ({ SECRET_KEY: 'correct horse battery staple and some more words' }),
      /32 bytes/,
    ],
    [
      'has a former one that is none',
      () => ({ SECRET_KEY_FORMER: `${key.toString('hex')},hunter2` }),
      /POMONA_SECRET_KEY_FORMER: its value will not do.*32 bytes/,
    ],
    [
      'has a file of former ones that is none',
      () => ({ SECRET_KEY_FORMER_FILE: file('k', 'x') }),
      /POMONA_SECRET_KEY_FORMER_FILE: .* holds no key/,
    ],
  ];
  it.each(bad)('is refused in words when it %s', (_how, options, words) => {
    expect(() => readSecretKeys(configOf(options()))).toThrow(words);
    expect(() => readSecretKeys(configOf(options()))).not.toThrow(/hunter2/);
  });
});

onBothDatabases('A server whose secrets were sealed with a former key', (name) => {
  const [old, current, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const hex = (key: Buffer): string => key.toString('hex');
  let app: App | undefined;
  beforeEach(async () => {
    store = await freshStore(name);
    const first = await startApp(configOf({ SECRET_KEY: hex(old) }), keptLog('silent').log);
    await putSecrets(first.database, 3, (secret, place) => new Vault(old).seal(secret, place));
    await putSecrets(first.database, 2, (secret, place) => firstForm(lost, secret, place));
    await putSecrets(first.database, 4, (secret, place) => new Vault(lost).seal(secret, place));
    await first.stop();
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
    await store.remove();
  });

  it('starts when it has that key, and says what is left to do, and what nothing opens', async () => {
    const kept = keptLog();
    app = await startApp(configOf({ SECRET_KEY: hex(current), SECRET_KEY_FORMER: hex(old) }), kept.log);
    await vi.waitUntil(() => kept.lines.some(({ msg }) => /rotate-key/.test(msg)));
    const told = kept.lines.filter(({ secrets }) => secrets !== undefined);
    expect(told).toMatchObject([
      {
        level: 40,
        column: 'device_secrets.ciphertext',
        secrets: 6,
        msg: expect.stringMatching(/^6 secrets .*POMONA_SECRET_KEY_FORMER/),
      },
      // Three of these, and the key of the authority.
      { level: 30, secrets: 4, msg: expect.stringContaining('npm run rotate-key') },
    ]);
  });

  it('says nothing of it when all is as it should be', async () => {
    const kept = keptLog();
    app = await startApp(configOf({ SECRET_KEY: hex(old), SECRET_KEY_FORMER: hex(lost) }), kept.log);
    await app.database.run(`DELETE FROM device_secrets WHERE SUBSTR(ciphertext, 1, 5) <> ?`, [
      new Vault(old).head,
    ]);
    await app.stop();
    const again = keptLog();
    app = await startApp(configOf({ SECRET_KEY: hex(old) }), again.log);
    await app.stop();
    app = undefined;
    expect(again.lines.filter(({ secrets }) => secrets !== undefined)).toEqual([]);
  });

  it('does not start without it, and says which options would do', async () => {
    await expect(startApp(configOf({ SECRET_KEY: hex(current) }), keptLog().log)).rejects.toThrow(
      /authority cannot be opened: it was sealed with another secret key.*POMONA_SECRET_KEY.*POMONA_SECRET_KEY_FORMER/,
    );
  });
});
