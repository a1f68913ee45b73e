import { randomBytes, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ApnsClient, ApnsNotification, ApnsOutcome } from '../../src/apple/apns/index.js';
import type { Database } from '../../src/database/index.js';
import { Channel } from '../../src/entities/channel.js';
import { Command } from '../../src/entities/command.js';
import { Device } from '../../src/entities/device.js';
import {
  ChannelKind,
  CommandSource,
  CommandStatus,
  EnrollmentKind,
  EnrollmentStatus,
} from '../../src/entities/enums.js';
import { Push } from '../../src/entities/push.js';
import { EventFeed, Outbox, type EventType, type PomonaEvent } from '../../src/events/index.js';
import { createLog } from '../../src/log.js';
import {
  Pushes,
  PushSender,
  Repush,
  type ApnsSender,
  type PushSenderOptions,
} from '../../src/services/push/index.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { clientOf, startFake, TOPIC } from '../apns/setup.js';
import { freshStore, type Store } from '../support/databases.js';

export interface Enrolled {
  readonly deviceUuid: string;
  readonly channelUuid: string;
  readonly token: string;
}

const SECOND = 1000;

/** Push services on one database, against a fake APNs over TLS, with a clock that tests move. */
export class PushKit {
  readonly outbox = new Outbox(() => this.#happened());
  readonly pushes: Pushes;
  readonly repush: Repush;
  readonly now = (): number => Date.now() + this.#ahead;
  fake: FakeApns;
  #ahead = 0;
  readonly #senders: PushSender[] = [];
  readonly #clients: ApnsClient[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(
    readonly store: Store,
    readonly database: Database,
  ) {
    this.pushes = new Pushes(database, this.now, () => this.wake());
    this.repush = new Repush(database, this.pushes, this.now);
  }

  static async create(name: 'sqlite' | 'mysql'): Promise<PushKit> {
    const store = await freshStore(name);
    return new PushKit(store, await store.open());
  }

  async remove(): Promise<void> {
    await this.database.close();
    await this.store.remove();
  }

  /** Before each test: nothing in the tables, an honest APNs. */
  async begin(): Promise<void> {
    this.#ahead = 0;
    for (const table of ['pushes', 'commands', 'channels', 'devices', 'events']) {
      await this.database.run(`DELETE FROM ${table}`);
    }
    this.fake = await startFake();
    this.fake.on('push', () => this.#happened());
  }

  /** After each test. */
  async end(): Promise<void> {
    await Promise.all(this.#senders.splice(0).map((sender) => sender.stop()));
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
    await this.fake.close();
  }

  client(): ApnsClient {
    const client = clientOf(this.fake.url);
    this.#clients.push(client);
    return client;
  }

  /** An APNs client whose outcomes are held back, as by a process that stalls or dies between sending and settling. */
  stalling(): { client: ApnsSender; answered: Promise<void>; release: () => void } {
    const client = this.client();
    const [answered, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const send = async (notification: ApnsNotification): Promise<ApnsOutcome> => {
      const outcome = await client.send(notification);
      answered.resolve();
      await released.promise;
      return outcome;
    };
    return { client: { topic: client.topic, send }, answered: answered.promise, release: released.resolve };
  }

  /** A running sender with an APNs client of its own, unless told otherwise. */
  sender(o: Partial<PushSenderOptions> = {}): PushSender {
    const client = this.client();
    const sender = new PushSender({
      database: this.database,
      outbox: this.outbox,
      client: () => client,
      now: this.now,
      log: createLog('silent'),
      settled: (uuid) => this.pushes.settled(uuid),
      ...o,
    });
    this.#senders.push(sender);
    sender.start();
    return sender;
  }

  wake(): void {
    for (const sender of this.#senders) sender.wake();
  }

  /** Moves the clock of the services, and lets the senders see. */
  advance(seconds: number): void {
    this.#ahead += seconds * SECOND;
    this.wake();
  }

  /** Resolves when the condition holds; looks again at every commit that tells of something, and at every push received. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (;;) {
      const next = Promise.withResolvers<void>();
      this.#watchers.add(next.resolve);
      if (await condition()) return;
      await next.promise;
      this.#watchers.delete(next.resolve);
    }
  }

  /** Enrolled devices, each with its device channel. */
  async enrol(
    count: number,
    channel: Partial<Channel> = {},
    device: Partial<Device> = {},
  ): Promise<Enrolled[]> {
    const pairs = Array.from({ length: count }, () => enrolment(this.now(), channel, device));
    await this.database.transaction(async (tx) => {
      for (let at = 0; at < pairs.length; at += 500) {
        const some = pairs.slice(at, at + 500);
        await tx.manager.insert(
          Device,
          some.map((pair) => pair.device),
        );
        await tx.manager.insert(
          Channel,
          some.map((pair) => pair.channel),
        );
      }
    });
    return pairs.map((pair) => ({
      deviceUuid: pair.device.uuid,
      channelUuid: pair.channel.uuid,
      token: pair.channel.pushToken ?? '',
    }));
  }

  owe(channels: readonly Enrolled[]): Promise<void> {
    return this.database.transaction((tx) => this.pushes.owe(tx, channels));
  }

  /** Owes one device a push and waits until its row is as wanted. */
  async oweUntil(device: Enrolled, condition: (push: Push) => boolean): Promise<Push> {
    await this.owe([device]);
    return this.pushUntil(device, condition);
  }

  /** Waits until the newest push of the device is as wanted. */
  async pushUntil(device: Enrolled, condition: (push: Push) => boolean): Promise<Push> {
    const newest = async (): Promise<Push | undefined> => (await this.pushesOf(device)).at(-1);
    await this.until(async () => {
      const push = await newest();
      return push !== undefined && condition(push);
    });
    return (await newest())!;
  }

  /** A command that waits for the device. */
  async command(device: Enrolled, o: Partial<Command> = {}): Promise<Command> {
    const command = Object.assign(new Command(), {
      uuid: uuidv7(),
      deviceUuid: device.deviceUuid,
      channelUuid: device.channelUuid,
      queueChannelUuid: device.channelUuid,
      requestType: 'DeviceInformation',
      status: CommandStatus.QUEUED,
      rank: 0,
      source: CommandSource.API,
      bodyUuid: uuidv7(),
      queuedAt: new Date(this.now()),
      deliveryCount: 0,
      notNowCount: 0,
      ...o,
    });
    await this.database.transaction((tx) => tx.manager.insert(Command, command));
    return command;
  }

  async channel({ channelUuid }: Enrolled): Promise<Channel> {
    return this.database.manager.findOneByOrFail(Channel, { uuid: channelUuid });
  }

  async updateChannel({ channelUuid }: Enrolled, o: Partial<Channel>): Promise<void> {
    await this.database.transaction((tx) => tx.manager.update(Channel, { uuid: channelUuid }, o));
  }

  pushesOf({ deviceUuid }: Enrolled): Promise<Push[]> {
    return this.database.manager.find(Push, { where: { deviceUuid }, order: { seq: 'ASC' } });
  }

  events(type: EventType): Promise<PomonaEvent[]> {
    return new EventFeed(this.database).matching(0, 10_000, { types: [type] });
  }

  /** Until when, from now, in seconds. */
  secondsUntil(at: Date | null): number {
    return at === null ? Number.NaN : (at.getTime() - this.now()) / SECOND;
  }

  #happened(): void {
    for (const look of this.#watchers) look();
    this.#watchers.clear();
  }
}

/** An enrolled device and its channel, not yet kept. */
export function enrolment(now: number, channel: Partial<Channel> = {}, device: Partial<Device> = {}) {
  const uuid = uuidv7();
  const at = new Date(now);
  return {
    device: Object.assign(new Device(), {
      uuid,
      udid: randomUUID().toUpperCase(),
      enrollmentStatus: EnrollmentStatus.ENROLLED,
      enrollmentKind: EnrollmentKind.DEVICE,
      awaitingConfiguration: false,
      createdAt: at,
      updatedAt: at,
      ...device,
    }),
    channel: Object.assign(new Channel(), {
      uuid: uuidv7(),
      deviceUuid: uuid,
      kind: ChannelKind.DEVICE,
      enrollmentKey: randomUUID().toUpperCase(),
      enabled: true,
      pushTopic: TOPIC,
      pushToken: randomBytes(32).toString('hex'),
      pushMagic: randomUUID().toUpperCase(),
      tokenUpdatedAt: at,
      tokenRetired: false,
      tally: 1,
      repushCount: 0,
      createdAt: at,
      ...channel,
    }),
  };
}
