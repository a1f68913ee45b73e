import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { FakeApns } from '../apns/index.js';
import { Connections, Fleet, SimulatedDevice } from '../device/index.js';
import {
  createAuthority,
  issueDeviceIdentity,
  issuePushCertificate,
  issueServerCertificate,
  type Issued,
} from '../pki.js';

const TOPIC = 'com.apple.mgmt.External.demo';
const MODELS = ['iPhone15,2', 'iPad14,3', 'iPhone16,1', 'iPad13,18', 'iPhone14,5'];

/** The demo's world: a real server, an APNs that wakes simulated devices, and the devices. */
export interface Stage {
  readonly app: App;
  readonly token: string;
  readonly fleet: Fleet;
  /** Takes everything down, and removes the demo's data. */
  strike(): Promise<void>;
}

/** @param port where the server listens; 0 takes any free port */
export async function setStage(devices: number, port: number): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'pomona-demo-'));
  const authority = createAuthority('Pomona demo CA');
  const push = issuePushCertificate(authority, TOPIC);
  const apns = await FakeApns.start({
    serverCert: issueServerCertificate(authority),
    clientCa: authority.certPem,
  });
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const ca = file('ca.pem', authority.certPem);
  const token = `pomona_${randomBytes(24).toString('base64url')}`;
  const environment = {
    POMONA_PORT: String(port),
    POMONA_DATA_DIR: join(directory, 'data'),
    POMONA_ADMIN_TOKEN: token,
    POMONA_DEVICE_CA_FILE: ca,
    POMONA_APNS_URL: apns.url,
    POMONA_APNS_CA_FILE: ca,
    POMONA_APNS_CERT_FILE: file('push.pem', push.certPem + push.keyPem),
    POMONA_LOG_LEVEL: 'warn',
  };
  const app = await startApp(loadConfig(environment, []), createLog('warn')).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const fleet = makeFleet(devices, app.url, authority);
  const silence = fleet.wakeOn(apns);
  const strike = async (): Promise<void> => {
    silence();
    await fleet.settled();
    await app.stop();
    await apns.close();
    fleet.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { app, token, fleet, strike };
}

/** Devices that answer as real ones do: the third is busy at first and asks to be left alone (NotNow), then takes everything. */
function makeFleet(count: number, serverUrl: string, authority: Issued): Fleet {
  const connections = new Connections({ maxSockets: 32 });
  const devices = Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(2, '0');
    const device = new SimulatedDevice({
      serverUrl,
      topic: TOPIC,
      connections,
      identity: issueDeviceIdentity(authority, `Demo ${number}`, { keyType: 'ec' }),
      deviceName: `Demo ${number}`,
      serialNumber: `POMONADEMO${number}`,
      productName: MODELS[index % MODELS.length] ?? 'iPhone15,2',
    });
    if (index === 2) device.behave('InstallProfile', { notNow: true }, 1);
    return device;
  });
  return new Fleet(devices, connections);
}
