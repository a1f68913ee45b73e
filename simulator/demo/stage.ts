import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/log.js';
import { FakeApns } from '../apns/index.js';
import { Connections, deviceFromLink, Fleet, type SimulatedDevice } from '../device/index.js';
import { createAuthority, issuePushCertificate, issueServerCertificate } from '../pki.js';

const TOPIC = 'com.apple.mgmt.External.demo';
const MODELS = ['iPhone15,2', 'iPad14,3', 'iPhone16,1', 'iPad13,18', 'iPhone14,5'];
/** Devices that make their keys at the same time. */
const AT_ONCE = 2;

/** The demo's world: a real server, and an APNs that wakes simulated devices. */
export interface Stage {
  readonly app: App;
  readonly token: string;
  /** Devices that have installed the profile behind a link, and are woken by pushes; `enrollAll` is their next step. */
  invite(link: string, count: number): Promise<Fleet>;
  /** Takes everything down, and removes the demo's data. */
  strike(): Promise<void>;
}

/** @param port where the server listens; 0 takes any free port */
export async function setStage(port: number): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'pomona-demo-'));
  const apple = createAuthority('Demo APNs CA');
  const push = issuePushCertificate(apple, TOPIC);
  const apns = await FakeApns.start({
    serverCert: issueServerCertificate(apple),
    clientCa: apple.certPem,
  });
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const token = `pomona_${randomBytes(24).toString('base64url')}`;
  const environment = {
    POMONA_PORT: String(port),
    POMONA_DATA_DIR: join(directory, 'data'),
    POMONA_ADMIN_TOKEN: token,
    POMONA_APNS_URL: apns.url,
    POMONA_APNS_CA_FILE: file('ca.pem', apple.certPem),
    POMONA_APNS_CERT_FILE: file('push.pem', push.certPem + push.keyPem),
    POMONA_LOG_LEVEL: 'warn',
  };
  const app = await startApp(loadConfig(environment, []), createLog('warn')).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const fleets: { fleet: Fleet; silence: () => void }[] = [];
  const invite = async (link: string, count: number): Promise<Fleet> => {
    const fleet = await makeFleet(link, count);
    fleets.push({ fleet, silence: fleet.wakeOn(apns) });
    return fleet;
  };
  const strike = async (): Promise<void> => {
    for (const { fleet, silence } of fleets) {
      silence();
      await fleet.settled();
    }
    await app.stop();
    await apns.close();
    for (const { fleet } of fleets) fleet.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { app, token, invite, strike };
}

/** Devices that answer as real ones do: the third is busy at first and asks to be left alone (NotNow), then takes everything. */
async function makeFleet(link: string, count: number): Promise<Fleet> {
  const connections = new Connections({ maxSockets: 32 });
  const devices: SimulatedDevice[] = [];
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const index of indexes) devices[index] = await makeDevice(link, index, connections);
  });
  await Promise.all(workers);
  return new Fleet(devices, connections);
}

async function makeDevice(link: string, index: number, connections: Connections): Promise<SimulatedDevice> {
  const number = String(index + 1).padStart(2, '0');
  const device = await deviceFromLink(link, {
    connections,
    deviceName: `Demo ${number}`,
    serialNumber: `POMONADEMO${number}`,
    productName: MODELS[index % MODELS.length] ?? 'iPhone15,2',
  });
  if (index === 2) device.behave('InstallProfile', { notNow: true }, 1);
  return device;
}
