import { chunks, insertRows, isDuplicate, placeholders, type Transaction } from '../../database/index.js';
import { PomonaError } from '../../errors.js';

/** Serial numbers of one statement. */
const BATCH = 500;

/**
 * Keeps which serial numbers enrol by a profile from Setup Assistant, so that asking for one costs a look-up by key. Throws
 * CONFLICT when one of them does by another profile already: which of the two it was meant for, nobody could say.
 */
export async function keepSerials(tx: Transaction, uuid: string, serials: readonly string[]): Promise<void> {
  const before = new Set(await serialsOf(tx, uuid));
  const after = new Set(serials);
  const gone = [...before].filter((serial) => !after.has(serial));
  const added = serials.filter((serial) => !before.has(serial));
  for (const some of chunks(gone, BATCH)) {
    const these = `serial_number IN ${placeholders(some.length)}`;
    await tx.run(`DELETE FROM enrollment_profile_serials WHERE profile_uuid = ? AND ${these}`, [
      uuid,
      ...some,
    ]);
  }
  for (const some of chunks(added, BATCH)) await refuseTaken(tx, some);
  try {
    const rows = added.map((serial) => [serial, uuid]);
    await insertRows(tx, 'INSERT INTO enrollment_profile_serials', ['serial_number', 'profile_uuid'], rows);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw taken('One of the serial numbers was given to another enrollment profile just now.', error);
  }
}

async function serialsOf(tx: Transaction, uuid: string): Promise<string[]> {
  const rows = await tx.query<{ serial: string }>(
    'SELECT serial_number AS serial FROM enrollment_profile_serials WHERE profile_uuid = ?',
    [uuid],
  );
  return rows.map(({ serial }) => serial);
}

async function refuseTaken(tx: Transaction, serials: readonly string[]): Promise<void> {
  const [row] = await tx.query<{ serial: string; name: string }>(
    `SELECT s.serial_number AS serial, p.name AS name FROM enrollment_profile_serials s
       JOIN enrollment_profiles p ON p.uuid = s.profile_uuid WHERE s.serial_number IN ${placeholders(serials.length)} LIMIT 1`,
    serials,
  );
  if (row === undefined) return;
  throw taken(
    `${row.serial} enrols by the enrollment profile "${row.name}" already. Take it out of that one, or revoke that one.`,
  );
}

function taken(message: string, cause?: unknown): PomonaError {
  const path = ['allowedSerialNumbers'];
  return new PomonaError('CONFLICT', message, cause === undefined ? { path } : { path, cause });
}
