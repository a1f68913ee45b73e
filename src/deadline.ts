import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Until when the work under way may go on. A door that has promised its caller an answer within some time runs the work
 * under a signal; the store looks at it before each statement, and ends the statement that is running when it is aborted.
 * Without a signal (devices, jobs) nothing is looked at.
 */
const current = new AsyncLocalStorage<AbortSignal>();

/** Runs work that has to stop when the signal is aborted. The reason of the abort is what its statements then throw. */
export function under<T>(signal: AbortSignal, work: () => T): T {
  return current.run(signal, work);
}

/** Runs work that others wait for too, or that outlives whoever set it going: their deadline is not its own. */
export function apart<T>(work: () => T): T {
  return current.getStore() === undefined ? work() : current.exit(work);
}

/** The signal the work runs under; undefined when it may take as long as it takes. */
export function deadline(): AbortSignal | undefined {
  return current.getStore();
}
