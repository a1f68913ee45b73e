import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import { SimulatedDevice, type DeviceOptions } from '../../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type Json, type TestServer } from '../support/server.js';
import { SocketClient } from '../support/socket-client.js';

/** A server that accepts simulated devices. */
export interface World {
  readonly server: TestServer;
  /** An enrolled device. */
  enrolled(options?: Partial<DeviceOptions>): Promise<SimulatedDevice>;
  /** Its global id. */
  idOf(device: SimulatedDevice): Promise<string>;
  socket(token?: string | null): Promise<SocketClient>;
  profile(identifier: string, uuid?: string): Promise<string>;
  application(name: string): Promise<string>;
  workflow(name: string, members?: Record<string, string[]>): Promise<string>;
  /** A token of a role, with scopes if any. */
  token(role: 'ADMIN' | 'OPERATOR' | 'VIEWER', scopes?: ('SECRETS' | 'DESTRUCTIVE')[]): Promise<string>;
}

/** One world for the tests of a suite. */
export function useWorld(name: 'sqlite' | 'mysql'): World {
  let store: Store;
  let server: TestServer;
  let authority: Issued;
  const devices: SimulatedDevice[] = [];
  const sockets: SocketClient[] = [];
  beforeAll(async () => {
    store = await freshStore(name);
    authority = createAuthority('Device authority', { keyType: 'ec' });
    const caFile = join(store.dataDir, 'device-ca.pem');
    writeFileSync(caFile, authority.certPem);
    server = await startServer(store, { DEVICE_CA_FILE: caFile });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.socket.terminate();
    for (const device of devices) device.close();
    await server.stop();
    await store.remove();
  });
  const mutate = async (field: string, input: Json, selection: string): Promise<Json> => {
    const Input = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const query = `mutation ($input: ${Input}!) { it: ${field}(input: $input) { ${selection} userErrors { code message path } } }`;
    const { it } = await server.data(query, { input });
    if (it.userErrors.length > 0) throw new Error(JSON.stringify(it.userErrors));
    return it;
  };
  return {
    get server() {
      return server;
    },
    async enrolled(options = {}) {
      const identity = issueDeviceIdentity(authority, `device ${devices.length}`, { keyType: 'ec' });
      const device = new SimulatedDevice({
        serverUrl: server.url,
        identity,
        topic: 'com.apple.mgmt.External.test',
        ...options,
      });
      devices.push(device);
      await device.enroll({ awaitingConfiguration: false });
      return device;
    },
    async idOf(device) {
      const query = 'query ($udid: String!) { device(by: { udid: $udid }) { id } }';
      return (await server.data(query, { udid: device.facts.udid })).device.id;
    },
    async socket(token) {
      const socket = await SocketClient.connect(server, token);
      sockets.push(socket);
      return socket;
    },
    async profile(identifier, uuid) {
      const content = mobileconfig(identifier, uuid).toString('base64');
      return (await mutate('profileCreate', { content }, 'profile { id }')).profile.id;
    },
    async application(title) {
      const manifestUrl = `https://packages.example.org/${encodeURIComponent(title)}.plist`;
      return (await mutate('applicationCreate', { name: title, manifestUrl }, 'application { id }'))
        .application.id;
    },
    async workflow(title, members = {}) {
      return (await mutate('workflowCreate', { name: title, ...members }, 'workflow { id }')).workflow.id;
    },
    async token(role, scopes = []) {
      return (await mutate('apiTokenCreate', { name: `a ${role}`, role, scopes }, 'token')).token;
    },
  };
}

/** A small configuration profile. */
export function mobileconfig(identifier: string, uuid = '5C2E7C0A-0000-4000-8000-000000000001'): Buffer {
  return buildPlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuid,
    PayloadDisplayName: `Profile ${identifier}`,
    PayloadContent: [
      {
        PayloadType: 'com.apple.webClip.managed',
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.clip`,
        PayloadUUID: `${uuid.slice(0, -1)}9`,
        PayloadDisplayName: 'Clip',
        Label: 'Clip',
        URL: 'https://example.org',
      },
    ],
  });
}
