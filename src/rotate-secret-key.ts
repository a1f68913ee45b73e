import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError, loadConfig, type Config } from './config/index.js';
import { openDatabase, sqlitePath } from './wiring/database.js';
import {
  forgetFormerKeys,
  formerFiles,
  generatedFile,
  isGenerated,
  makeNewKey,
  readSecretKeys,
} from './provided/secret-keys.js';
import { rotate, type RotationResult } from './services/rotation/index.js';
import { keyName, Vault } from './services/vault.js';

const HELP = `Seals every secret of the database anew, with the secret key that is configured now (docs/secrets.md).

  npm run rotate-key                       with POMONA_SECRET_KEY, and POMONA_SECRET_KEY_FORMER
  npm run rotate-key -- --new-key          replaces the key that was generated into the data directory, first
  npm run rotate-key -- --forget-former    deletes the former generated keys, when nothing is sealed with them any more

Servers may run meanwhile, when they have both keys. Killed at any point, it goes on where it was when run again.
`;

const OWN_FLAGS = new Set(['--new-key', '--forget-former', '--help']);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns the exit status: 1 when something could not be sealed anew */
async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const has = (flag: string): boolean => given.includes(flag);
  if (has('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = given.find((flag) => !flag.includes('=') && !OWN_FLAGS.has(flag));
  if (unknown !== undefined)
    throw new ConfigError(
      `There is no ${unknown} here; \`npm run rotate-key -- --help\` says what there is.`,
    );
  const config = loadConfig(
    process.env,
    given.filter((flag) => !OWN_FLAGS.has(flag)),
  );
  requireStore(config);
  const unlock = lock(config.DATA_DIR);
  try {
    if (has('--new-key')) newKey(config);
    return await sealAnew(config, has('--forget-former'));
  } finally {
    unlock();
  }
}

/** A mistaken data directory must not get a key and an empty database. */
function requireStore(config: Config): void {
  if (isGenerated(config) && generatedFile(config.DATA_DIR) === undefined)
    throw new ConfigError(
      `There is no secret.key in ${config.DATA_DIR}: give POMONA_DATA_DIR or POMONA_SECRET_KEY as the server has it.`,
    );
  if (config.DATABASE_URL === undefined && !existsSync(sqlitePath(config)))
    throw new ConfigError(
      `There is no database at ${sqlitePath(config)}: give POMONA_DATA_DIR or POMONA_DATABASE_URL as the server has it.`,
    );
}

/** One run at a time on a data directory. The system frees the lock when its holder dies. */
function lock(dataDir: string): () => void {
  const file = new DatabaseSync(join(dataDir, 'secret.key.rotating'));
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    throw new ConfigError(`Another run of this command is under way in ${dataDir}.`, { cause });
  }
  return () => file.close();
}

function newKey(config: Config): void {
  if (!isGenerated(config))
    throw new ConfigError(
      '--new-key replaces a key in the data directory, and yours is elsewhere: make one with `openssl rand -hex 32`, give it as ' +
        'POMONA_SECRET_KEY and the present one as POMONA_SECRET_KEY_FORMER, restart the server, and run this without --new-key.',
    );
  say(
    makeNewKey(config.DATA_DIR)
      ? 'Made a new key: secret.key. The former one is kept beside it.'
      : 'A former key is kept in the data directory already: no new one was made, its rotation goes on.',
  );
}

async function sealAnew(config: Config, forget: boolean): Promise<number> {
  const keys = readSecretKeys(config);
  const former = keys.former.map(keyName).filter((name) => name !== keyName(keys.current));
  say(
    `Sealing with key ${keyName(keys.current)}; former keys: ${former.length === 0 ? 'none' : former.join(', ')}.`,
  );
  const database = await openDatabase(config);
  try {
    const result = await rotate(database, new Vault(keys), (column, count) =>
      say(`${column}: ${count} sealed anew`),
    );
    return report(config, result, forget);
  } finally {
    await database.close();
  }
}

function report(config: Config, { resealed, unopened, left }: RotationResult, forget: boolean): number {
  const total = [...resealed].map(([column, count]) => `${column} ${count}`).join(', ');
  say(`Sealed anew: ${total}.`);
  if (unopened.length > 0) {
    const shown = unopened.slice(0, 10).join('\n  ');
    say(
      `${unopened.length} secrets cannot be opened with these keys, and were left as they are:\n  ${shown}\n` +
        'Give the key they were sealed with as POMONA_SECRET_KEY_FORMER, and run this again. Forget no former key before.',
    );
    return 1;
  }
  if (left > 0) {
    say(
      `${left} secrets are sealed with a former key again: a server runs that does not know the new one. Restart it, and run this again.`,
    );
    return 1;
  }
  say('Nothing is sealed with a former key any more.');
  tellOfFormer(config, forget);
  return 0;
}

function tellOfFormer(config: Config, forget: boolean): void {
  const files = formerFiles(config.DATA_DIR);
  if (config.SECRET_KEY_FORMER.length > 0) say('POMONA_SECRET_KEY_FORMER may go.');
  if (config.SECRET_KEY_FORMER_FILE.length > 0) say('POMONA_SECRET_KEY_FORMER_FILE may go.');
  if (files.length === 0) return;
  if (forget) {
    forgetFormerKeys(config.DATA_DIR);
    say(`Deleted ${files.join(', ')}.`);
  } else {
    say(`${files.join(', ')} may go: \`npm run rotate-key -- --forget-former\` deletes it.`);
  }
  say('Backups made before need the former key: keep a copy for as long as you keep them.');
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const message =
      error instanceof ConfigError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    process.stderr.write(`The key was not rotated. ${message}\n`);
    process.exit(1);
  },
);
