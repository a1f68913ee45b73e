import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config/index.js';
import { createLog } from '../../src/log.js';
import { FakeApns } from '../apns/index.js';
import { FakeDep, type AppleDevice, type DepServer } from '../dep/index.js';
import {
  Connections,
  deviceFromBox,
  deviceFromLink,
  Fleet,
  type SimulatedDevice,
  type UnboxedDevice,
} from '../device/index.js';
import {
  createAppleDeviceAuthority,
  createAuthority,
  issueAppleDevice,
  issuePushCertificate,
  issueServerCertificate,
  type Issued,
} from '../pki.js';

const TOPIC = 'com.apple.mgmt.External.demo';
const MODELS: readonly Partial<AppleDevice>[] = [
  { model: 'iPhone 15' },
  { model: 'iPad Air', device_family: 'iPad', description: 'IPAD AIR BLUE 128GB', color: 'BLUE' },
  { model: 'iPhone 16' },
];
/** Devices of a page, so that there are several to be seen. */
const PAGE = 4;

/** The demo's world: a real server, a push service that wakes simulated devices, and Apple Business Manager. */
export interface Stage {
  readonly app: App;
  readonly token: string;
  /** All devices that were taken from their boxes, or enrol by a link. They are woken by pushes. */
  readonly fleet: Fleet;
  /** The organisation buys devices. Returns their serial numbers. */
  buy(count: number): string[];
  /** The portal: the server token (`.p7m`) for the certificate of an account. */
  serverToken(certificatePem: string): Buffer;
  /** A device that has asked Apple, installed its enrolment profile, and is ready to check in. */
  unbox(serialNumber: string): Promise<UnboxedDevice>;
  /** A device that has installed the profile behind a link, and is ready to check in. */
  invite(link: string, serialNumber: string): Promise<SimulatedDevice>;
  /** Takes everything down, and removes the demo's data. */
  strike(): Promise<void>;
}

/** What stands for Apple. */
interface Apple {
  readonly apns: FakeApns;
  readonly dep: FakeDep;
  readonly server: DepServer;
  /** Gives devices the certificates that they sign with. */
  readonly authority: Issued;
  readonly options: Readonly<Record<string, string>>;
}

/** @param port where the server listens; 0 takes any free port */
export async function setStage(port: number): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'pomona-demo-'));
  const apple = await openApple(directory);
  const token = `pomona_${randomBytes(24).toString('base64url')}`;
  const environment = {
    POMONA_PORT: String(port),
    POMONA_DATA_DIR: join(directory, 'data'),
    POMONA_ADMIN_TOKEN: token,
    POMONA_LOG_LEVEL: 'warn',
    ...apple.options,
  };
  const leave = async (): Promise<void> => {
    await Promise.all([apple.apns.close(), apple.dep.close()]);
    rmSync(directory, { recursive: true, force: true });
  };
  const app = await startApp(loadConfig(environment, []), createLog('warn')).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  return { app, token, ...perform(apple, app, leave) };
}

async function openApple(directory: string): Promise<Apple> {
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const root = createAuthority('Demo APNs CA');
  const push = issuePushCertificate(root, TOPIC);
  const apns = await FakeApns.start({ serverCert: issueServerCertificate(root), clientCa: root.certPem });
  const dep = await FakeDep.start();
  const server = dep.addServer('Pomona');
  server.orgName = 'Orchard';
  server.pageSize = PAGE;
  const authority = createAppleDeviceAuthority();
  const options = {
    POMONA_APNS_URL: apns.url,
    POMONA_APNS_CA_FILE: file('ca.pem', root.certPem),
    POMONA_APNS_CERT_FILE: file('push.pem', push.certPem + push.keyPem),
    POMONA_DEP_URL: dep.url,
    POMONA_APPLE_DEVICE_CA_FILE: file('device-ca.pem', authority.certPem),
  };
  return { apns, dep, server, authority, options };
}

function perform(
  { apns, dep, server, authority }: Apple,
  app: App,
  leave: () => Promise<void>,
): Omit<Stage, 'app' | 'token'> {
  const connections = new Connections({ maxSockets: 32 });
  const devices: SimulatedDevice[] = [];
  const fleet = new Fleet(devices, connections);
  const silence = fleet.wakeOn(apns);
  return {
    fleet,
    buy: (count) =>
      Array.from({ length: count }, (_, index) => {
        const serial = `POMONABOX${String(index + 1).padStart(2, '0')}`;
        return server.devices.add(serial, MODELS[index % MODELS.length]).serial_number;
      }),
    serverToken: (certificatePem) => dep.token(server, certificatePem),
    async unbox(serialNumber) {
      const unboxed = await deviceFromBox(server, serialNumber, issueAppleDevice(authority), { connections });
      devices.push(unboxed.device);
      return unboxed;
    },
    async invite(link, serialNumber) {
      const device = await deviceFromLink(link, { connections, serialNumber });
      devices.push(device);
      return device;
    },
    async strike() {
      silence();
      await fleet.settled();
      await app.stop();
      fleet.close();
      await leave();
    },
  };
}
