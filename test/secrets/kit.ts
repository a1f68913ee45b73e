import { spawn } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino, type Logger } from 'pino';
import type { Database } from '../../src/database/index.js';
import { DeviceSecret } from '../../src/entities/identity.js';
import { sealedAt } from '../../src/services/enrolment/device-secrets.js';
import { Vault, type SecretPlace } from '../../src/services/vault.js';
import type { Build } from '../support/build.js';
import type { Store } from '../support/databases.js';
import type { Json } from '../support/server.js';

/** As everything was sealed before a key had an id. */
export function firstForm(key: Buffer, secret: Buffer, { table, column, row }: SecretPlace): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(`${table}\0${column}\0${row}`));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.from([1]), iv, cipher.getAuthTag(), body]);
}

export const secretOf = (uuid: string): Buffer => Buffer.from(`the secret of ${uuid}`);

/** Puts secrets of devices that are nowhere else, each `secretOf` its row, sealed by `seal`. Returns their rows. */
export async function putSecrets(
  database: Database,
  count: number,
  seal: (secret: Buffer, place: SecretPlace) => Buffer,
): Promise<string[]> {
  const rows = Array.from({ length: count }, () => crypto.randomUUID());
  await database.transaction(async (tx) => {
    await tx.manager.insert(
      DeviceSecret,
      rows.map((uuid) => ({
        uuid,
        deviceUuid: uuid,
        kind: 'UNLOCK_TOKEN' as const,
        ciphertext: seal(secretOf(uuid), sealedAt(uuid)),
        updatedAt: new Date(),
      })),
    );
  });
  return rows;
}

/** The rows whose secret this key does not open, or that hold another. */
export async function notSealedWith(
  database: Database,
  key: Buffer,
  rows: readonly string[],
): Promise<string[]> {
  const kept = await database.query<{ uuid: string; ciphertext: Uint8Array }>(
    'SELECT uuid, ciphertext FROM device_secrets',
  );
  const vault = new Vault(key);
  const opened = new Set(
    kept
      .filter(({ uuid, ciphertext }) => opens(vault, uuid, Buffer.from(ciphertext)))
      .map(({ uuid }) => uuid),
  );
  return rows.filter((row) => !opened.has(row));
}

function opens(vault: Vault, uuid: string, ciphertext: Buffer): boolean {
  try {
    return vault.open(ciphertext, sealedAt(uuid)).equals(secretOf(uuid));
  } catch {
    return false;
  }
}

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs `npm run rotate-key` as it ships. `kill` is asked for every line that it prints whether to end it there. */
export async function rotateKey(
  built: Build,
  store: Store,
  o: {
    flags?: string[];
    options?: Record<string, string>;
    kill?: (line: string, index: number) => boolean;
    signal?: AbortSignal;
  } = {},
): Promise<Ran> {
  const given = Object.entries(o.options ?? {}).map(([name, value]) => [`POMONA_${name}`, value]);
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: built.path('compiled'),
    POMONA_DATA_DIR: store.dataDir,
    ...(store.url === undefined ? {} : { POMONA_DATABASE_URL: store.url }),
    ...Object.fromEntries(given),
  };
  const child = spawn(process.execPath, [built.path('src/rotate-secret-key.js'), ...(o.flags ?? [])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  o.signal?.addEventListener('abort', () => child.kill('SIGKILL'));
  let printed = 0;
  child.stdout.on('data', (data: Buffer) => {
    const lines = data.toString().split('\n').slice(0, -1);
    if (lines.some((line) => o.kill?.(line, printed++))) child.kill('SIGKILL');
  });
  const [out, error, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status: status as number | null, out, error };
}

/** A log whose lines are kept. */
export function keptLog(level = 'info'): { log: Logger; lines: Json[]; written: () => string } {
  const parts: string[] = [];
  const stream = new Writable({
    write: (line: Buffer, _encoding, done) => {
      parts.push(line.toString());
      done();
    },
  });
  return {
    log: pino({ level }, stream),
    get lines() {
      return parts.map((line): Json => JSON.parse(line));
    },
    written: () => parts.join(''),
  };
}
