import { createTable, type Migration, type TableSpec } from './migration.js';

const TABLES: readonly TableSpec[] = [
  {
    name: 'expiry_warnings',
    columns: {
      purpose: 'varchar(32) NOT NULL',
      sha256: 'varchar(64) NOT NULL',
      threshold_days: 'int NOT NULL',
      warned_at: 'bigint NOT NULL',
    },
    primaryKey: ['purpose', 'sha256', 'threshold_days'],
  },
  {
    name: 'installation',
    columns: {
      slot: 'varchar(16) NOT NULL PRIMARY KEY',
      uuid: 'varchar(36) NOT NULL',
      created_at: 'bigint NOT NULL',
    },
  },
];

/** Which warnings of the end of a certificate were given, and who this installation is. */
export const expiryWarnings: Migration = {
  name: '0011-expiry-warnings',
  steps: (dialect) => TABLES.flatMap((table) => createTable(dialect, table)),
};
