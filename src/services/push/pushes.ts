import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, type Database, type Transaction } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';
import { Push } from '../../entities/push.js';
import { PomonaError } from '../../errors.js';
import { once, type KeyedCall } from '../idempotency.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, findPages, type OrderColumn } from '../paging.js';
import { SettledWaiters } from './waiters.js';
import { whomToPush, type Pushable } from './whom-to-push.js';

/** A channel that has to be woken. */
export interface OwedChannel {
  readonly channelUuid: string;
  readonly deviceUuid: string;
}

/** What became of asking for one device to be pushed: `push` (absent when it was pruned meanwhile), or `problem`. */
export interface PushRequest {
  readonly deviceUuid: string;
  readonly push?: Push | undefined;
  readonly problem?: PomonaError | undefined;
}

const NEWEST_FIRST: readonly OrderColumn[] = [{ expression: 'row.seq', descending: true }];

const COLUMNS = [
  'uuid',
  'device_uuid',
  'channel_uuid',
  'owed_channel_uuid',
  'apns_id',
  'status',
  'attempts',
  'queued_at',
  'due_at',
] as const;

/** The pushes that are owed, and the history of those that were sent. */
export class Pushes {
  readonly #waiters = new SettledWaiters((uuid) => this.get(uuid));

  /** @param wakeSender called after each commit that owed a push */
  constructor(
    private readonly database: Database,
    private readonly now: Clock,
    private readonly wakeSender: () => void,
  ) {}

  /**
   * Owes each channel a push, in the caller's transaction. A channel that is owed one already is not owed a second: that push
   * is sent after this transaction commits, because claiming it waits for it. One statement for each 500 channels.
   */
  async owe(tx: Transaction, channels: readonly OwedChannel[]): Promise<void> {
    if (channels.length === 0) return;
    const distinct = [...new Map(channels.map((channel) => [channel.channelUuid, channel])).values()];
    // In one order for everyone, so that two transactions that owe the same channels do not block each other.
    distinct.sort((a, b) => (a.channelUuid < b.channelUuid ? -1 : 1));
    const now = this.now();
    const rows = distinct.map(({ channelUuid, deviceUuid }) => {
      const uuid = uuidv7();
      return [uuid, deviceUuid, channelUuid, channelUuid, uuid, PushStatus.QUEUED, 0, now, now];
    });
    await insertRows(tx, `${insertIgnore(tx.dialect)} pushes`, COLUMNS, rows);
    tx.afterCommit(this.wakeSender);
  }

  /**
   * Asks for a push to the device channel of each device, and answers for each, in order, with the push that will wake it:
   * a new one, or the one that is owed already. Problems: NOT_FOUND, and NOT_ENROLLED also for want of a usable push
   * token. Statements grow with the number of devices by 500. A call with a key owes them all or none, and is answered the
   * same when it comes again (see `once`), without the pushes that were pruned meanwhile.
   */
  async request(deviceUuids: readonly string[], call?: KeyedCall): Promise<PushRequest[]> {
    const distinct = [...new Set(deviceUuids)];
    const found =
      call === undefined ? await this.#request(distinct) : await this.#requestOnce(distinct, call);
    const answers = new Map(found.map((answer) => [answer.deviceUuid, answer]));
    return deviceUuids.map((deviceUuid) => answers.get(deviceUuid) ?? { deviceUuid, problem: lost() });
  }

  /**
   * Asks for a push and waits for its outcome, whatever it is. Throws NOT_FOUND and NOT_ENROLLED as `request`, and TIMEOUT
   * when there is no outcome in time; the push goes on.
   */
  async pushAndWait(deviceUuid: string, timeoutMs: number): Promise<Push> {
    const [answer] = await this.request([deviceUuid]);
    if (answer?.push === undefined) throw answer?.problem ?? lost();
    return this.#waiters.wait(answer.push.uuid, timeoutMs);
  }

  /** The sender has settled this push: whoever waits for it in this process is told at once. */
  settled(pushUuid: string): void {
    this.#waiters.tell(pushUuid);
  }

  async get(uuid: string): Promise<Push | undefined> {
    return (await this.database.manager.findOneBy(Push, { uuid })) ?? undefined;
  }

  /** These pushes, in no order; unknown ones are left out. */
  getMany(uuids: readonly string[]): Promise<Push[]> {
    return this.database.manager.findBy(Push, { uuid: In([...uuids]) });
  }

  /** A page of each device's pushes, newest first: one statement for all devices. Keyset: `[seq]`. */
  ofDevices(deviceUuids: readonly string[], page: PageRequest): Promise<Map<string, Page<Push>>> {
    const list = { entity: Push, owner: 'deviceUuid', key: 'seq', ordering: NEWEST_FIRST } as const;
    return findPages(this.database.manager, list, deviceUuids, page);
  }

  /** Pushes, newest first; of one device when it is given. Keyset: `[seq]`. */
  list(filter: { readonly deviceUuid?: string | undefined }, page: PageRequest): Promise<Page<Push>> {
    const { deviceUuid } = filter;
    return findPage(this.database.manager, Push, page, NEWEST_FIRST, (query) => {
      if (deviceUuid !== undefined) query.andWhere('row.deviceUuid = :deviceUuid', { deviceUuid });
    });
  }

  async #request(deviceUuids: readonly string[]): Promise<PushRequest[]> {
    const answers: PushRequest[] = [];
    for (const chunk of chunks(deviceUuids, 500)) {
      const found = await whomToPush(this.database, chunk);
      const nobody = found.every(({ channel }) => channel === undefined);
      const owed = nobody ? new Map() : await this.database.transaction((tx) => this.#oweAndRead(tx, found));
      answers.push(...found.map((one) => answerOf(one, owed)));
    }
    return answers;
  }

  /** As `#request`, all in one transaction. What is kept of the answer is which pushes; they are read anew each time. */
  async #requestOnce(deviceUuids: readonly string[], call: KeyedCall): Promise<PushRequest[]> {
    const answers = await this.database.transaction((tx) =>
      once(tx, call, this.now(), async () => {
        const owing: KeptRequest[] = [];
        for (const chunk of chunks(deviceUuids, 500)) {
          const found = await whomToPush(tx, chunk);
          const owed = await this.#oweAndRead(tx, found);
          for (const { push, ...answer } of found.map((one) => answerOf(one, owed)))
            owing.push({ ...answer, pushUuid: push?.uuid });
        }
        return owing;
      }),
    );
    const pushes = new Map<string, Push>();
    for (const chunk of chunks(answers, 500)) {
      const read = await this.getMany(chunk.flatMap(({ pushUuid }) => pushUuid ?? []));
      for (const push of read) pushes.set(push.uuid, push);
    }
    return answers.map(({ pushUuid, ...answer }) => ({ ...answer, push: pushes.get(pushUuid ?? '') }));
  }

  /** The pushes that the channels are owed after this, by channel. */
  async #oweAndRead(tx: Transaction, found: readonly Pushable[]): Promise<Map<string, Push>> {
    const channels = found.flatMap(({ channel }) => channel ?? []);
    if (channels.length === 0) return new Map();
    await this.owe(tx, channels);
    const owedChannelUuid = In(channels.map((channel) => channel.channelUuid));
    const pushes = await tx.manager.findBy(Push, { owedChannelUuid });
    return new Map(pushes.map((push) => [push.channelUuid, push]));
  }
}

/** What is kept of the answer to a call with a key. */
type KeptRequest = Pick<PushRequest, 'deviceUuid' | 'problem'> & { readonly pushUuid: string | undefined };

function answerOf({ deviceUuid, channel, problem }: Pushable, owed: ReadonlyMap<string, Push>): PushRequest {
  if (channel === undefined) return { deviceUuid, problem };
  const push = owed.get(channel.channelUuid);
  return push === undefined ? { deviceUuid, problem: lost() } : { deviceUuid, push };
}

function lost(): PomonaError {
  return new PomonaError('INTERNAL', 'A push that was just asked for is not there.');
}
