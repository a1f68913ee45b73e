import type { Sql } from '../../database/index.js';
import type { AccountDrivenMode, SignInPurpose } from '../../entities/sign-in.js';

/** A person whose account a device is enrolled with, and how it is. */
export interface EnrollmentAccount {
  readonly mode: AccountDrivenMode;
  readonly managedAppleId: string;
}

/** A person who signed in so that a device may enrol. */
export interface SignedIn {
  /** As people call them: an address or a user name. */
  readonly userName: string;
  /** Undefined when they signed in in Setup Assistant, which enrols the device with nobody's account. */
  readonly account: EnrollmentAccount | undefined;
}

interface Row {
  readonly mode: SignInPurpose | null;
  readonly managedAppleId: string | null;
}

/** Who signed in; undefined when that did not come to its end, or is not known any more. */
export async function whoSignedIn(sql: Sql, uuid: string): Promise<SignedIn | undefined> {
  const rows = await sql.query<Row & { readonly userName: string }>(
    `SELECT purpose AS mode, managed_apple_id AS managedAppleId, user_name AS userName
       FROM sign_ins WHERE uuid = ? AND token_sha256 IS NOT NULL`,
    [uuid],
  );
  const [row] = rows;
  return row === undefined ? undefined : { userName: row.userName, account: complete(rows) };
}

/** Whose account a device is being enrolled with; undefined as well when it takes none. */
export async function accountOfSignIn(sql: Sql, uuid: string): Promise<EnrollmentAccount | undefined> {
  return (await whoSignedIn(sql, uuid))?.account;
}

/** Whose account a device is enrolled with; undefined when it is with none. */
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
  return row.mode === 'SETUP' ? undefined : { mode: row.mode, managedAppleId: row.managedAppleId };
}
