import type { Dialect } from '../dialect.js';
import { addColumn, createIndex, type Migration, type Step } from './migration.js';

const DAY_MS = 24 * 60 * 60_000;
/** The default of IDENTITY_RENEWAL_DAYS. */
const WINDOW_MS = 30 * DAY_MS;

/**
 * Certificates of our own that are in use are renewed as new ones are: in the last 30 days, or the last third of their life if
 * that is shorter, at some time in the first third of it. Others are not ours to renew.
 */
function chooseTimes(dialect: Dialect): Step {
  const least = dialect === 'sqlite' ? 'MIN' : 'LEAST';
  const third = dialect === 'sqlite' ? '(not_after - not_before) / 3' : '(not_after - not_before) DIV 3';
  const window = `${least}(${WINDOW_MS}, ${third})`;
  const chance = dialect === 'sqlite' ? '(ABS(RANDOM() % 1000000) / 1000000.0)' : 'RAND()';
  const later =
    dialect === 'sqlite' ? `CAST(${chance} * ${window} / 3 AS INTEGER)` : `FLOOR(${chance} * ${window} / 3)`;
  return async (runner) => {
    await runner.query(
      `UPDATE identities SET renew_at = not_after - ${window} + ${later}
        WHERE renew_at IS NULL AND status <> 'ARCHIVED' AND sha256 IN (SELECT sha256 FROM issued_certificates)`,
    );
  };
}

/** When each identity is to be renewed, and how what was issued is found. */
export const identityRenewal: Migration = {
  name: '0007-identity-renewal',
  steps: (dialect) => [
    addColumn(dialect, 'identities', 'renew_at', 'bigint NULL'),
    createIndex(dialect, 'identities', 'IDX_identities_renewal', ['status', 'renew_at']),
    createIndex(dialect, 'enrollment_challenges', 'IDX_enrollment_challenges_renewal', [
      'renewal_of_device_uuid',
    ]),
    createIndex(dialect, 'issued_certificates', 'IDX_issued_certificates_created', ['created_at', 'sha256']),
    chooseTimes(dialect),
  ],
};
