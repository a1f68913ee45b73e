export { Database } from './database.js';
export { claimClause, insertIgnore, lockClause, onDuplicate, type Dialect } from './dialect.js';
export { isDuplicate, isUnavailable } from './faults.js';
export { Gather } from './gather.js';
export { chunks, insertRows, placeholders, type Sql, type SqlValue, type WriteResult } from './sql.js';
export { Transaction } from './transaction.js';
export { updateRows, type RowUpdate } from './update-rows.js';
