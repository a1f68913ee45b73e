import { PomonaError } from '../errors.js';

/** What a database error means to us, whatever driver it came from. */

interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  /** SQLite's extended result code; its low byte is the plain one. */
  readonly errcode?: number;
  /** mysql2: the connection was lost with it. */
  readonly fatal?: boolean;
  readonly message?: string;
  readonly driverError?: DriverError;
}

function driverError(error: unknown): DriverError {
  const outer = error as DriverError;
  return outer?.driverError ?? outer ?? {};
}

/** Deadlock (1213), lock wait time-out (1205), or a cluster node that asks to try again (1047, 1637): the work can be repeated whole. */
const REPEATABLE = new Set([1213, 1205, 1047, 1637]);

const SQLITE_BUSY = 5;

export function isRepeatable(error: unknown): boolean {
  const { errno, errcode } = driverError(error);
  return (errno !== undefined && REPEATABLE.has(errno)) || sqliteCode(errcode) === SQLITE_BUSY;
}

function sqliteCode(extended: number | undefined): number | undefined {
  return extended === undefined ? undefined : extended & 0xff;
}

/** A statement that was not to wait for a lock met one: MySQL has a number of its own for it, MariaDB says that it waited too long. */
export function isLocked(error: unknown): boolean {
  if (error instanceof PomonaError) return isLocked(error.cause);
  const { errno } = driverError(error);
  return errno === 3572 || errno === 1205;
}

/** A unique key was already taken. */
export function isDuplicate(error: unknown): boolean {
  const { errno, message } = driverError(error);
  return errno === 1062 || (message?.includes('UNIQUE constraint failed') ?? false);
}

const LOST_CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_CON_COUNT_ERROR',
]);

/** MySQL: read only (1290, 1836), disk full (1021), table full (1114). */
const CANNOT_WRITE = new Set([1290, 1836, 1021, 1114]);
/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const SQLITE_CANNOT = new Set([8, 10, 13, 14]);

/** The database cannot serve now (gone, read only, full): callers are told to come back, never that they did wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof PomonaError) return error.code === 'UNAVAILABLE' && isUnavailable(error.cause);
  const { errno, code, errcode, fatal, message } = driverError(error);
  if (fatal === true || message === 'Pool is closed.') return true;
  if (code !== undefined && LOST_CONNECTION.has(code)) return true;
  return (errno !== undefined && CANNOT_WRITE.has(errno)) || SQLITE_CANNOT.has(sqliteCode(errcode) ?? 0);
}
