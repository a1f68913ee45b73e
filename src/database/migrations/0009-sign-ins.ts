import { addColumn, createIndex, createTable, type Migration } from './migration.js';

/** Sign-ins at an OpenID provider, and what devices are enrolled by them. */
export const signIns: Migration = {
  name: '0009-sign-ins',
  steps: (dialect) => [
    ...createTable(dialect, {
      name: 'sign_ins',
      columns: {
        uuid: 'varchar(36) NOT NULL PRIMARY KEY',
        purpose: 'varchar(16) NOT NULL',
        state_sha256: 'varchar(64) NOT NULL',
        browser_sha256: 'varchar(64) NOT NULL',
        created_at: 'bigint NOT NULL',
        expires_at: 'bigint NOT NULL',
        answered_at: 'bigint NULL',
        issuer: 'varchar(512) NULL',
        subject: 'varchar(255) NULL',
        user_name: 'varchar(255) NULL',
        managed_apple_id: 'varchar(255) NULL',
        token_sha256: 'varchar(64) NULL',
        token_expires_at: 'bigint NULL',
        token_used_at: 'bigint NULL',
      },
      indexes: { IDX_sign_ins_expires_at: ['expires_at'] },
      uniques: { IDX_sign_ins_state: ['state_sha256'], IDX_sign_ins_token: ['token_sha256'] },
    }),
    addColumn(dialect, 'enrollment_profiles', 'account_driven', 'varchar(8) NULL'),
    createIndex(
      dialect,
      'enrollment_profiles',
      'IDX_enrollment_profiles_account_driven',
      ['account_driven'],
      true,
    ),
    addColumn(dialect, 'enrollment_challenges', 'sign_in_uuid', 'varchar(36) NULL'),
    addColumn(dialect, 'issued_certificates', 'sign_in_uuid', 'varchar(36) NULL'),
    addColumn(dialect, 'devices', 'account_driven', 'varchar(8) NULL'),
    addColumn(dialect, 'devices', 'managed_apple_id', 'varchar(255) NULL'),
  ],
};
