import { createTable, type Migration } from './migration.js';

/** Push certificates: requested here, uploaded, replaced. */
export const pushCertificates: Migration = {
  name: '0006-push-certificates',
  steps: (dialect) =>
    createTable(dialect, {
      name: 'push_certificates',
      columns: {
        uuid: 'varchar(36) NOT NULL PRIMARY KEY',
        status: 'varchar(16) NOT NULL',
        active_slot: 'int NULL',
        common_name: 'varchar(64) NULL',
        email: 'varchar(255) NULL',
        csr: 'longtext NULL',
        exchange_certificate: 'longtext NULL',
        public_key_sha256: 'varchar(64) NOT NULL',
        sealed_key: 'longblob NULL',
        certificate: 'longtext NULL',
        sha256: 'varchar(64) NULL',
        subject: 'varchar(1024) NULL',
        serial: 'varchar(64) NULL',
        topic: 'varchar(255) NULL',
        not_before: 'bigint NULL',
        not_after: 'bigint NULL',
        created_at: 'bigint NOT NULL',
        uploaded_at: 'bigint NULL',
        ended_at: 'bigint NULL',
      },
      indexes: { IDX_push_certificates_public_key: ['public_key_sha256'] },
      uniques: { IDX_push_certificates_active: ['active_slot'] },
    }),
};
