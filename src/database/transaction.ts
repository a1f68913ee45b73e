import type { EntityManager } from 'typeorm';
import { apart } from '../deadline.js';
import type { Dialect } from './dialect.js';
import type { Sql, SqlValue, WriteResult } from './sql.js';

type Hook = () => Promise<void> | void;

/**
 * One unit of work: everything in it is kept, or nothing is. It may be run again from the start after a deadlock, so the
 * work must not touch anything outside the transaction; what has to follow the commit is given to `afterCommit`.
 */
export class Transaction implements Sql {
  readonly #before: Hook[] = [];
  readonly #after: Hook[] = [];

  constructor(
    readonly dialect: Dialect,
    readonly manager: EntityManager,
    private readonly sql: Sql,
  ) {}

  query<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.sql.query(sql, parameters);
  }

  run(sql: string, parameters?: readonly SqlValue[]): Promise<WriteResult> {
    return this.sql.run(sql, parameters);
  }

  /** Runs last inside the transaction, in the order given: for rows that should be written as late as possible. */
  beforeCommit(hook: Hook): void {
    this.#before.push(hook);
  }

  /** Runs once the commit is certain, and not at all when the transaction fails. Must not throw. */
  afterCommit(hook: () => void): void {
    this.#after.push(hook);
  }

  /** @internal used by Database alone */
  async runBefore(): Promise<void> {
    for (const hook of this.#before) await hook();
  }

  /** @internal used by Database alone */
  runAfter(): void {
    apart(() => this.#after.forEach((hook) => void hook()));
  }
}
