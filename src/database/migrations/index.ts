import { initialSchema } from './0001-initial-schema.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. A released migration is never edited: what follows it is a new one. */
export const MIGRATIONS: readonly Migration[] = [initialSchema];
