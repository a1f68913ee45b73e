import type { Clock } from '../../clock.js';
import { chunks, placeholders, type Database, type Transaction } from '../../database/index.js';
import { DepAssignmentStatus, DepChoice } from '../../entities/dep-enums.js';
import { DepProfile } from '../../entities/dep-profile.js';
import { PomonaError } from '../../errors.js';

/** What became of choosing for one device: nothing to say, or why not. */
export type Choices = ReadonlyMap<string, PomonaError | undefined>;

/** Chooses profiles for devices by hand, and gives devices back to the rules. Apple is told by the assigner. */
export class DepChoosing {
  /** Told when Apple has to be told something. */
  onDue: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  /** These devices shall have this profile, whatever the rules say. Throws INVALID when there is no such profile. */
  assign(deviceUuids: readonly string[], profileUuid: string): Promise<Choices> {
    return this.#choose(deviceUuids, async (tx, known) => {
      if ((await tx.manager.countBy(DepProfile, { uuid: profileUuid })) === 0)
        throw new PomonaError('INVALID', `There is no DEP profile ${profileUuid}.`, {
          path: ['profileUuid'],
        });
      await this.#set(tx, known, `choice = '${DepChoice.MANUAL}', wanted_profile_uuid = ?`, [profileUuid]);
    });
  }

  /** These devices shall have no profile, whatever the rules say. */
  unassign(deviceUuids: readonly string[]): Promise<Choices> {
    return this.#choose(deviceUuids, (tx, known) =>
      this.#set(tx, known, `choice = '${DepChoice.MANUAL}', wanted_profile_uuid = NULL`, []),
    );
  }

  /** The rules decide again. */
  followRules(deviceUuids: readonly string[]): Promise<Choices> {
    return this.#choose(deviceUuids, (tx, known) =>
      this.#set(tx, known, 'choice = NULL, wanted_profile_uuid = NULL', []),
    );
  }

  /** Judging finds out what is to be done: it compares what is wanted with what Apple has. */
  async #set(
    tx: Transaction,
    deviceUuids: readonly string[],
    set: string,
    parameters: readonly string[],
  ): Promise<void> {
    for (const chunk of chunks(deviceUuids, 500)) {
      await tx.run(
        `UPDATE dep_devices SET ${set}, judged_revision = 0, assignment = '${DepAssignmentStatus.PENDING}', assign_attempts = 0,
           assign_due_at = NULL, updated_at = ? WHERE device_uuid IN ${placeholders(chunk.length)}`,
        [...parameters, this.now(), ...chunk],
      );
    }
  }

  #choose(
    deviceUuids: readonly string[],
    write: (tx: Transaction, known: readonly string[]) => Promise<void>,
  ): Promise<Choices> {
    const uuids = [...new Set(deviceUuids)];
    return this.database.transaction(async (tx) => {
      const known = await depDevicesAmong(tx, uuids);
      await write(tx, [...known]);
      tx.afterCommit(() => this.onDue());
      return new Map(uuids.map((uuid) => [uuid, known.has(uuid) ? undefined : notAtApple(uuid)]));
    });
  }
}

/** Those that are Apple's to assign now. */
export async function depDevicesAmong(
  sql: Pick<Database, 'query'>,
  uuids: readonly string[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const chunk of chunks(uuids, 500)) {
    const rows = await sql.query<{ deviceUuid: string }>(
      `SELECT device_uuid AS deviceUuid FROM dep_devices WHERE removed_at IS NULL AND device_uuid IN ${placeholders(chunk.length)}`,
      chunk,
    );
    for (const { deviceUuid } of rows) known.add(deviceUuid);
  }
  return known;
}

/** NOT_FOUND for a device that Apple did not assign to this server. */
export function notAtApple(uuid: string): PomonaError {
  return new PomonaError(
    'NOT_FOUND',
    `The device ${uuid} is not among the devices that Apple Business Manager assigned to this server.`,
  );
}
