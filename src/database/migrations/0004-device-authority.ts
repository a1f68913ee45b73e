import { createTable, type Migration, type TableSpec } from './migration.js';

const uuidOrNull = 'varchar(36) NULL';
const instant = 'bigint NOT NULL';
const instantOrNull = 'bigint NULL';

const TABLES: readonly TableSpec[] = [
  {
    name: 'authorities',
    columns: {
      uuid: 'varchar(36) NOT NULL PRIMARY KEY',
      slot: 'varchar(32) NOT NULL',
      certificate: 'longblob NOT NULL',
      sealed_key: 'longblob NOT NULL',
      created_at: instant,
    },
    uniques: { IDX_authorities_slot: ['slot'] },
  },
  {
    name: 'issued_certificates',
    columns: {
      sha256: 'varchar(64) NOT NULL PRIMARY KEY',
      serial: 'varchar(64) NOT NULL',
      purpose: 'varchar(32) NOT NULL',
      subject: 'varchar(255) NOT NULL',
      certificate: 'longblob NOT NULL',
      not_before: instant,
      not_after: instant,
      enrollment_profile_uuid: uuidOrNull,
      expected_serial_number: 'varchar(255) NULL',
      expected_udid: 'varchar(255) NULL',
      renewal_of: 'varchar(64) NULL',
      transaction_id: 'varchar(255) NOT NULL',
      public_key_sha256: 'varchar(64) NOT NULL',
      created_at: instant,
      revoked_at: instantOrNull,
    },
    uniques: { IDX_issued_certificates_serial: ['serial'] },
    indexes: {
      IDX_issued_certificates_public_key: ['public_key_sha256'],
      IDX_issued_certificates_renewal_of: ['renewal_of'],
    },
  },
  {
    name: 'enrollment_challenges',
    columns: {
      sha256: 'varchar(64) NOT NULL PRIMARY KEY',
      enrollment_profile_uuid: uuidOrNull,
      serial_number: 'varchar(255) NULL',
      udid: 'varchar(255) NULL',
      renewal_of_device_uuid: uuidOrNull,
      expires_at: instant,
      used_at: instantOrNull,
      certificate_sha256: 'varchar(64) NULL',
      created_at: instant,
    },
    indexes: { IDX_enrollment_challenges_expires_at: ['expires_at'] },
  },
];

/** Our own certificate authority, what it issued, and the permissions to be issued something. */
export const deviceAuthority: Migration = {
  name: '0004-device-authority',
  steps: (dialect) => TABLES.flatMap((table) => createTable(dialect, table)),
};
