import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import type { Command } from '../../src/entities/command.js';
import type { CommandStatus } from '../../src/entities/enums.js';
import type { EventType, PomonaEvent } from '../../src/events/index.js';
import { createLog } from '../../src/log.js';
import type { CommandRequest } from '../../src/services/commands/sending.js';
import type { Services } from '../../src/services/services.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { SimulatedDevice, type ConnectionLog, type DeviceOptions } from '../../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity, type Issued, type IssueOptions } from '../../simulator/pki.js';
import { authority as apnsAuthority, pushIssued, startFake, TOPIC } from '../apns/setup.js';
import { freshStore, type Store } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';

/** The authority of the tests' devices, and one that the server does not know. */
export const deviceCa = createAuthority('Device CA', { keyType: 'ec' });
export const foreignCa = createAuthority('Device CA', { keyType: 'ec' });

/** An identity of the devices' authority; EC, because making RSA keys takes longer than the tests. */
export const issueIdentity = (o: Partial<IssueOptions> = {}, ca = deviceCa): Issued =>
  issueDeviceIdentity(ca, 'device', { keyType: 'ec', ...o });

export interface Enrolled {
  readonly device: SimulatedDevice;
  readonly uuid: string;
}

/** The real server on a database of its own, with a clock that tests move, a fake APNs, and simulated devices. */
export class Mdm {
  app: App;
  apns: FakeApns;
  store: Store;
  readonly now = (): number => Date.now() + this.#ahead;
  #ahead = 0;
  readonly #devices: SimulatedDevice[] = [];

  /** @param options POMONA_ options without the prefix */
  constructor(
    private readonly name: 'sqlite' | 'mysql',
    private readonly options: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    this.store = await freshStore(this.name);
    this.apns = await startFake();
    this.app = await this.open();
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.app.stop();
    await this.apns.close();
    await this.store.remove();
  }

  /** A process on this database; `start` opens the first. `more` are further POMONA_ options. */
  open(more: Readonly<Record<string, string>> = {}): Promise<App> {
    const { dataDir, url } = this.store;
    const file = (name: string, content: string): string => {
      writeFileSync(join(dataDir, name), content);
      return join(dataDir, name);
    };
    const options: Record<string, string> = {
      PORT: '0',
      DATA_DIR: dataDir,
      DEVICE_CA_FILE: file('devices.pem', deviceCa.certPem),
      APNS_URL: this.apns.url,
      APNS_CERT_FILE: file('push.pem', pushIssued.certPem),
      APNS_KEY_FILE: file('push.key', pushIssued.keyPem),
      APNS_CA_FILE: file('apns.pem', apnsAuthority.certPem),
      ...(url === undefined ? {} : { DATABASE_URL: url }),
      ...this.options,
      ...more,
    };
    const environment = Object.entries(options).map(([name, value]) => [`POMONA_${name}`, value]);
    return startApp(loadConfig(Object.fromEntries(environment), []), createLog('silent'), this.now);
  }

  /** Stops the process and starts another, which does at once what is due. */
  async restart(): Promise<void> {
    await this.app.stop();
    this.app = await this.open();
  }

  /** Moves the server's clock. */
  advance(seconds: number): void {
    this.#ahead += seconds * 1_000;
  }

  get services(): Services {
    return this.app.services;
  }

  device(o: Partial<DeviceOptions> = {}): SimulatedDevice {
    const identity = o.identity ?? issueIdentity();
    const device = new SimulatedDevice({ serverUrl: this.app.url, topic: TOPIC, ...o, identity });
    this.#devices.push(device);
    return device;
  }

  async enrolled(o: Partial<DeviceOptions> = {}): Promise<Enrolled> {
    const device = this.device(o);
    const answer = await device.enroll();
    if (answer.status !== 200) throw new Error(`Not enrolled: ${answer.status} ${answer.body.toString()}`);
    return { device, uuid: await this.uuidOf(device) };
  }

  async uuidOf({ facts }: SimulatedDevice): Promise<string> {
    const [column, key] =
      facts.enrollmentId === undefined ? ['udid', facts.udid] : ['enrollment_id', facts.enrollmentId];
    const [row] = await this.query<{ uuid: string }>(`SELECT uuid FROM devices WHERE ${column} = ?`, [key]);
    return row?.uuid ?? '';
  }

  query<Row>(sql: string, parameters: (string | number)[] = []): Promise<Row[]> {
    return this.app.database.query<Row>(sql, parameters);
  }

  /** Queues a command by its RequestType; `InstallProfile` and the like bring `parameters`. */
  async send(
    uuid: string,
    requestType: string,
    o: Omit<CommandRequest, 'requestType'> = {},
  ): Promise<Command> {
    const [result] = await this.services.commands.send([uuid], { requestType, ...o }, ADMIN);
    if (result?.commandUuid === undefined) throw result?.problem ?? new Error('Nothing was queued');
    return this.command({ uuid: result.commandUuid });
  }

  /** What waits for a device, in the order of delivery. */
  async queueOf(uuid: string): Promise<readonly Command[]> {
    const queues = await this.services.history.queuesOf([uuid], { limit: 100, backward: false });
    return queues.get(uuid)?.rows ?? [];
  }

  async command({ uuid }: Pick<Command, 'uuid'>): Promise<Command> {
    const [command] = await this.services.history.byUuids([uuid]);
    if (command === undefined) throw new Error(`There is no command ${uuid}`);
    return command;
  }

  async status(command: Pick<Command, 'uuid'>): Promise<CommandStatus> {
    return (await this.command(command)).status;
  }

  /** What was told of a device (or, without one, of nobody in particular), oldest first, by type. */
  async events(type: EventType, subject?: string): Promise<PomonaEvent['data'][]> {
    const where = subject === undefined ? '' : ' AND subject_uuid = ?';
    const rows = await this.query<{ data: string }>(
      `SELECT data FROM events WHERE type = ?${where} ORDER BY seq`,
      subject === undefined ? [type] : [type, subject],
    );
    return rows.map(({ data }) => JSON.parse(data) as PomonaEvent['data']);
  }

  /** Resolves once the push that a device is owed has been sent, and the next one is planned. */
  untilPushed(deviceUuid: string): Promise<void> {
    return this.until(async () => {
      const where = 'device_uuid = ? AND repush_at IS NOT NULL';
      return (await this.query(`SELECT 1 FROM channels WHERE ${where}`, [deviceUuid])).length > 0;
    });
  }

  /** Resolves once the condition holds: for what the server does after it has answered. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    await vi.waitUntil(condition, { timeout: 10_000, interval: 5 });
  }

  /** Devices that an answer made give up their enrolment. There must never be any. */
  dismissed(): SimulatedDevice[] {
    return this.#devices.filter(({ state }) => state.dismissedBy !== undefined);
  }
}

/** One server for all tests of a `describe`. */
export function useMdm(name: 'sqlite' | 'mysql', options: Readonly<Record<string, string>> = {}): Mdm {
  const mdm = new Mdm(name, options);
  beforeAll(() => mdm.start());
  afterEach(() => {
    if (mdm.dismissed().length > 0) throw new Error('An answer made a device give up its enrolment');
  });
  afterAll(() => mdm.stop());
  return mdm;
}

/** The RequestTypes that a connection handed out, in order. */
export const handedOut = (log: ConnectionLog): string[] => log.commands.map(({ requestType }) => requestType);
