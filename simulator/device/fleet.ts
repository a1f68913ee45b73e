import { createHash } from 'node:crypto';
import { issueDeviceIdentity, type Issued } from '../pki.js';
import type { Channel } from './channel.js';
import { isAccepted, type ConnectionLog } from './connection.js';
import { SimulatedDevice } from './device.js';
import type { DeviceOptions, DevicePlatform } from './options.js';
import { Connections } from './transport.js';
import type { Answer } from './wire.js';

export interface FleetOptions extends Omit<
  DeviceOptions,
  'identity' | 'udid' | 'serialNumber' | 'enrollmentId' | 'connections'
> {
  /** Signs the devices' identities. */
  authority: Issued;
  /** Fleets of the same seed have the same UDIDs and serial numbers. Default `fleet`. */
  seed?: string;
  /** `ec` (default) is quick to make and to sign with; `rsa` is what real devices mostly have. */
  keyType?: 'rsa' | 'ec';
  /** Sockets that the whole fleet shares. Default 64. */
  maxSockets?: number;
}

/** A push as the fake APNs tells of it; `token` is lower-case hexadecimal. */
export interface Push {
  readonly token: string;
  readonly pushMagic: string;
}

/** What wakes devices: the fake APNs. */
export interface PushSource {
  on(event: 'push', listener: (push: Push) => void): unknown;
  off(event: 'push', listener: (push: Push) => void): unknown;
}

export interface FleetFailure {
  readonly channel: Channel;
  readonly error: unknown;
}

/** Many devices on few sockets. */
export class Fleet {
  /** Connections after a push that failed, because the server went away or said what no device understands. */
  readonly failures: FleetFailure[] = [];
  /** Pushes that reached a device of the fleet with a magic that is not its own. */
  ignoredPushes = 0;
  readonly #byToken = new Map<string, Channel>();
  readonly #running = new Set<Promise<void>>();

  /** `connections` are the sockets that the devices share, if they do; `close` closes them. */
  constructor(
    readonly devices: readonly SimulatedDevice[],
    readonly connections?: Connections,
  ) {}

  static create(count: number, options: FleetOptions): Fleet {
    const { authority, seed = 'fleet', keyType = 'ec', maxSockets = 64, ...common } = options;
    const connections = new Connections({ maxSockets });
    const devices = Array.from({ length: count }, (_, index) => {
      const made = namesOf(`${seed}:${index}`, common.platform ?? 'iOS');
      const identity = issueDeviceIdentity(authority, made.udid, { keyType });
      return new SimulatedDevice({ ...common, ...made, identity, connections });
    });
    return new Fleet(devices, connections);
  }

  /** @throws {Error} when the server refuses a device. */
  async enrollAll(concurrency = 16): Promise<void> {
    await this.each(concurrency, async (device) => {
      accepted(device, await device.enroll());
    });
  }

  /** One connection of every device. */
  async connectAll(concurrency = 16): Promise<ConnectionLog[]> {
    const logs: ConnectionLog[] = [];
    await this.each(concurrency, async (device, index) => {
      logs[index] = await device.connect();
    });
    return logs;
  }

  /** Runs `work` for every device, for at most `concurrency` at once. Rejects with the first failure. */
  async each(
    concurrency: number,
    work: (device: SimulatedDevice, index: number) => Promise<void>,
  ): Promise<void> {
    const queue = this.devices.entries();
    const workers = Array.from({ length: concurrency }, async () => {
      for (const [index, device] of queue) await work(device, index);
    });
    await Promise.all(workers);
  }

  /** Devices connect when they are pushed to. Returns what ends that. */
  wakeOn(source: PushSource): () => void {
    const listener = ({ token, pushMagic }: Push): void => {
      const channel = this.#find(token);
      if (channel !== undefined) this.#wake(channel, pushMagic);
    };
    source.on('push', listener);
    return () => void source.off('push', listener);
  }

  /** Resolves when no connection that a push began is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  close(): void {
    this.connections?.close();
    for (const device of this.devices) device.close();
  }

  /** Tokens change, so what the index says is checked, and a miss makes it anew. */
  #find(token: string): Channel | undefined {
    if (tokenOf(this.#byToken.get(token)) !== token) this.#index();
    return this.#byToken.get(token);
  }

  #index(): void {
    this.#byToken.clear();
    for (const channel of this.devices.flatMap((device) => device.channels())) {
      const token = tokenOf(channel);
      if (token !== undefined) this.#byToken.set(token, channel);
    }
  }

  #wake(channel: Channel, pushMagic: string): void {
    const connection: Promise<void> = channel
      .onPush(pushMagic)
      .then(
        ({ end }) => void (this.ignoredPushes += end === 'ignored' ? 1 : 0),
        (error: unknown) => void this.failures.push({ channel, error }),
      )
      .finally(() => this.#running.delete(connection));
    this.#running.add(connection);
  }
}

const tokenOf = (channel: Channel | undefined): string | undefined =>
  channel?.state.pushToken?.toString('hex');

function accepted(device: SimulatedDevice, answer: Answer): void {
  if (isAccepted(answer)) return;
  throw new Error(`${device.facts.udid} was not enrolled: ${answer.status} ${answer.body.toString()}`);
}

function namesOf(
  seed: string,
  platform: DevicePlatform,
): { udid: string; serialNumber: string; enrollmentId: string } {
  const digits = createHash('sha256').update(seed).digest('hex').toUpperCase();
  const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const udid = platform === 'macOS' ? uuid : `00008120-${digits.slice(0, 16)}`;
  return { udid, serialNumber: digits.slice(-10), enrollmentId: uuid };
}
