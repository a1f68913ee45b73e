import { initialSchema } from './0001-initial-schema.js';
import { apiTokenScopes } from './0002-api-token-scopes.js';
import { idempotencyKeys } from './0003-idempotency-keys.js';
import { deviceAuthority } from './0004-device-authority.js';
import { enrollmentProfiles } from './0005-enrollment-profiles.js';
import { pushCertificates } from './0006-push-certificates.js';
import { identityRenewal } from './0007-identity-renewal.js';
import { automatedEnrollment } from './0008-automated-enrollment.js';
import { signIns } from './0009-sign-ins.js';
import { returnToService } from './0010-return-to-service.js';
import { expiryWarnings } from './0011-expiry-warnings.js';
import { dep } from './0012-dep.js';
import { setupSignIns } from './0013-setup-sign-ins.js';
import { sealedCommands } from './0014-sealed-commands.js';
import { userEnrollmentKeys } from './0015-user-enrollment-keys.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. A released migration is never edited: what follows it is a new one. */
export const MIGRATIONS: readonly Migration[] = [
  initialSchema,
  apiTokenScopes,
  idempotencyKeys,
  deviceAuthority,
  enrollmentProfiles,
  pushCertificates,
  identityRenewal,
  automatedEnrollment,
  signIns,
  returnToService,
  expiryWarnings,
  dep,
  setupSignIns,
  sealedCommands,
  userEnrollmentKeys,
];
