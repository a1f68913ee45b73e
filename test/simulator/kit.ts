import { afterEach, beforeAll, beforeEach } from 'vitest';
import { buildPlist, type PlistDict } from '../../src/apple/plist/index.js';
import { SimulatedDevice, type DeviceOptions } from '../../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { RecordingServer } from './recording-server.js';

export const TOPIC = 'com.apple.mgmt.External.3f1c';

export interface Kit {
  readonly authority: Issued;
  readonly identity: Issued;
  readonly server: RecordingServer;
  device(options?: Partial<DeviceOptions>): SimulatedDevice;
  /** A device that is enrolled, and the server's memory of that gone. */
  enrolled(options?: Partial<DeviceOptions>): Promise<SimulatedDevice>;
}

/** A server for each test, one authority and one identity for the file. */
export function useKit(): Kit {
  const devices: SimulatedDevice[] = [];
  let authority: Issued;
  let identity: Issued;
  let server: RecordingServer;
  const device = (options: Partial<DeviceOptions> = {}): SimulatedDevice => {
    const made = new SimulatedDevice({ serverUrl: server.url, identity, topic: TOPIC, ...options });
    devices.push(made);
    return made;
  };
  beforeAll(() => {
    authority = createAuthority('Test authority', { keyType: 'ec' });
    identity = issueDeviceIdentity(authority, 'device', { keyType: 'ec' });
  });
  beforeEach(async () => {
    server = await RecordingServer.start();
  });
  afterEach(async () => {
    for (const made of devices.splice(0)) made.close();
    await server.stop();
  });
  return {
    get authority() {
      return authority;
    },
    get identity() {
      return identity;
    },
    get server() {
      return server;
    },
    device,
    async enrolled(options) {
      const made = device(options);
      await made.enroll();
      server.requests.length = 0;
      return made;
    },
  };
}

export interface ProfileOptions {
  uuid?: string;
  payloads?: PlistDict[];
  keys?: PlistDict;
}

/** A small configuration profile. */
export const profile = (identifier: string, { uuid = '1', payloads, keys }: ProfileOptions = {}): Buffer =>
  buildPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuid,
    PayloadDisplayName: `Profile ${identifier}`,
    PayloadContent: payloads ?? [
      {
        PayloadType: 'com.apple.webClip.managed',
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.clip`,
        PayloadUUID: `${uuid}-clip`,
        PayloadDisplayName: 'Clip',
      },
    ],
    ...keys,
  });
