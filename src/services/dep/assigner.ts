import { DepError, MOST_DEVICES, type DepAssignment, type DepOutcome } from '../../apple/dep/index.js';
import type { Clock } from '../../clock.js';
import { chunks, claimClause, placeholders, type Database, type Transaction } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { DepAssignmentStatus } from '../../entities/dep-enums.js';
import { DepProfile } from '../../entities/dep-profile.js';
import { EventType, type Outbox } from '../../events/index.js';
import type { Logger } from '../../log.js';
import type { DepAccountFailures } from './account-failures.js';
import type { DepClients } from './clients.js';
import type { DepDefinitions } from './definitions.js';
import { jittered } from './failures.js';
import { Pauses } from './pauses.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Whoever claims devices has so long to tell Apple; after that another takes them. */
const CLAIM_MS = 5 * MINUTE;
const LONGEST_PAUSE_MS = DAY;
/** Devices of one transaction: on SQLite everybody who writes waits for it. */
const AT_ONCE = 250;

/** Devices of one account that shall have one profile, or none. */
interface Group {
  readonly accountUuid: string;
  readonly profileUuid: string | null;
}

/** A group, and when its account was last known to be well. */
interface DueGroup extends Group {
  readonly well: number | string;
}

/** Devices that this process tells Apple of, until a time: whoever has changed its mind about one has set another. */
interface Claim extends Group {
  readonly until: number;
  readonly devices: readonly Claimed[];
}

interface Claimed {
  readonly deviceUuid: string;
  readonly serialNumber: string;
  readonly attempts: number;
}

/** Tells Apple which profile each device shall have, a thousand devices at a time, until Apple has it. */
export class DepAssigner {
  readonly #pauses: Pauses;

  constructor(
    private readonly database: Database,
    private readonly clients: DepClients,
    private readonly definitions: DepDefinitions,
    private readonly failures: DepAccountFailures,
    private readonly outbox: Outbox,
    private readonly log: Logger,
    private readonly now: Clock,
  ) {
    this.#pauses = new Pauses(now);
  }

  /** Assigns what is due. @returns how many devices Apple was asked about */
  async assignDue(): Promise<number> {
    let asked = 0;
    for (const group of await this.#dueGroups()) if (!this.#waits(group)) asked += await this.#assign(group);
    return asked;
  }

  /** What Apple refused a whole account waits until the account is known to be well, what it refused a profile for a while. */
  #waits(group: DueGroup): boolean {
    return this.#pauses.holds(group.accountUuid, Number(group.well)) || this.#pauses.holds(nameOf(group));
  }

  #dueGroups(): Promise<DueGroup[]> {
    return this.database.query<DueGroup>(
      `SELECT DISTINCT d.account_uuid AS accountUuid, d.wanted_profile_uuid AS profileUuid,
              CASE WHEN a.synced_at > a.token_uploaded_at THEN a.synced_at ELSE a.token_uploaded_at END AS well
         FROM dep_devices d JOIN dep_accounts a ON a.uuid = d.account_uuid
        WHERE d.assign_due_at <= ? AND a.sealed_token IS NOT NULL AND (a.blocked = 0 OR a.next_sync_at <= ?) LIMIT 500`,
      [this.now(), this.now()],
    );
  }

  async #assign(group: Group): Promise<number> {
    const account = await this.database.manager.findOneBy(DepAccount, { uuid: group.accountUuid });
    if (account === null) return 0;
    const most = Math.max(1, Math.min(account.deviceLimit ?? MOST_DEVICES, MOST_DEVICES));
    const claim = await this.#claim(group, most);
    if (claim.devices.length === 0) return 0;
    try {
      await this.#tell(account, claim);
      this.#pauses.end(group.accountUuid);
      this.#pauses.end(nameOf(group));
    } catch (error) {
      if (!(error instanceof DepError)) throw error;
      this.log.warn(
        { account: account.name, reason: error.message },
        'Apple could not be told of assignments',
      );
      await this.#later(account, claim, error);
    }
    return claim.devices.length;
  }

  async #claim({ accountUuid, profileUuid }: Group, most: number): Promise<Claim> {
    const until = this.now() + CLAIM_MS;
    const devices = await this.database.transaction(async (tx) => {
      const wanted = profileUuid === null ? 'IS NULL' : '= ?';
      const rows = await tx.query<Claimed>(
        `SELECT device_uuid AS deviceUuid, serial_number AS serialNumber, assign_attempts AS attempts FROM dep_devices
          WHERE assign_due_at <= ? AND account_uuid = ? AND wanted_profile_uuid ${wanted}
          ORDER BY assign_due_at LIMIT ${most}${claimClause(tx.dialect)}`,
        [this.now(), accountUuid, ...(profileUuid === null ? [] : [profileUuid])],
      );
      const uuids = rows.map(({ deviceUuid }) => deviceUuid);
      if (uuids.length > 0)
        await tx.run(
          `UPDATE dep_devices SET assign_due_at = ? WHERE device_uuid IN ${placeholders(uuids.length)}`,
          [until, ...uuids],
        );
      return rows;
    });
    return { accountUuid, profileUuid, until, devices };
  }

  async #tell(account: DepAccount, claim: Claim): Promise<void> {
    const client = this.clients.of(account);
    const serials = claim.devices.map(({ serialNumber }) => serialNumber);
    if (claim.profileUuid === null) {
      const outcomes = await client.unassignProfile(serials);
      return this.#settle(claim, { outcomes, retryAfterMs: undefined }, null);
    }
    const profile = await this.database.manager.findOneBy(DepProfile, { uuid: claim.profileUuid });
    if (profile === null) return;
    const appleUuid = await this.definitions.ensure(client, profile, account.uuid);
    try {
      await this.#settle(claim, await client.assignProfile(appleUuid, serials), appleUuid);
    } catch (error) {
      // Apple does not know it any more; the next try defines it anew.
      if (error instanceof DepError && error.failure === 'REFUSED') await this.definitions.forget(appleUuid);
      throw error;
    }
  }

  async #settle(
    claim: Claim,
    { outcomes, retryAfterMs }: DepAssignment,
    appleUuid: string | null,
  ): Promise<void> {
    const throttled = Math.max(retryAfterMs ?? MINUTE, 1_000);
    for (const devices of chunks(claim.devices, AT_ONCE)) {
      const by = (outcome: DepOutcome): Claimed[] =>
        devices.filter(({ serialNumber }) => (outcomes[serialNumber] ?? 'FAILED') === outcome);
      await this.database.transaction(async (tx) => {
        await this.#done(tx, claim, by('SUCCESS'), appleUuid);
        await this.#again(tx, claim, by('THROTTLED'), DepAssignmentStatus.THROTTLED, () => throttled);
        await this.#again(tx, claim, by('NOT_ACCESSIBLE'), DepAssignmentStatus.NOT_ACCESSIBLE, () =>
          jittered(DAY),
        );
        await this.#again(tx, claim, by('FAILED'), DepAssignmentStatus.FAILED, pauseAfter);
      });
    }
  }

  async #done(
    tx: Transaction,
    claim: Claim,
    devices: readonly Claimed[],
    appleUuid: string | null,
  ): Promise<void> {
    if (devices.length === 0) return;
    const status = appleUuid === null ? DepAssignmentStatus.NONE : DepAssignmentStatus.ASSIGNED;
    const at = this.now();
    await this.#set(
      tx,
      devices,
      `assignment = '${status}', apple_profile_uuid = ?, profile_status = ?, profile_assigned_at = ?, assign_due_at = NULL,
         assign_attempts = 0, updated_at = ?`,
      [appleUuid, appleUuid === null ? 'removed' : 'assigned', appleUuid === null ? null : at, at],
      claim,
    );
    this.#announce(tx, devices, appleUuid === null ? 'DEP_UNASSIGNED' : 'DEP_ASSIGNED');
  }

  /** Tried again later, each device at its own time when they have failed differently often. */
  async #again(
    tx: Transaction,
    claim: Claim,
    devices: readonly Claimed[],
    status: DepAssignmentStatus,
    pauseOf: (attempts: number) => number,
  ): Promise<void> {
    const byAttempts = Map.groupBy(devices, ({ attempts }) => Math.min(attempts, 20));
    for (const [attempts, some] of byAttempts) {
      const due = this.now() + pauseOf(attempts);
      await this.#set(
        tx,
        some,
        `assignment = '${status}', assign_due_at = ?, assign_attempts = assign_attempts + 1, updated_at = ?`,
        [due, this.now()],
        claim,
      );
    }
    if (devices.length > 0) this.#announce(tx, devices, `DEP_${status}`);
  }

  /**
   * The whole request failed. What is about the account makes all its devices wait, as they are; what is about the profile or
   * these devices is theirs.
   */
  async #later(account: DepAccount, claim: Claim, error: DepError): Promise<void> {
    await this.failures.ofAssignment(account, error);
    if (error.failure === 'REFUSED' || error.failure === 'UNREADABLE') {
      this.#pauses.begin(nameOf(claim), error.retryAfterMs);
      return this.#settle(claim, { outcomes: {}, retryAfterMs: undefined }, null);
    }
    this.#pauses.begin(account.uuid, error.retryAfterMs);
    await this.database.transaction((tx) =>
      this.#set(tx, claim.devices, 'assign_due_at = ?', [this.now()], claim),
    );
  }

  /** Only devices that shall still have what the claim says, and that nobody else has turned to since. */
  async #set(
    tx: Transaction,
    devices: readonly Claimed[],
    set: string,
    parameters: readonly (string | number | null)[],
    { accountUuid, profileUuid, until }: Claim,
  ): Promise<void> {
    if (devices.length === 0) return;
    const uuids = devices.map(({ deviceUuid }) => deviceUuid);
    await tx.run(
      `UPDATE dep_devices SET ${set} WHERE device_uuid IN ${placeholders(uuids.length)} AND assign_due_at = ?
          AND account_uuid = ? AND removed_at IS NULL AND wanted_profile_uuid ${profileUuid === null ? 'IS NULL' : '= ?'}`,
      [...parameters, ...uuids, until, accountUuid, ...(profileUuid === null ? [] : [profileUuid])],
    );
  }

  #announce(tx: Transaction, devices: readonly Claimed[], change: string): void {
    this.outbox.emit(
      tx,
      ...devices.map(({ deviceUuid }) => ({
        type: EventType.DEVICE_CHANGED,
        deviceUuid,
        subjectUuid: deviceUuid,
        data: { change },
      })),
    );
  }
}

function nameOf({ accountUuid, profileUuid }: Group): string {
  return `${accountUuid} ${profileUuid ?? ''}`;
}

/** Two minutes, then twice as long each time, up to a day. Milliseconds. */
function pauseAfter(attempts: number): number {
  return jittered(Math.min(LONGEST_PAUSE_MS, 2 * MINUTE * 2 ** attempts));
}
