import type { Clock } from '../../../clock.js';
import type { Database } from '../../../database/index.js';
import { EnrollmentStatus } from '../../../entities/enums.js';
import { ok, warning, type Check } from '../check.js';

const SILENT_DAYS = 7;
const DAY_MS = 24 * 60 * 60_000;
/** Of a few devices, one in a drawer is many. */
const LEAST = 3;
const MANY = 1 / 3;

interface Row {
  readonly enrolled: number | string;
  readonly silent: number | string | null;
}

const STATEMENT = `
  SELECT COUNT(*) AS enrolled,
      SUM(CASE WHEN COALESCE(c.last_seen_at, d.enrolled_at, d.created_at) < ? THEN 1 ELSE 0 END) AS silent
    FROM devices d LEFT JOIN device_contacts c ON c.device_uuid = d.uuid
    WHERE d.enrollment_status = '${EnrollmentStatus.ENROLLED}'`;

/** Devices come. One statement. */
export function devices(database: Database, now: Clock): Check {
  const run = async () => {
    const [row] = await database.query<Row>(STATEMENT, [now() - SILENT_DAYS * DAY_MS]);
    const enrolled = Number(row?.enrolled ?? 0);
    const silent = Number(row?.silent ?? 0);
    const message = `${silent} of ${enrolled} enrolled devices were not seen for ${SILENT_DAYS} days.`;
    if (silent < LEAST || silent < MANY * enrolled) return ok(message);
    return warning(
      message,
      'So many are seldom all switched off: look at the checks device-door, push-service, certificates and topic.',
    );
  };
  return { name: 'devices', atStart: false, run };
}
