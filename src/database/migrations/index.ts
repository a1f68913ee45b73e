import { initialSchema } from './0001-initial-schema.js';
import { apiTokenScopes } from './0002-api-token-scopes.js';
import { idempotencyKeys } from './0003-idempotency-keys.js';
import { deviceAuthority } from './0004-device-authority.js';
import { enrollmentProfiles } from './0005-enrollment-profiles.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. A released migration is never edited: what follows it is a new one. */
export const MIGRATIONS: readonly Migration[] = [
  initialSchema,
  apiTokenScopes,
  idempotencyKeys,
  deviceAuthority,
  enrollmentProfiles,
];
