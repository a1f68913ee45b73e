import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Config } from '../config/index.js';
import { secretKey } from '../config/parsers.js';
import { generatedKey, replaceKey } from './generated-key.js';
import { keyName, Vault, type VaultKeys } from '../services/vault.js';

const GENERATED = 'secret.key';
const FORMER = `${GENERATED}.former-`;

type KeyOptions = Pick<
  Config,
  'DATA_DIR' | 'SECRET_KEY' | 'SECRET_KEY_FILE' | 'SECRET_KEY_FORMER' | 'SECRET_KEY_FORMER_FILE'
>;

/** Whether the key is one of our own, in the data directory, and not one that the operator keeps. */
export function isGenerated(config: KeyOptions): boolean {
  return config.SECRET_KEY === undefined && config.SECRET_KEY_FILE === undefined;
}

/** The vault of this server. A generated key that is replaced while the server runs is taken up by it. */
export function openVault(config: KeyOptions): Vault {
  if (!isGenerated(config)) return new Vault(readSecretKeys(config));
  let seen: string | undefined;
  const changed = (): VaultKeys | undefined => {
    const now = traceOf(join(config.DATA_DIR, GENERATED));
    if (now === undefined || now === seen) return undefined;
    seen = now;
    return readSecretKeys(config);
  };
  const keys = readSecretKeys(config);
  return new Vault(changed() ?? keys, changed);
}

/** The key that seals, made when there is none, and those that still open. Throws ConfigError for a file that holds no key. */
export function readSecretKeys(config: KeyOptions): VaultKeys {
  const given = [
    ...config.SECRET_KEY_FORMER,
    ...config.SECRET_KEY_FORMER_FILE.map((path) => keyIn(path, 'SECRET_KEY_FORMER_FILE')),
  ];
  if (config.SECRET_KEY !== undefined) return { current: config.SECRET_KEY, former: given };
  if (config.SECRET_KEY_FILE !== undefined)
    return { current: keyIn(config.SECRET_KEY_FILE, 'SECRET_KEY_FILE'), former: given };
  const path = join(config.DATA_DIR, GENERATED);
  generatedKey(path);
  const kept = formerFiles(config.DATA_DIR).map((one) => keyIn(one, 'DATA_DIR'));
  return { current: keyIn(path, 'DATA_DIR'), former: [...given, ...kept] };
}

/** The generated key's file, when there is one. */
export function generatedFile(dataDir: string): string | undefined {
  const path = join(dataDir, GENERATED);
  return existsSync(path) ? path : undefined;
}

/**
 * Replaces the generated key by a new one; the former is kept beside it, and opens what it sealed. Killed at any point, it
 * leaves one key or both. Changes nothing while a former key is there already: that rotation comes first.
 * @returns whether a new key was made
 */
export function makeNewKey(dataDir: string): boolean {
  const path = join(dataDir, GENERATED);
  const current = keyIn(path, 'DATA_DIR');
  const kept = formerFiles(dataDir);
  // A former key that is the current one is what a run left that was killed between the two steps.
  if (kept.some((one) => !keyIn(one, 'DATA_DIR').equals(current))) return false;
  replaceKey(join(dataDir, `${FORMER}${keyName(current)}`), current);
  replaceKey(path, randomBytes(32));
  return true;
}

/** Where former generated keys are kept. */
export function formerFiles(dataDir: string): string[] {
  const names = readdirSync(dataDir).filter((name) => /^secret\.key\.former-[0-9a-f]{8}$/.test(name));
  return names.toSorted().map((name) => join(dataDir, name));
}

/** Deletes former generated keys. Whatever they sealed and is not sealed anew is lost, in backups too. */
export function forgetFormerKeys(dataDir: string): void {
  for (const path of formerFiles(dataDir)) rmSync(path);
}

function keyIn(path: string, name: string): Buffer {
  const bytes = contentOf(path, name);
  const text = bytes.toString('latin1').trim();
  // 32 letters are text that somebody took for a key, and no key.
  if (bytes.length === 32 && !/^[\x20-\x7e\s]+$/.test(text)) return bytes;
  try {
    const key = secretKey(text);
    if (key !== undefined) return key;
  } catch {
    // Told below.
  }
  throw new ConfigError(
    `POMONA_${name}: ${path} holds no key; it has to be 32 bytes, as 64 hexadecimal digits, as base64, or as they are.`,
  );
}

function contentOf(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError(`POMONA_${name}: ${path} cannot be read (${why}).`, { cause });
  }
}

/** Another for every file that was put there; undefined when there is none. */
function traceOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
}
