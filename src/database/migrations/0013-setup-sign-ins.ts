import { addColumn, type Migration } from './migration.js';

/** Sign-ins for a visit of Setup Assistant's web view, and who signed in when a device enrolled, however it did. */
export const setupSignIns: Migration = {
  name: '0013-setup-sign-ins',
  steps: (dialect) => [
    addColumn(dialect, 'sign_ins', 'session_sha256', 'varchar(64) NULL'),
    addColumn(dialect, 'devices', 'signed_in_as', 'varchar(255) NULL'),
  ],
};
