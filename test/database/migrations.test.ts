import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import mysql from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { detectDialect, mysqlSource, sqliteSource } from '../../src/database/options.js';
import { Database } from '../../src/database/index.js';
import { build, type Build } from '../support/build.js';
import { freshStore, onBothDatabases, type Store, onMysql } from '../support/databases.js';

const NAMES = MIGRATIONS.map((migration) => migration.name);

onBothDatabases('Migrations', (name) => {
  let store: Store;
  beforeEach(async () => {
    store = await freshStore(name);
  });
  afterEach(() => store.remove());

  const address = (): string => store.url ?? join(store.dataDir, 'pomona.sqlite');

  /** A connection without Pomona's schema, as a process has that is about to migrate. */
  async function bare(
    work: (source: DataSource, dialect: 'sqlite' | 'mysql' | 'mariadb') => Promise<void>,
  ): Promise<void> {
    const dialect = name === 'sqlite' ? 'sqlite' : await detectDialect(address());
    const source =
      dialect === 'sqlite'
        ? sqliteSource(address(), false)
        : mysqlSource({ url: address(), dialect, poolSize: 1, autocommit: true });
    await source.initialize();
    await work(source, dialect);
    await source.destroy();
  }

  const applied = async (database: Database): Promise<string[]> =>
    (await database.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name')).map(
      (row) => row.name,
    );

  describe('that were cut off', () => {
    const steps = MIGRATIONS.flatMap((migration) => migration.steps('sqlite')).length;
    it.each([1, 2, Math.floor(steps / 3), Math.floor(steps / 2), steps - 1, steps])(
      'after step %i go on where they stopped',
      async (done) => {
        await bare(async (source, dialect) => {
          const runner = source.createQueryRunner();
          for (const step of MIGRATIONS.flatMap((migration) => migration.steps(dialect)).slice(0, done))
            await step(runner);
          await runner.release();
        });
        const database = await store.open();
        expect(await database.drift()).toEqual([]);
        expect(await applied(database)).toEqual(NAMES);
        expect(await database.query('SELECT id FROM catalog_state')).toHaveLength(1);
        await database.close();
      },
    );
  });

  it('of a newer Pomona are not touched, and the start says what to do', async () => {
    const database = await store.open();
    await database.run('INSERT INTO schema_migrations (name, applied_at) VALUES (?, ?)', [
      '9999-the-future',
      1,
    ]);
    await database.close();
    await expect(store.open()).rejects.toThrow(/newer Pomona \(it has 9999-the-future\)/);
    await expect(store.open()).rejects.toThrow(/newer Pomona/);
  });

  describe('in processes of their own', () => {
    let built: Build;
    beforeAll(() => {
      built = build();
    });
    afterAll(() => built.remove());

    const start = (first: number): ChildProcess => {
      const script = join(import.meta.dirname, 'open-and-write.mjs');
      return spawn(process.execPath, [script, built.path(''), name, address(), `${first}`], {
        env: { ...process.env, NODE_COMPILE_CACHE: built.path('compiled') },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    };
    const outcome = async (child: ChildProcess): Promise<string> => {
      const said = Promise.all([text(child.stdout!), text(child.stderr!)]);
      await once(child, 'exit');
      return (await said).join('');
    };

    it('run once when six start at the same time, and all six work', async () => {
      const said = await Promise.all([100, 200, 300, 400, 500, 600].map((first) => outcome(start(first))));
      expect(said).toEqual(Array.from({ length: 6 }, () => 'opening\nopen\nwritten\n'));
      const database = await store.open();
      expect(await applied(database)).toEqual(NAMES);
      expect(await database.drift()).toEqual([]);
      const events = await database.query<{ created_at: number }>(
        'SELECT created_at FROM events ORDER BY created_at',
      );
      const expected = [1, 2, 3, 4, 5, 6].flatMap((hundred) =>
        Array.from({ length: 20 }, (_, index) => hundred * 100 + index),
      );
      expect(events.map((event) => Number(event.created_at))).toEqual(expected);
      await database.close();
    });

    it('survive being killed at any moment', async () => {
      for (const afterMs of [2, 10, 30, 70]) {
        const child = start(100);
        const [said] = (await once(child.stdout!, 'data')) as [Buffer];
        expect(said.toString()).toContain('opening');
        setTimeout(() => child.kill('SIGKILL'), afterMs);
        await once(child, 'exit');
      }
      const database = await store.open();
      expect(await database.drift()).toEqual([]);
      expect(await applied(database)).toEqual(NAMES);
      await database.close();
    }, 60_000);
  });
});

onMysql('Migrations of a database with a long name', () => {
  it('find their lock', async () => {
    const name = `pomona_${'x'.repeat(50)}_${process.pid}`;
    const connection = await mysql.createConnection(inject('mysqlUrl'));
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    const database = await Database.openMysql(new URL(`/${name}`, inject('mysqlUrl')).href, 2);
    expect(await database.drift()).toEqual([]);
    await database.close();
    await connection.query(`DROP DATABASE ${name}`);
    await connection.end();
  });
});
