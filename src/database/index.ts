export { Database } from './database.js';
export {
  claimClause,
  forceIndex,
  insertIgnore,
  lockClause,
  onDuplicate,
  shareNoWaitClause,
  type Dialect,
} from './dialect.js';
export { isDuplicate, isLocked, isUnavailable } from './faults.js';
export { Gather } from './gather.js';
export { GatherReads } from './gather-reads.js';
export {
  databaseClock,
  databaseSettings,
  databaseVersion,
  migrationsApart,
  timeWrite,
  type DatabaseSettings,
  type DatabaseVersion,
} from './inspect.js';
export { chunks, insertRows, placeholders, type Sql, type SqlValue, type WriteResult } from './sql.js';
export { Transaction } from './transaction.js';
export { updateRows, type RowUpdate } from './update-rows.js';
