import { addColumn, createIndex, type Migration } from './migration.js';

/** Whether devices that enrolled by a link may be returned to service. Null, in rows that are there: no. */
export const returnToService: Migration = {
  name: '0010-return-to-service',
  steps: (dialect) => [
    addColumn(dialect, 'enrollment_profiles', 'return_to_service', 'FLAG NULL'),
    addColumn(dialect, 'enrollment_profiles', 'wifi_profile_uuid', 'varchar(36) NULL'),
    createIndex(dialect, 'enrollment_profiles', 'IDX_enrollment_profiles_wifi_profile', [
      'wifi_profile_uuid',
    ]),
  ],
};
