import type { Migration } from './migration.js';

/** Keys of user enrolments begin with a colon, so that none can be a device's UDID. */
export const userEnrollmentKeys: Migration = {
  name: '0015-user-enrollment-keys',
  steps: (dialect) => {
    const prefixed = dialect === 'sqlite' ? "':' || enrollment_key" : "CONCAT(':', enrollment_key)";
    const theirs = "SELECT uuid FROM devices WHERE enrollment_kind = 'USER_ENROLLMENT'";
    const text = `UPDATE channels SET enrollment_key = ${prefixed}
      WHERE device_uuid IN (${theirs}) AND enrollment_key NOT LIKE ':%'`;
    return [async (runner) => void (await runner.query(text))];
  },
};
