import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { chunks, insertIgnore, insertRows, type Database, type Transaction } from '../../database/index.js';
import { PushStatus } from '../../entities/enums.js';
import { Push } from '../../entities/push.js';
import { PomonaError } from '../../errors.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, findPages, type OrderColumn } from '../paging.js';
import { SettledWaiters } from './waiters.js';
import { whomToPush } from './whom-to-push.js';

/** A channel that has to be woken. */
export interface OwedChannel {
  readonly channelUuid: string;
  readonly deviceUuid: string;
}

/** What became of asking for one device to be pushed: `push`, or `problem`. */
export interface PushRequest {
  readonly deviceUuid: string;
  readonly push?: Push;
  readonly problem?: PomonaError;
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
   * token. Statements grow with the number of devices by 500.
   */
  async request(deviceUuids: readonly string[]): Promise<PushRequest[]> {
    const answers = new Map<string, PushRequest>();
    for (const chunk of chunks([...new Set(deviceUuids)], 500)) {
      for (const answer of await this.#requestChunk(chunk)) answers.set(answer.deviceUuid, answer);
    }
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

  async #requestChunk(deviceUuids: readonly string[]): Promise<PushRequest[]> {
    const found = await whomToPush(this.database, deviceUuids);
    const owed = await this.#oweAndRead(
      found.flatMap((one) => (one.channel === undefined ? [] : [one.channel])),
    );
    return found.map(({ deviceUuid, channel, problem }) => {
      if (channel === undefined) return { deviceUuid, problem };
      const push = owed.get(channel.channelUuid);
      return push === undefined ? { deviceUuid, problem: lost() } : { deviceUuid, push };
    });
  }

  /** The pushes that the channels are owed after this, by channel. */
  async #oweAndRead(channels: readonly OwedChannel[]): Promise<Map<string, Push>> {
    if (channels.length === 0) return new Map();
    const pushes = await this.database.transaction(async (tx) => {
      await this.owe(tx, channels);
      const owedChannelUuid = In(channels.map((channel) => channel.channelUuid));
      return tx.manager.findBy(Push, { owedChannelUuid });
    });
    return new Map(pushes.map((push) => [push.channelUuid, push]));
  }
}

function lost(): PomonaError {
  return new PomonaError('INTERNAL', 'A push that was just asked for is not there.');
}
