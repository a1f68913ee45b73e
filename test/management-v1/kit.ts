import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { buildPlist } from '../../src/apple/plist/index.js';
import { Channel } from '../../src/entities/channel.js';
import { Device } from '../../src/entities/device.js';
import { ChannelKind, EnrollmentKind, EnrollmentStatus, Role, Scope } from '../../src/entities/enums.js';
import type { FakeApns } from '../../simulator/apns/index.js';
import { SimulatedDevice, type DeviceOptions } from '../../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity } from '../../simulator/pki.js';
import { authority as apnsAuthority, pushIssued, startFake, TOPIC } from '../apns/setup.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type Json, type TestServer } from '../support/server.js';
import { Contract } from './contract.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the answer is empty or no JSON. */
  readonly json: Json;
}

export interface Request {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; `type` goes with it, application/json unless told otherwise. */
  readonly raw?: string | Uint8Array;
  readonly type?: string | null;
  /** The whole Authorization header; null sends none. Default: the admin's token, Basic. */
  readonly authorization?: string | null;
  readonly server?: TestServer;
}

export interface EnrolledDevice {
  readonly uuid: string;
  readonly udid: string;
  readonly device: SimulatedDevice;
}

const deviceCa = createAuthority('Device CA', { keyType: 'ec' });
const identity = () => issueDeviceIdentity(deviceCa, 'device', { keyType: 'ec' });

export const basic = (token: string, user = 'api'): string =>
  `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;

/** What a check works with: two running servers (one without a push certificate), a fake APNs, simulated devices. */
export class Context {
  readonly #devices: SimulatedDevice[] = [];

  private constructor(
    private readonly stores: readonly Store[],
    readonly server: TestServer,
    /** A server without a push certificate. */
    readonly bare: TestServer,
    readonly apns: FakeApns,
    private readonly contract: Contract,
  ) {}

  static async start(name: 'sqlite' | 'mysql', options: Record<string, string> = {}): Promise<Context> {
    const stores = [await freshStore(name), await freshStore(name)] as const;
    const apns = await startFake();
    const [full, bare] = stores;
    const file = (fileName: string, content: string): string => {
      writeFileSync(join(full.dataDir, fileName), content);
      return join(full.dataDir, fileName);
    };
    const server = await startServer(full, {
      DEVICE_CA_FILE: file('devices.pem', deviceCa.certPem),
      APNS_URL: apns.url,
      APNS_CERT_FILE: file('push.pem', pushIssued.certPem),
      APNS_KEY_FILE: file('push.key', pushIssued.keyPem),
      APNS_CA_FILE: file('apns.pem', apnsAuthority.certPem),
      ...options,
    });
    const document = await fetch(`${server.url}/management/v1/openapi.json`);
    const contract = new Contract(await document.json());
    return new Context(stores, server, await startServer(bare), apns, contract);
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.close();
    await this.server.stop();
    await this.bare.stop();
    await this.apns.close();
    for (const store of this.stores) await store.remove();
  }

  /** One request. Every answer is held against openapi.json: an undeclared status or body fails the test. */
  async call(method: string, path: string, o: Request = {}): Promise<Reply> {
    const { server = this.server } = o;
    const authorization = o.authorization === undefined ? basic(server.token) : o.authorization;
    const body = o.raw ?? (o.json === undefined ? undefined : JSON.stringify(o.json));
    const type = o.type === undefined && body !== undefined ? 'application/json' : o.type;
    const response = await fetch(`${server.url}/management/v1${path}`, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(type == null ? {} : { 'content-type': type }),
      },
      // A text would be given a content type by fetch.
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body) }),
    });
    const text = await response.text();
    const reply = { status: response.status, headers: response.headers, text, json: parsed(text) };
    const fault = this.contract.fault(method, new URL(response.url).pathname, reply);
    if (fault !== undefined)
      throw new Error(
        `${method} ${path.slice(0, 200)} ${reply.status} against openapi.json: ${fault} ${text.slice(0, 500)}`,
      );
    return reply;
  }

  /** A device that enrolled over the device door. */
  async enrolled(o: Partial<DeviceOptions> = {}): Promise<EnrolledDevice> {
    const device = new SimulatedDevice({
      serverUrl: this.server.url,
      topic: TOPIC,
      identity: identity(),
      ...o,
    });
    this.#devices.push(device);
    const answer = await device.enroll();
    if (answer.status !== 200)
      throw new Error(`The device was not enrolled: ${answer.status} ${answer.body.toString()}`);
    const { udid } = device.facts;
    const found = await this.server.app.services.devices.find({ udid });
    return { device, udid, uuid: found?.uuid ?? '' };
  }

  /** Puts devices into the store without their checking in: many of them, or in states that take long to reach. */
  async stored(
    count: number,
    o: Partial<Device> = {},
    channel: Partial<Channel> = {},
    server = this.server,
  ): Promise<Device[]> {
    const devices = Array.from({ length: count }, () => storedDevice(o));
    await server.app.database.transaction(async (tx) => {
      for (let at = 0; at < count; at += 500) {
        const some = devices.slice(at, at + 500);
        await tx.manager.insert(Device, some);
        await tx.manager.insert(
          Channel,
          some.map((device) => storedChannel(device, channel)),
        );
      }
    });
    return devices;
  }

  async token(role: Role, scopes: readonly Scope[] = []): Promise<string> {
    return (await this.server.app.services.tokens.create({ name: `A ${role}`, role, scopes })).token;
  }

  /** Adds a profile; its PayloadIdentifier is new unless given. */
  async profile(
    identifier = unique('org.example'),
  ): Promise<{ uuid: string; identifier: string; data: string }> {
    const data = mobileconfig(identifier);
    const reply = await this.call('POST', '/profiles', {
      json: { payload_identifier: identifier, payload_data: data },
    });
    return { uuid: reply.json.profile_uuid as string, identifier, data };
  }

  /** Adds a workflow and returns its uuid. */
  async workflow(fields: Record<string, unknown> = {}): Promise<string> {
    const reply = await this.call('POST', '/workflows', { json: { name: unique('Workflow'), ...fields } });
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.json.uuid as string;
  }
}

export const unique = (what: string): string => `${what}.${randomBytes(6).toString('hex')}`;

/** A small configuration profile, base64, with other keys of its own and of its payload than usual. */
export function mobileconfig(
  identifier: string,
  keys: Record<string, string> = {},
  profileKeys: Record<string, string> = {},
): string {
  const payload = {
    PayloadType: 'com.apple.webClip.managed',
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.clip`,
    PayloadUUID: randomUUID().toUpperCase(),
    Label: 'Orchard',
    URL: 'https://example.org',
    ...keys,
  };
  return buildPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: randomUUID().toUpperCase(),
    PayloadDisplayName: 'Web clip',
    PayloadContent: [payload],
    ...profileKeys,
  }).toString('base64');
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function storedDevice(o: Partial<Device>): Device {
  const now = new Date();
  return Object.assign(new Device(), {
    uuid: uuidv7(),
    udid: randomUUID().toUpperCase(),
    serialNumber: randomBytes(5).toString('hex').toUpperCase(),
    enrollmentStatus: EnrollmentStatus.ENROLLED,
    enrollmentKind: EnrollmentKind.DEVICE,
    awaitingConfiguration: false,
    createdAt: now,
    updatedAt: now,
    ...o,
  });
}

function storedChannel(device: Device, o: Partial<Channel>): Channel {
  return Object.assign(new Channel(), {
    uuid: uuidv7(),
    deviceUuid: device.uuid,
    kind: ChannelKind.DEVICE,
    enrollmentKey: device.udid ?? device.uuid,
    enabled: true,
    pushTopic: TOPIC,
    pushToken: randomBytes(32).toString('hex'),
    pushMagic: randomUUID().toUpperCase(),
    tokenUpdatedAt: device.createdAt,
    tokenRetired: false,
    tally: 1,
    repushCount: 0,
    createdAt: device.createdAt,
    ...o,
  });
}
