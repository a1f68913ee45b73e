/**
 * The enrolment profile that a serial number (the parameter, in capitals) is led to at Apple: that of the DEP profile it shall
 * have; when no rule is about it any more and nobody chose, that of the one it still has there. No row, or NULL: none.
 */
export const LED_TO = `
  SELECT COALESCE(w.enrollment_profile_uuid, p.enrollment_profile_uuid)
    FROM dep_devices d
    LEFT JOIN dep_profiles w ON w.uuid = d.wanted_profile_uuid
    LEFT JOIN dep_definitions f ON f.apple_uuid = d.apple_profile_uuid AND f.account_uuid = d.account_uuid AND d.choice IS NULL
    LEFT JOIN dep_profiles p ON p.uuid = f.profile_uuid
   WHERE d.serial_number = ? AND d.removed_at IS NULL LIMIT 1`;
