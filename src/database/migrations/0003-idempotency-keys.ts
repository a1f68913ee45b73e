import { createTable, type Migration } from './migration.js';

/** Calls that were carried out under a key, so that the same call sent again is answered and not repeated. */
export const idempotencyKeys: Migration = {
  name: '0003-idempotency-keys',
  steps: (dialect) =>
    createTable(dialect, {
      name: 'idempotency_keys',
      columns: {
        key_sha256: 'varchar(64) NOT NULL',
        token_uuid: 'varchar(36) NOT NULL',
        operation: 'varchar(64) NOT NULL',
        body_sha256: 'varchar(64) NOT NULL',
        answer: 'longtext NOT NULL',
        created_at: 'bigint NOT NULL',
      },
      primaryKey: ['key_sha256', 'token_uuid'],
      indexes: { IDX_idempotency_keys_created_at: ['created_at'] },
    }),
};
