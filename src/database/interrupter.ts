import mysql from 'mysql2';
import type { Connection } from 'mysql2';

/** Closed when nothing was ended for so long. */
const IDLE_MS = 10_000;

/**
 * Ends statements of MySQL or MariaDB that run longer than their caller may wait. A connection that is busy cannot be told
 * to stop, so a connection of our own tells the server (`KILL QUERY`); it is opened when it is first needed.
 */
export class Interrupter {
  #pool: mysql.Pool | undefined;

  constructor(private readonly options: mysql.PoolOptions) {}

  /**
   * Sends one statement, and ends it when the signal is aborted. Throws the reason of the abort then. The order to end it
   * may come too late and hit the next statement of the connection: unless the statement did end by it, the connection is
   * given up, and with it the transaction it was in.
   */
  async run<T>(connection: Connection, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let killing: Promise<boolean> | undefined;
    let interrupted = false;
    const kill = (): void => {
      killing = this.#kill(connection.threadId);
    };
    signal.addEventListener('abort', kill, { once: true });
    try {
      return await send();
    } catch (error) {
      interrupted = isInterrupted(error);
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', kill);
      if (killing !== undefined && !((await killing) && interrupted)) connection.destroy();
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    if (pool !== undefined) await new Promise<void>((resolve) => pool.end(() => resolve()));
  }

  /** Whether the server was told. */
  #kill(threadId: number | null): Promise<boolean> {
    this.#pool ??= mysql.createPool({
      ...this.options,
      connectionLimit: 2,
      maxIdle: 0,
      idleTimeout: IDLE_MS,
      connectTimeout: 5_000,
    });
    const pool = this.#pool;
    return new Promise((resolve) =>
      pool.query(`KILL QUERY ${Number(threadId)}`, (error) => resolve(error === null)),
    );
  }
}

/** ER_QUERY_INTERRUPTED, from the driver itself or through TypeORM. */
function isInterrupted(error: unknown): boolean {
  return (error as { errno?: number } | undefined)?.errno === 1317;
}
