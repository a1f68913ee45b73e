import { createTable, type Migration } from './migration.js';

/** What of commands and answers is secret, sealed: apart from their rows, which are read all the time and by everyone. */
export const sealedCommands: Migration = {
  name: '0014-sealed-commands',
  steps: (dialect) => [
    ...createTable(dialect, {
      name: 'sealed_bodies',
      columns: {
        body_uuid: 'varchar(36) NOT NULL PRIMARY KEY',
        sealed_fragment: 'longblob NOT NULL',
        created_at: 'bigint NOT NULL',
      },
      indexes: { IDX_sealed_bodies_created_at: ['created_at'] },
    }),
    ...createTable(dialect, {
      name: 'sealed_reports',
      columns: {
        command_uuid: 'varchar(36) NOT NULL PRIMARY KEY',
        sealed_report: 'longblob NOT NULL',
        answered_at: 'bigint NOT NULL',
      },
      indexes: { IDX_sealed_reports_answered_at: ['answered_at'] },
    }),
  ],
};
