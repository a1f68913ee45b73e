import type { Clock } from '../../clock.js';
import { chunks, Gather, type Database, type Transaction } from '../../database/index.js';
import type { Command } from '../../entities/command.js';
import { CommandSource, CommandStatus, EnrollmentStatus, ItemStatus } from '../../entities/enums.js';
import type { Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import { notEnrolled } from '../devices/not-enrolled.js';
import { once, type KeyedCall } from '../idempotency.js';
import { loadTargets, type TargetDevice } from '../deployments/records.js';
import type { Deployments } from '../deployments/deployments.js';
import type { Principal } from '../access.js';
import { requireMaySend } from './destructive.js';
import type { CommandHistory } from './history.js';
import { withdraw, type CommandQueue, type NewCommand } from './queue.js';
import { checkTimes, readCommand, type CommandRequest, type ReadCommand } from './request.js';
import { UnlockTokens } from './unlock-token.js';
import { alreadyPending, dedupeKeyOf, waitingAlready, type WhenWaiting } from './waiting.js';

export type { CommandRequest };

/** What became of it for one device. */
export interface SendResult {
  readonly deviceUuid: string;
  /** The CommandUUID of the command that was queued; or of the one that waits already (see `WhenWaiting`). */
  readonly commandUuid?: string | undefined;
  readonly problem?: PomonaError | undefined;
}

/** How it is to be sent. */
export interface SendOptions {
  /** The call it comes from, when that is to be carried out once however often it is sent (see `once`). */
  readonly call?: KeyedCall | undefined;
  /** Left out: a command is queued however many of its type wait for the device. */
  readonly whenWaiting?: WhenWaiting | undefined;
}

/** A command, read and rendered, and for whom. */
interface Order extends ReadCommand {
  readonly deviceUuids: readonly string[];
  readonly request: CommandRequest;
  readonly whenWaiting: WhenWaiting | undefined;
}

/** One order's command for one device. */
interface Planned {
  readonly order: Order;
  readonly command: NewCommand;
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
    private readonly unlockTokens: UnlockTokens,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {
    this.#gather = new Gather(database, { most: 32, waitMs: 0, crowdedMs: 2 }, (orders, tx) =>
      this.#queue(tx, orders),
    );
  }

  /**
   * Queues one command for many devices. Unknown and unenrolled devices are reported and do not stop the others.
   * Throws INVALID, saying which parameter was wrong and what would be right, and FORBIDDEN for a destructive command
   * (see destructive.ts) when the token of `by` lacks the scope.
   */
  async send(
    deviceUuids: readonly string[],
    request: CommandRequest,
    by: Principal | undefined,
    { call, whenWaiting }: SendOptions = {},
  ): Promise<SendResult[]> {
    const order = orderOf(deviceUuids, request, by, whenWaiting);
    if (call === undefined && order.deviceUuids.length <= MOST_SHARING) {
      checkTimes(request, this.now());
      return this.#gather.submit(order);
    }
    const [results = []] = await this.#inOne([order], call);
    return results;
  }

  /** As `send`, several commands to each device, in this order: all are queued, or none is. Returns the results of each command. */
  sendAll(
    deviceUuids: readonly string[],
    requests: readonly CommandRequest[],
    by: Principal | undefined,
    { call, whenWaiting }: SendOptions = {},
  ): Promise<SendResult[][]> {
    const orders = requests.map((request) => orderOf(deviceUuids, request, by, whenWaiting));
    return this.#inOne(orders, call);
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

  /** A transaction of their own. What the clock refuses is asked inside: a call that was carried out is answered at any time. */
  #inOne(orders: readonly Order[], call: KeyedCall | undefined): Promise<SendResult[][]> {
    return this.database.transaction((tx) =>
      once(tx, call, this.now(), async () => {
        for (const { request } of orders) checkTimes(request, this.now());
        return this.#queue(tx, orders);
      }),
    );
  }

  /** Queues the commands of all orders together. @returns the results of each order */
  async #queue(tx: Transaction, orders: readonly Order[]): Promise<SendResult[][]> {
    const targets = await loadTargets(tx, [...new Set(orders.flatMap((order) => order.deviceUuids))]);
    const known = new Map(targets.map((target) => [target.deviceUuid, target]));
    const lacking = await this.#lackingTokens(tx, orders);
    const planned = orders.flatMap((order) => this.#commandsOf(order, known, lacking));
    await this.#expectRenewal(
      tx,
      planned.filter(({ order }) => order.renewal).map(({ command }) => command.deviceUuid),
    );
    const { queued, waiting } = await this.#enqueue(tx, planned);
    const commands = Map.groupBy(planned, ({ order }) => order);
    return orders.map((order) => {
      const ofDevice = new Map(commands.get(order)?.map(({ command }) => [command.deviceUuid, command]));
      return order.deviceUuids.map((deviceUuid) => {
        const command = ofDevice.get(deviceUuid);
        if (command === undefined) {
          return {
            deviceUuid,
            problem: problemOf(deviceUuid, known.get(deviceUuid)) ?? lacking.get(deviceUuid),
          };
        }
        return sentOf(order, command, queued.get(command), waiting.get(command));
      });
    });
  }

  #commandsOf(
    order: Order,
    known: ReadonlyMap<string, TargetDevice>,
    lacking: ReadonlyMap<string, PomonaError>,
  ): Planned[] {
    const { deviceUuids, request, body, whenWaiting } = order;
    const identity = { requestType: body.requestType, bodyKey: this.queue.bodyKey(body) };
    const needsToken = UnlockTokens.leftOut(body);
    return deviceUuids.flatMap((deviceUuid) => {
      const target = known.get(deviceUuid);
      if (target === undefined || target.enrollmentStatus !== EnrollmentStatus.ENROLLED) return [];
      if (target.channelUuid === null || (needsToken && lacking.has(deviceUuid))) return [];
      const { priority = 0, notBefore = null, expiresAt = null } = request;
      const command = {
        deviceUuid,
        channelUuid: target.channelUuid,
        body,
        source: CommandSource.API,
        priority,
        notBefore,
        expiresAt,
        dedupeKey: whenWaiting === undefined ? null : dedupeKeyOf(whenWaiting, identity),
      };
      return [{ order, command }];
    });
  }

  /** Queues what may be queued. @returns the CommandUUIDs of what was queued, and of what waits in place of the rest */
  async #enqueue(
    tx: Transaction,
    planned: readonly Planned[],
  ): Promise<Record<'queued' | 'waiting', Map<NewCommand, string>>> {
    const commands = planned.map(({ command }) => command);
    const waiting = await waitingAlready(tx, commands);
    const toQueue = commands.filter((command) => !waiting.has(command));
    const queued = new Map(
      (await this.queue.enqueue(tx, toQueue)).map(({ command, uuid }) => [command, uuid]),
    );
    // Another process was faster: its command is there now, because the queue waited for it.
    const late = toQueue.filter((command) => !queued.has(command));
    for (const [command, uuid] of await waitingAlready(tx, late)) waiting.set(command, uuid);
    return { queued, waiting };
  }

  /** Devices that are to be sent a token that they never gave. */
  async #lackingTokens(tx: Transaction, orders: readonly Order[]): Promise<Map<string, PomonaError>> {
    const asking = orders.filter(({ body }) => UnlockTokens.leftOut(body));
    return this.unlockTokens.problems(tx, [...new Set(asking.flatMap((order) => order.deviceUuids))]);
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

function orderOf(
  deviceUuids: readonly string[],
  request: CommandRequest,
  by: Principal | undefined,
  whenWaiting: WhenWaiting | undefined,
): Order {
  const command = readCommand(request);
  requireMaySend(by, command.dictionary);
  return { ...command, deviceUuids: [...new Set(deviceUuids)], request, whenWaiting };
}

function sentOf(
  { whenWaiting }: Order,
  { deviceUuid, body }: NewCommand,
  queued: string | undefined,
  waiting: string | undefined,
): SendResult {
  if (waiting === undefined || whenWaiting === 'join') return { deviceUuid, commandUuid: queued ?? waiting };
  return { deviceUuid, commandUuid: waiting, problem: alreadyPending(deviceUuid, body.requestType, waiting) };
}

function problemOf(deviceUuid: string, target: TargetDevice | undefined): PomonaError | undefined {
  if (target === undefined) return new PomonaError('NOT_FOUND', `There is no device ${deviceUuid}.`);
  if (target.enrollmentStatus === EnrollmentStatus.ENROLLED) return undefined;
  return notEnrolled(deviceUuid, target.enrollmentStatus);
}
