/** What a database error means to us, whatever driver it came from. */

interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  readonly message?: string;
  readonly driverError?: DriverError;
}

function driverError(error: unknown): DriverError {
  const outer = error as DriverError;
  return outer?.driverError ?? outer ?? {};
}

/** Deadlock (1213), lock wait time-out (1205), or a cluster node that asks to try again (1047, 1637): the work can be repeated whole. */
const REPEATABLE = new Set([1213, 1205, 1047, 1637]);

export function isRepeatable(error: unknown): boolean {
  const { errno, code } = driverError(error);
  return (errno !== undefined && REPEATABLE.has(errno)) || code === 'SQLITE_BUSY';
}

/** A unique key was already taken. */
export function isDuplicate(error: unknown): boolean {
  const { errno, message } = driverError(error);
  return errno === 1062 || (message?.includes('UNIQUE constraint failed') ?? false);
}

const LOST_CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'POOL_CLOSED',
]);

/** The database cannot serve now (gone, read only, full): callers are told to come back, never that they did wrong. */
export function isUnavailable(error: unknown): boolean {
  const { errno, code, message } = driverError(error);
  if (code !== undefined && LOST_CONNECTION.has(code)) return true;
  if (errno === 1290 || errno === 1836 || errno === 1021 || errno === 1114) return true;
  return /database or disk is full|disk I\/O error|attempt to write a readonly database/i.test(message ?? '');
}
