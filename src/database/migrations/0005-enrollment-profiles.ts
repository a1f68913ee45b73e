import { createTable, type Migration } from './migration.js';

/** The links people enrol devices by. */
export const enrollmentProfiles: Migration = {
  name: '0005-enrollment-profiles',
  steps: (dialect) =>
    createTable(dialect, {
      name: 'enrollment_profiles',
      columns: {
        uuid: 'varchar(36) NOT NULL PRIMARY KEY',
        name: 'varchar(255) NOT NULL',
        workflow_uuid: 'varchar(36) NULL',
        allowed_serial_numbers: 'longtext NOT NULL',
        organization: 'varchar(255) NULL',
        access_rights: 'int NOT NULL',
        includes_authority: 'FLAG NOT NULL',
        default_mark: 'int NULL',
        token_sha256: 'varchar(64) NOT NULL',
        link_made_at: 'bigint NOT NULL',
        expires_at: 'bigint NULL',
        uses_left: 'int NULL',
        used_count: 'int NOT NULL',
        revoked_at: 'bigint NULL',
        revision: 'int NOT NULL',
        created_at: 'bigint NOT NULL',
        updated_at: 'bigint NOT NULL',
      },
      indexes: { IDX_enrollment_profiles_workflow: ['workflow_uuid'] },
      uniques: {
        IDX_enrollment_profiles_token: ['token_sha256'],
        IDX_enrollment_profiles_default: ['default_mark'],
      },
    }),
};
