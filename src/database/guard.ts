import type { DataSource, QueryRunner } from 'typeorm';
import type { Connection } from 'mysql2';
import { deadline } from '../deadline.js';
import { isRepeatable, isUnavailable } from './faults.js';
import type { Interrupter } from './interrupter.js';
import type { Sql, SqlValue, WriteResult } from './sql.js';

/** Sees a statement before it is sent, and may refuse it by throwing. */
export type Check = (sql: string, parameters: readonly unknown[]) => void;

/** Sends a statement so that it ends when the signal is aborted. */
type Interruptible = <T>(signal: AbortSignal, send: () => Promise<T>) => Promise<T>;

/** The last words of a transaction: all that may be said after its end. */
const LAST = new Set(['COMMIT', 'ROLLBACK']);

/**
 * Stands before every statement of one unit of work, whoever sends it: a service, or an entity manager. Some failures make
 * the database give up the whole transaction; a statement after one would be committed without what went before. And a
 * statement after the end would open a transaction that nobody closes. Neither passes.
 */
export class Guard {
  #failure: unknown;
  #ended = false;

  constructor(
    private readonly check: Check,
    private readonly interruptible: Interruptible,
  ) {}

  /** Passes one statement on, or rejects: with the reason of the abort when the time of its caller is over. */
  async pass<T>(sql: string, parameters: readonly unknown[], send: () => Promise<T>): Promise<T> {
    const last = LAST.has(sql);
    if (!last) this.#refuse();
    const signal = last ? undefined : deadline();
    signal?.throwIfAborted();
    this.check(sql, parameters);
    try {
      return await (signal === undefined ? send() : this.interruptible(signal, send));
    } catch (error) {
      if (isRepeatable(error) || isUnavailable(error)) this.#failure ??= error;
      throw error;
    }
  }

  /** From now on only the last words pass. @returns the failure that gave the transaction up, if there was one */
  end(): unknown {
    this.#ended = true;
    return this.#failure;
  }

  #refuse(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended)
      throw new Error('This transaction has ended: whatever it does has to be awaited by its work.');
  }
}

type Query = (sql: string, parameters?: unknown[], structured?: boolean) => Promise<unknown>;

const guards = new WeakMap<QueryRunner, Guard>();

/** Puts a guard before every query runner of a data source. Without an interrupter, a statement once sent is not ended. */
export function guardSource(source: DataSource, check: Check, interrupter: Interrupter | undefined): void {
  const create = source.createQueryRunner.bind(source);
  source.createQueryRunner = (mode) => {
    const runner = create(mode);
    const guard = new Guard(check, async (signal, send) => {
      if (interrupter === undefined) return send();
      return interrupter.run((await runner.connect()) as Connection, signal, send);
    });
    const query = runner.query.bind(runner) as Query;
    const guarded: Query = (sql, parameters = [], structured = false) =>
      guard.pass(sql, parameters, () => query(sql, parameters, structured));
    Object.assign(runner, { query: guarded });
    guards.set(runner, guard);
    return runner;
  };
}

/** The guard of a runner of a guarded source. */
export function guardOf(runner: QueryRunner): Guard {
  const guard = guards.get(runner);
  if (guard === undefined) throw new Error('This query runner has no guard.');
  return guard;
}

/** Statements that do not go through a query runner, and through its guard all the same. */
export class GuardedSql implements Sql {
  constructor(
    private readonly sql: Sql,
    private readonly guard: Guard,
  ) {}

  query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.guard.pass(sql, parameters, () => this.sql.query<Row>(sql, parameters));
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<WriteResult> {
    return this.guard.pass(sql, parameters, () => this.sql.run(sql, parameters));
  }
}
