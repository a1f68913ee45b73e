import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';

/** A private MariaDB for one run of tests or benchmarks: its own data directory and port, gone when the run ends. */
export interface PrivateMariadb {
  readonly url: string;
  stop(): Promise<void>;
}

const BINARIES = [
  '/usr/sbin/mariadbd',
  '/usr/bin/mariadbd',
  '/usr/local/sbin/mariadbd',
  '/opt/homebrew/bin/mariadbd',
];

export function findMariadb(): string | undefined {
  return BINARIES.find((path) => existsSync(path));
}

/**
 * Starts MariaDB as production runs it (a commit is on disk before it is answered). Throws with its log when it will not start.
 * @param bufferPool memory for its pages, as MariaDB writes it
 */
export async function startMariadb(binary: string, bufferPool = '256M'): Promise<PrivateMariadb> {
  const home = mkdtempSync(join(tmpdir(), 'pomona-mariadb-'));
  const user = userInfo().username;
  const install = spawnSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${home}/data`,
      '--auth-root-authentication-method=normal',
      `--user=${user}`,
      `--tmpdir=${home}`,
    ],
    { encoding: 'utf8' },
  );
  if (install.status !== 0) throw new Error(`mariadb-install-db failed: ${install.stderr}${install.stdout}`);
  const port = await freePort();
  const server = spawn(binary, [
    '--no-defaults',
    `--datadir=${home}/data`,
    `--socket=${home}/s`,
    `--pid-file=${home}/pid`,
    // A server that starts deletes the temporary tables it finds, also those of another that runs.
    `--tmpdir=${home}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    `--user=${user}`,
    '--innodb-flush-log-at-trx-commit=1',
    `--innodb-buffer-pool-size=${bufferPool}`,
    '--max-connections=400',
    '--skip-name-resolve',
  ]);
  const log: string[] = [];
  server.stderr.on('data', (data: Buffer) => log.push(data.toString()));
  await untilReady(port, server, log);
  return {
    url: `mysql://root@127.0.0.1:${port}/`,
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function untilReady(port: number, server: ChildProcess, log: string[]): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (server.exitCode !== null) break;
    try {
      const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.kill('SIGKILL');
  throw new Error(`MariaDB did not start:\n${log.join('')}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
