import type { Sql } from '../../database/index.js';
import type { AccountDrivenMode } from '../../entities/sign-in.js';

/** A person who signed in to enrol a device, and how it is enrolled. */
export interface EnrollmentAccount {
  readonly mode: AccountDrivenMode;
  readonly managedAppleId: string;
}

interface Row {
  readonly mode: AccountDrivenMode | null;
  readonly managedAppleId: string | null;
}

/** Who signed in; undefined when that did not come to its end, or is not known any more. */
export async function accountOfSignIn(sql: Sql, uuid: string): Promise<EnrollmentAccount | undefined> {
  return complete(
    await sql.query<Row>(
      'SELECT purpose AS mode, managed_apple_id AS managedAppleId FROM sign_ins WHERE uuid = ? AND token_sha256 IS NOT NULL',
      [uuid],
    ),
  );
}

/** Who signed in when a device enrolled; undefined when nobody did. */
export async function accountOfDevice(sql: Sql, uuid: string): Promise<EnrollmentAccount | undefined> {
  return complete(
    await sql.query<Row>(
      'SELECT account_driven AS mode, managed_apple_id AS managedAppleId FROM devices WHERE uuid = ?',
      [uuid],
    ),
  );
}

function complete([row]: readonly Row[]): EnrollmentAccount | undefined {
  if (row === undefined || row.mode === null || row.managedAppleId === null) return undefined;
  return { mode: row.mode, managedAppleId: row.managedAppleId };
}
