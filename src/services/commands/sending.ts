import { buildCommand, CommandError, readRawCommand } from '../../apple/commands/index.js';
import { MobileconfigError, readConfigurationProfile } from '../../apple/mobileconfig/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import type { Clock } from '../../clock.js';
import { chunks, Gather, type Database, type Transaction } from '../../database/index.js';
import type { Command } from '../../entities/command.js';
import { CommandSource, CommandStatus, EnrollmentStatus, ItemStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import { loadTargets, type TargetDevice } from '../deployments/records.js';
import type { Deployments } from '../deployments/deployments.js';
import { prepareBody, type PreparedBody } from './bodies.js';
import type { CommandHistory } from './history.js';
import { PRIORITY_LIMIT, withdraw, type CommandQueue, type NewCommand } from './queue.js';

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
  /** The CommandUUID of the command that was queued. */
  readonly commandUuid?: string | undefined;
  readonly problem?: PomonaError | undefined;
}

/** A command, read and rendered, and for whom. */
interface Order {
  readonly deviceUuids: readonly string[];
  readonly request: CommandRequest;
  readonly body: PreparedBody;
  /** It will make the devices check in with a new certificate. */
  readonly renewal: boolean;
}

/** An order for more devices than this has a transaction of its own, so that small ones need not wait for it. */
const MOST_SHARING = 20;

/** A renewal is expected within this time after an enrolment profile was sent again. */
const RENEWAL_MS = 7 * 24 * 60 * 60_000;

/** Commands that operators send and withdraw. */
export class CommandSending {
  readonly #gather: Gather<Order, SendResult[]>;

  constructor(
    private readonly database: Database,
    private readonly queue: CommandQueue,
    private readonly history: CommandHistory,
    private readonly deployments: Deployments,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {
    this.#gather = new Gather(database, { most: 32, waitMs: 0, crowdedMs: 2 }, (orders, tx) =>
      this.#queue(tx, orders),
    );
  }

  /**
   * Queues one command for many devices. Unknown and unenrolled devices are reported and do not stop the others.
   * Throws INVALID, saying which parameter was wrong and what would be right.
   */
  async send(deviceUuids: readonly string[], request: CommandRequest): Promise<SendResult[]> {
    const body = readRequest(request);
    this.#checkTimes(request);
    const order = {
      deviceUuids: [...new Set(deviceUuids)],
      request,
      body: prepareBody(body),
      renewal: renewsIdentity(body),
    };
    if (order.deviceUuids.length <= MOST_SHARING) return this.#gather.submit(order);
    const [results = []] = await this.database.transaction((tx) => this.#queue(tx, [order]));
    return results;
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

  /** Queues the commands of all orders together. @returns the results of each order */
  async #queue(tx: Transaction, orders: readonly Order[]): Promise<SendResult[][]> {
    const targets = await loadTargets(tx, [...new Set(orders.flatMap((order) => order.deviceUuids))]);
    const known = new Map(targets.map((target) => [target.deviceUuid, target]));
    const planned = orders.flatMap((order) => commandsOf(order, known));
    await this.#expectRenewal(
      tx,
      planned.filter(({ order }) => order.renewal).map(({ command }) => command.deviceUuid),
    );
    const queued = await this.queue.enqueue(
      tx,
      planned.map(({ command }) => command),
    );
    const sent = new Map(orders.map((order) => [order, new Map<string, string | undefined>()]));
    planned.forEach(({ order, command }, index) =>
      sent.get(order)?.set(command.deviceUuid, queued[index]?.uuid),
    );
    return orders.map((order) =>
      order.deviceUuids.map((deviceUuid) => ({
        deviceUuid,
        commandUuid: sent.get(order)?.get(deviceUuid),
        problem: problemOf(deviceUuid, known.get(deviceUuid)),
      })),
    );
  }

  async #failItems(
    tx: Transaction,
    withdrawn: readonly { uuid: string; deviceUuid: string; itemUuid: string | null }[],
    reason: string,
  ): Promise<void> {
    const carrying = withdrawn.filter((command) => command.itemUuid !== null);
    if (carrying.length === 0) return;
    // `known_revision` first: MySQL evaluates from left to right. What was handed out may have been carried out.
    await tx.run(
      `UPDATE deployment_items SET known_revision = CASE status WHEN '${ItemStatus.SENT}' THEN COALESCE(known_revision, 'unknown')
           ELSE known_revision END, status = '${ItemStatus.FAILED}', reason = ?, command_uuid = NULL, changed_at = ?
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

function commandsOf(
  order: Order,
  known: ReadonlyMap<string, TargetDevice>,
): { order: Order; command: NewCommand }[] {
  const { deviceUuids, request, body } = order;
  return deviceUuids.flatMap((deviceUuid) => {
    const target = known.get(deviceUuid);
    if (target === undefined || target.enrollmentStatus !== EnrollmentStatus.ENROLLED) return [];
    if (target.channelUuid === null) return [];
    const { priority = 0, notBefore = null, expiresAt = null } = request;
    const { channelUuid } = target;
    const command = {
      deviceUuid,
      channelUuid,
      body,
      source: CommandSource.API,
      priority,
      notBefore,
      expiresAt,
    };
    return [{ order, command }];
  });
}

function problemOf(deviceUuid: string, target: TargetDevice | undefined): PomonaError | undefined {
  if (target === undefined) return new PomonaError('NOT_FOUND', `There is no device ${deviceUuid}.`);
  if (target.enrollmentStatus === EnrollmentStatus.ENROLLED) return undefined;
  return new PomonaError('NOT_ENROLLED', `The device ${deviceUuid} is not enrolled.`);
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
