import { buildCommand, CommandError, readRawCommand } from '../../apple/commands/index.js';
import { MobileconfigError, readConfigurationProfile } from '../../apple/mobileconfig/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { chunks } from '../../database/index.js';
import type { Command } from '../../entities/command.js';
import { CommandSource, CommandStatus, EnrollmentStatus, ItemStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import { loadTargets } from '../deployments/records.js';
import type { Deployments } from '../deployments/deployments.js';
import { prepareBody } from './bodies.js';
import type { CommandHistory } from './history.js';
import { PRIORITY_LIMIT, withdraw, type CommandQueue } from './queue.js';

/** A command as an operator gives it: by request type with its parameters as JSON, or as a raw property list. */
export interface CommandRequest {
  readonly requestType?: string | undefined;
  readonly parameters?: Record<string, unknown> | undefined;
  readonly plist?: Buffer | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: Date | undefined;
  readonly expiresAt?: Date | undefined;
}

/** What became of it for one device. */
export interface SendResult {
  readonly deviceUuid: string;
  readonly command?: Command | undefined;
  readonly problem?: PomonaError | undefined;
}

/** A renewal is expected within this time after an enrolment profile was sent again. */
const RENEWAL_MS = 7 * 24 * 60 * 60_000;

/** Commands that operators send and withdraw. */
export class CommandSending {
  constructor(
    private readonly database: Database,
    private readonly queue: CommandQueue,
    private readonly history: CommandHistory,
    private readonly deployments: Deployments,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Queues one command for many devices. Unknown and unenrolled devices are reported and do not stop the others.
   * Throws INVALID, saying which parameter was wrong and what would be right.
   */
  async send(deviceUuids: readonly string[], request: CommandRequest): Promise<SendResult[]> {
    const body = readRequest(request);
    this.#checkTimes(request);
    const prepared = prepareBody(body);
    const uuids = [...new Set(deviceUuids)];
    const { problems, queued } = await this.database.transaction(async (tx) => {
      const targets = await loadTargets(tx, uuids);
      const reachable = targets.filter(
        (target) => target.enrollmentStatus === EnrollmentStatus.ENROLLED && target.channelUuid !== null,
      );
      if (renewsIdentity(body))
        await this.#expectRenewal(
          tx,
          reachable.map((target) => target.deviceUuid),
        );
      const commands = reachable.map((target) => ({
        deviceUuid: target.deviceUuid,
        channelUuid: target.channelUuid ?? '',
        body: prepared,
        source: CommandSource.API,
        priority: request.priority ?? 0,
        notBefore: request.notBefore ?? null,
        expiresAt: request.expiresAt ?? null,
      }));
      return { problems: problemsOf(uuids, targets), queued: await this.queue.enqueue(tx, commands) };
    });
    const commands = await this.history.byUuids(queued.map((command) => command.uuid));
    const byDevice = new Map(commands.map((command) => [command.deviceUuid, command]));
    return uuids.map((deviceUuid) => ({
      deviceUuid,
      command: byDevice.get(deviceUuid),
      problem: problems.get(deviceUuid),
    }));
  }

  /**
   * Withdraws commands that are still active. A command that is finished stays as it is (and is not among those returned).
   * What a deployment wanted to do with it counts as failed, so that someone decides.
   */
  async cancel(uuids: readonly string[]): Promise<Command[]> {
    const why = { status: CommandStatus.CANCELLED, reason: 'Cancelled by an operator.' } as const;
    const cancelled = await this.#withdraw(uuids, why);
    return this.history.byUuids(cancelled);
  }

  /** Gives up commands whose time is over. Returns how many. */
  async expire(): Promise<number> {
    const due = await this.database.query<{ uuid: string }>(
      'SELECT uuid FROM commands WHERE queue_expires_at <= ? ORDER BY queue_expires_at LIMIT 500',
      [this.now()],
    );
    if (due.length === 0) return 0;
    const why = {
      status: CommandStatus.EXPIRED,
      reason: 'The device did not answer before the command expired.',
    } as const;
    return (
      await this.#withdraw(
        due.map((row) => row.uuid),
        why,
      )
    ).length;
  }

  #withdraw(uuids: readonly string[], why: Parameters<typeof withdraw>[4]): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      const done: string[] = [];
      for (const chunk of chunks(uuids, 500)) {
        const where = `uuid IN (${chunk.map(() => '?').join(', ')})`;
        const withdrawn = await withdraw(tx, this.outbox, where, chunk, why, this.now());
        done.push(...withdrawn.map((command) => command.uuid));
        await this.#failItems(tx, withdrawn, why.reason);
      }
      return done;
    });
  }

  async #failItems(
    tx: Transaction,
    withdrawn: readonly { uuid: string; deviceUuid: string; itemUuid: string | null }[],
    reason: string,
  ): Promise<void> {
    const carrying = withdrawn.filter((command) => command.itemUuid !== null);
    if (carrying.length === 0) return;
    await tx.run(
      `UPDATE deployment_items SET status = '${ItemStatus.FAILED}', reason = ?, command_uuid = NULL, changed_at = ?
        WHERE command_uuid IN (${carrying.map(() => '?').join(', ')})`,
      [reason, this.now(), ...carrying.map((command) => command.uuid)],
    );
    await this.deployments.markDevices(tx, [...new Set(carrying.map((command) => command.deviceUuid))]);
  }

  #checkTimes(request: CommandRequest): void {
    const { expiresAt, notBefore, priority = 0 } = request;
    if (expiresAt !== undefined && expiresAt.getTime() <= this.now())
      throw invalid('expiresAt', 'expiresAt must lie in the future.');
    if (expiresAt !== undefined && notBefore !== undefined && notBefore >= expiresAt) {
      throw invalid('notBefore', 'notBefore must be earlier than expiresAt.');
    }
    if (!Number.isInteger(priority) || Math.abs(priority) > PRIORITY_LIMIT) {
      throw invalid(
        'priority',
        `priority is a whole number from -${PRIORITY_LIMIT} to ${PRIORITY_LIMIT}; 0 is usual.`,
      );
    }
  }

  /** The device will check in with a new certificate: that is no takeover (see enrolment/identity-rules). */
  async #expectRenewal(tx: Transaction, deviceUuids: readonly string[]): Promise<void> {
    for (const chunk of chunks(deviceUuids, 500)) {
      await tx.run(
        `UPDATE devices SET renewal_until = ? WHERE uuid IN (${chunk.map(() => '?').join(', ')})`,
        [this.now() + RENEWAL_MS, ...chunk],
      );
    }
  }
}

function readRequest(request: CommandRequest): PlistDict {
  const { requestType, plist, parameters } = request;
  if ((requestType === undefined) === (plist === undefined))
    throw invalid('requestType', 'Give either requestType (with parameters) or plist.');
  try {
    return plist === undefined
      ? buildCommand(requestType ?? '', parameters ?? {})
      : readRawCommand(plist).body;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const at = plist === undefined ? ['parameters'] : ['plist'];
    throw new PomonaError('INVALID', error.message, {
      path: error.code === 'unknown-request-type' ? ['requestType'] : at,
      cause: error,
    });
  }
}

/** Whether this InstallProfile carries an MDM payload: the enrolment profile, sent again to renew the identity. */
function renewsIdentity(body: PlistDict): boolean {
  const payload = body['Payload'];
  if (body['RequestType'] !== 'InstallProfile' || !Buffer.isBuffer(payload)) return false;
  try {
    return readConfigurationProfile(payload).payloadTypes.includes('com.apple.mdm');
  } catch (error) {
    if (error instanceof MobileconfigError) return false;
    throw error;
  }
}

function problemsOf(
  uuids: readonly string[],
  targets: readonly { deviceUuid: string; enrollmentStatus: EnrollmentStatus }[],
): Map<string, PomonaError> {
  const known = new Map(targets.map((target) => [target.deviceUuid, target.enrollmentStatus]));
  const problems = new Map<string, PomonaError>();
  for (const uuid of uuids) {
    const status = known.get(uuid);
    if (status === undefined) problems.set(uuid, new PomonaError('NOT_FOUND', `There is no device ${uuid}.`));
    else if (status !== EnrollmentStatus.ENROLLED)
      problems.set(uuid, new PomonaError('NOT_ENROLLED', `The device ${uuid} is not enrolled.`));
  }
  return problems;
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
