import type { SecretPlace } from './vault.js';

/** A column of sealed secrets. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The table's key, whose value each secret is bound to. */
  readonly key: string;
}

/** Every column that secrets are sealed in: what is not listed here is lost when the key is replaced. A test looks for others. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'authorities', column: 'sealed_key', key: 'uuid' },
  { table: 'dep_accounts', column: 'sealed_key', key: 'uuid' },
  { table: 'dep_accounts', column: 'sealed_token', key: 'uuid' },
  { table: 'device_secrets', column: 'ciphertext', key: 'uuid' },
  { table: 'push_certificates', column: 'sealed_key', key: 'uuid' },
  { table: 'sealed_bodies', column: 'sealed_fragment', key: 'body_uuid' },
  { table: 'sealed_reports', column: 'sealed_report', key: 'command_uuid' },
];

/** Where the secret of one row is. */
export function placeOf({ table, column }: SealedColumn, row: string): SecretPlace {
  return { table, column, row };
}

/** `table.column`, for people. */
export function nameOf({ table, column }: SealedColumn): string {
  return `${table}.${column}`;
}
