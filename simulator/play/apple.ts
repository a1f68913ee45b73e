import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeApns } from '../apns/index.js';
import { deviceFromLink, type SimulatedDevice } from '../device/index.js';
import { isAccepted } from '../device/connection.js';
import { createAuthority, issuePushCertificate, issueServerCertificate } from '../pki.js';

const TOPIC = 'com.apple.mgmt.External.simulated';

export interface PlayOptions {
  /** Where the files for the server are put. */
  readonly folder: string;
  /** Of the stand-in for APNs; 0 takes any free one. */
  readonly port: number;
  readonly print: (line: string) => void;
}

/**
 * What a newcomer lacks who has neither a push certificate nor a device: a stand-in for APNs, a push certificate for it, and
 * iPhones that enrol by a link and answer when they are woken.
 */
export class Playground {
  readonly #devices: SimulatedDevice[] = [];
  readonly #under = new Set<Promise<void>>();

  private constructor(
    private readonly apns: FakeApns,
    /** POMONA_ options of a server that shall use it. */
    readonly options: Readonly<Record<string, string>>,
    private readonly print: (line: string) => void,
  ) {
    apns.on('push', ({ token, pushMagic }) => this.#wake(token, pushMagic));
  }

  static async open({ folder, port, print }: PlayOptions): Promise<Playground> {
    const authority = createAuthority('Simulated Apple');
    const push = issuePushCertificate(authority, TOPIC);
    const serverCert = issueServerCertificate(authority);
    const apns = await FakeApns.start({ serverCert, clientCa: authority.certPem, port });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    };
    const options = {
      POMONA_APNS_URL: apns.url,
      POMONA_APNS_CA_FILE: file('ca.pem', authority.certPem),
      POMONA_APNS_CERT_FILE: file('push.pem', push.certPem + push.keyPem),
    };
    return new Playground(apns, options, print);
  }

  /** One more iPhone, enrolled by the link. What goes wrong is printed. Returns whether it is enrolled. */
  async enrol(link: string): Promise<boolean> {
    try {
      const device = await deviceFromLink(link);
      this.#devices.push(device);
      this.#say(device, 'has installed the profile, and has its certificate');
      const answer = await device.enroll();
      if (!isAccepted(answer)) throw new Error(`${answer.status} ${answer.body.toString().trim()}`);
      this.#say(device, 'is enrolled');
      return true;
    } catch (error) {
      this.print(`  No device was enrolled: ${reasonOf(error)}`);
      return false;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#under);
    for (const device of this.#devices) device.close();
    await this.apns.close();
  }

  #wake(token: string, pushMagic: string): void {
    const device = this.#devices.find(({ state }) => state.pushToken?.toString('hex') === token);
    if (device === undefined) return;
    const connection = device
      .onPush(pushMagic)
      .then(
        ({ commands }) =>
          this.#say(
            device,
            `was woken, and did ${commands.map((one) => one.requestType).join(', ') || 'nothing'}`,
          ),
        (error: unknown) => this.#say(device, `was woken, and failed: ${String(error)}`),
      )
      .finally(() => this.#under.delete(connection));
    this.#under.add(connection);
  }

  #say(device: SimulatedDevice, what: string): void {
    this.print(`  ${device.facts.serialNumber}  ${what}`);
  }
}

/** In words; `fetch` has the reason in its cause, and AggregateError in what it gathered. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const deeper = cause instanceof AggregateError ? cause.errors[0] : cause;
  return deeper instanceof Error ? `${error.message} (${deeper.message})` : error.message;
}
