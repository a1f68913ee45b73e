/** Which of the three database servers this is; the differences that matter live in this folder and nowhere else. */
export type Dialect = 'sqlite' | 'mysql' | 'mariadb';

/** Appended to a SELECT that claims rows: takes the row locks, and passes by rows another process already holds. */
export function claimClause(dialect: Dialect): string {
  return dialect === 'sqlite' ? '' : ' FOR UPDATE SKIP LOCKED';
}

/** Appended to a SELECT inside a transaction whose rows must not change until it ends. SQLite has one writer anyway. */
export function lockClause(dialect: Dialect): string {
  return dialect === 'sqlite' ? '' : ' FOR UPDATE';
}

/** Appended to a SELECT that fails at once (see isLocked) when it meets a row that another transaction has not committed. */
export function shareNoWaitClause(dialect: Dialect): string {
  if (dialect === 'sqlite') return '';
  return dialect === 'mariadb' ? ' LOCK IN SHARE MODE NOWAIT' : ' FOR SHARE NOWAIT';
}

/** An INSERT that steps aside when a unique key is already taken. */
export function insertIgnore(dialect: Dialect): string {
  return dialect === 'sqlite' ? 'INSERT OR IGNORE INTO' : 'INSERT IGNORE INTO';
}

/**
 * The tail of an INSERT that replaces the named columns when the key is taken.
 * @param key the columns of the unique key (SQLite names it; MySQL finds it)
 */
export function onDuplicate(dialect: Dialect, key: readonly string[], columns: readonly string[]): string {
  if (dialect === 'sqlite') {
    const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
    return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set}`;
  }
  return ` ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`;
}

/**
 * Goes after a table's name where only this index will do. MySQL plans by statistics, and those of a table that has just
 * grown say that it is empty and may as well be read whole. SQLite has none, and goes by the keys.
 */
export function forceIndex(dialect: Dialect, index: string): string {
  return dialect === 'sqlite' ? '' : ` FORCE INDEX (${index})`;
}
