import { addColumn, createIndex, createTable, type Migration } from './migration.js';

/** Enrolment from Setup Assistant and over the air. Null, in rows that are there: not by these profiles. */
export const automatedEnrollment: Migration = {
  name: '0008-automated-enrollment',
  steps: (dialect) => [
    addColumn(dialect, 'enrollment_profiles', 'serves_automated_enrollment', 'FLAG NULL'),
    addColumn(dialect, 'enrollment_profiles', 'allows_reenrollment', 'FLAG NULL'),
    addColumn(dialect, 'enrollment_profiles', 'minimum_os_versions', 'longtext NULL'),
    ...createTable(dialect, {
      name: 'enrollment_profile_serials',
      columns: {
        serial_number: 'varchar(64) NOT NULL PRIMARY KEY',
        profile_uuid: 'varchar(36) NOT NULL',
      },
      indexes: { IDX_enrollment_profile_serials_profile: ['profile_uuid'] },
    }),
    ...createTable(dialect, {
      name: 'enrollment_sessions',
      columns: {
        token_sha256: 'varchar(64) NOT NULL PRIMARY KEY',
        kind: 'varchar(16) NOT NULL',
        enrollment_profile_uuid: 'varchar(36) NOT NULL',
        udid: 'varchar(255) NULL',
        serial_number: 'varchar(255) NULL',
        identity_challenge_sha256: 'varchar(64) NULL',
        final_challenge_sha256: 'varchar(64) NULL',
        expires_at: 'bigint NOT NULL',
        finished_at: 'bigint NULL',
        created_at: 'bigint NOT NULL',
      },
      indexes: { IDX_enrollment_sessions_expires_at: ['expires_at'] },
    }),
    createIndex(dialect, 'enrollment_sessions', 'IDX_enrollment_sessions_identity', [
      'identity_challenge_sha256',
    ]),
    createIndex(dialect, 'enrollment_challenges', 'IDX_enrollment_challenges_certificate', [
      'certificate_sha256',
    ]),
  ],
};
