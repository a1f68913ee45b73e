import { databaseSettings, type Database, type DatabaseSettings } from '../../../database/index.js';
import { failed, ok, warning, type Check, type CheckStatus, type Finding } from '../check.js';

/** A setting with which the database does not keep its promises. */
interface Problem {
  readonly status: Extract<CheckStatus, 'WARNING' | 'FAILED'>;
  readonly message: string;
  readonly fix: string;
}

/** SQLite's number for synchronous=FULL: each commit is on disk before it is answered. */
const FULL = 2;
const LEAST_PACKET_BYTES = 16 * 1024 * 1024;

/** What was answered is kept when the power fails, and what is written is what was meant. */
export function databaseSettingsCheck(database: Database): Check {
  const run = async () => {
    const found = await databaseSettings(database);
    return together(database.dialect === 'sqlite' ? ofSqlite(found) : ofMysql(found));
  };
  return { name: 'database-settings', atStart: true, run };
}

/** Exported for its test: no server can be made to have all of these. */
export function together(problems: readonly Problem[]): Finding {
  if (problems.length === 0) return ok('The database keeps what it was given.');
  const worst = problems.some(({ status }) => status === 'FAILED') ? failed : warning;
  return worst(problems.map(({ message }) => message).join(' '), problems.map(({ fix }) => fix).join(' '));
}

function ofSqlite({ synchronous, journal_mode: journal = '' }: DatabaseSettings): Problem[] {
  const problems: Problem[] = [];
  if (Number(synchronous) < FULL)
    problems.push({
      status: 'FAILED',
      message: `SQLite runs with synchronous=${synchronous}: what was answered may be lost when the power fails.`,
      fix: 'Pomona sets FULL itself; look what else opens the file pomona.sqlite, and report it.',
    });
  if (journal.toLowerCase() !== 'wal')
    problems.push({
      status: 'WARNING',
      message: `SQLite runs with journal_mode=${journal}: readers wait for writers.`,
      fix: 'Keep the data directory (POMONA_DATA_DIR) on a local disk: network file systems have no write-ahead log.',
    });
  return problems;
}

/** Exported for its test: settings of a server that other tests share are not to be changed. */
export function ofMysql(found: DatabaseSettings): Problem[] {
  const modes = (found['sql_mode'] ?? '').split(',');
  return [...ofLogs(found), ...ofPackets(found), ...ofModes(modes)];
}

function ofLogs(found: DatabaseSettings): Problem[] {
  const problems: Problem[] = [];
  const flush = found['innodb_flush_log_at_trx_commit'];
  if (flush !== '1')
    problems.push({
      status: 'WARNING',
      message: `innodb_flush_log_at_trx_commit is ${flush}: what was answered in the last second may be lost when the power fails.`,
      fix: 'Set innodb_flush_log_at_trx_commit = 1 in the configuration of the database server.',
    });
  if (found['log_bin'] === '1' && found['sync_binlog'] !== '1')
    problems.push({
      status: 'WARNING',
      message: `The binary log is on with sync_binlog = ${found['sync_binlog']}: after a power failure replicas may differ.`,
      fix: 'Set sync_binlog = 1 in the configuration of the database server.',
    });
  return problems;
}

function ofPackets(found: DatabaseSettings): Problem[] {
  const bytes = Number(found['max_allowed_packet'] ?? 0);
  if (bytes >= LEAST_PACKET_BYTES) return [];
  return [
    {
      status: 'WARNING',
      message: `max_allowed_packet is ${bytes} bytes: large profiles and large answers of devices cannot be stored.`,
      fix: 'Set max_allowed_packet = 16M or more in the configuration of the database server, and restart Pomona.',
    },
  ];
}

function ofModes(modes: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  if (!modes.includes('STRICT_TRANS_TABLES') && !modes.includes('STRICT_ALL_TABLES'))
    problems.push({
      status: 'WARNING',
      message: 'sql_mode is not strict: values that do not fit are cut off without a word.',
      fix: 'Add STRICT_TRANS_TABLES to sql_mode in the configuration of the database server.',
    });
  if (modes.includes('NO_BACKSLASH_ESCAPES'))
    problems.push({
      status: 'FAILED',
      message: 'sql_mode has NO_BACKSLASH_ESCAPES: texts would be quoted wrongly, which is dangerous.',
      fix: 'Take NO_BACKSLASH_ESCAPES out of sql_mode in the configuration of the database server.',
    });
  return problems;
}
