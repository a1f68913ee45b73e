import { FakeApns } from '../apns/index.js';
import { deviceFromLink, type SimulatedDevice, type TokenUpdateOptions } from '../device/index.js';
import { isAccepted } from '../device/connection.js';
import { createAuthority, issuePushCertificate, issueServerCertificate } from '../pki.js';
import { Business } from './business.js';
import { Files } from './files.js';

const TOPIC = 'com.apple.mgmt.External.simulated';

export interface PlayOptions {
  /** Where the files for the server are put. */
  readonly folder: string;
  /** Of the stand-in for APNs; 0 takes any free one. */
  readonly port: number;
  /** Of the stand-in for Apple Business Manager; 0, the default, takes any free one. */
  readonly depPort?: number;
  readonly print: (line: string) => void;
}

/**
 * What a newcomer lacks who has neither a push certificate nor a device nor Apple Business Manager: a stand-in for APNs, a
 * push certificate for it, devices that enrol by a link or from their box and answer when they are woken, and an organisation
 * that bought some.
 */
export class Playground {
  readonly #devices: SimulatedDevice[] = [];
  readonly #under = new Set<Promise<void>>();

  private constructor(
    private readonly apns: FakeApns,
    private readonly business: Business,
    /** POMONA_ options of a server that shall use it. */
    readonly options: Readonly<Record<string, string>>,
    private readonly print: (line: string) => void,
  ) {
    apns.on('push', ({ token, pushMagic }) => this.#wake(token, pushMagic));
  }

  static async open({ folder, port, depPort = 0, print }: PlayOptions): Promise<Playground> {
    const authority = createAuthority('Simulated Apple');
    const push = issuePushCertificate(authority, TOPIC);
    const serverCert = issueServerCertificate(authority);
    const apns = await FakeApns.start({ serverCert, clientCa: authority.certPem, port });
    const files = new Files(folder);
    const business = await Business.open(files, depPort).catch(async (error: unknown) => {
      await apns.close();
      throw error;
    });
    const options = {
      POMONA_APNS_URL: apns.url,
      POMONA_APNS_CA_FILE: files.write('ca.pem', authority.certPem),
      POMONA_APNS_CERT_FILE: files.write('push.pem', push.certPem + push.keyPem),
      ...business.options(),
    };
    return new Playground(apns, business, options, print);
  }

  /** One more iPhone, enrolled by the link. What goes wrong is printed. Returns whether it is enrolled. */
  enrol(link: string): Promise<boolean> {
    return this.#orSayWhy('No device was enrolled', async () => {
      const device = await deviceFromLink(link);
      this.#say(device.facts.serialNumber, 'has installed the profile, and has its certificate');
      await this.#checkIn(device);
      this.#say(device.facts.serialNumber, 'is enrolled');
    });
  }

  /** Takes a device of the organisation from its box: it enrols by the profile that Apple has for it. */
  unbox(givenSerial: string): Promise<boolean> {
    const serial = givenSerial.toUpperCase();
    return this.#orSayWhy(`${serial} was not enrolled`, async () => {
      if (this.#deviceOf(serial) !== undefined) throw new Error('It is out of its box already');
      const { device, checkIn, profile } = await this.business.unbox(serial);
      this.#say(serial, `asked Apple, and is set up by "${profile.name}"`);
      this.#say(serial, 'has installed the profile, and has its certificate');
      await this.#checkIn(device, checkIn);
      const waits = checkIn.awaitingConfiguration ? ', and waits in Setup Assistant' : '';
      this.#say(serial, `is enrolled${waits}`);
    });
  }

  /** The portal's answer to the certificate of an account: writes the server token, and prints where. */
  token(certificatePath: string): Promise<boolean> {
    return this.#orSayWhy('There is no token', () => {
      this.print(`  The server token for that certificate: ${this.business.saveToken(certificatePath)}`);
    });
  }

  /** Prints what the organisation bought, and how far each device is. */
  list(): void {
    for (const { device, profile } of this.business.list()) {
      const { serial_number: serial, model } = device;
      const place = this.#deviceOf(serial) === undefined ? 'in its box' : 'enrolled';
      const setup = profile === undefined ? 'Apple has no profile for it' : `set up by "${profile}"`;
      this.print(`  ${serial.padEnd(10)}  ${model.padEnd(15)}  ${place}, ${setup}`);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#under);
    for (const device of this.#devices) device.close();
    await this.apns.close();
    await this.business.close();
  }

  async #checkIn(device: SimulatedDevice, o: TokenUpdateOptions = {}): Promise<void> {
    this.#devices.push(device);
    const answer = await device.enroll(o);
    if (isAccepted(answer)) return;
    this.#devices.splice(this.#devices.indexOf(device), 1);
    device.close();
    throw new Error(`${answer.status} ${answer.body.toString().trim()}`);
  }

  #deviceOf(serial: string): SimulatedDevice | undefined {
    return this.#devices.find(({ facts, state }) => facts.serialNumber === serial && state.enrolled);
  }

  #wake(token: string, pushMagic: string): void {
    const device = this.#devices.find(({ state }) => state.pushToken?.toString('hex') === token);
    if (device === undefined) return;
    const { serialNumber } = device.facts;
    const connection = device
      .onPush(pushMagic)
      .then(
        ({ commands }) =>
          this.#say(
            serialNumber,
            `was woken, and did ${commands.map((one) => one.requestType).join(', ') || 'nothing'}`,
          ),
        (error: unknown) => this.#say(serialNumber, `was woken, and failed: ${String(error)}`),
      )
      .finally(() => this.#under.delete(connection));
    this.#under.add(connection);
  }

  async #orSayWhy(trouble: string, work: () => void | Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.print(`  ${trouble}: ${reasonOf(error)}`);
      return false;
    }
  }

  #say(serialNumber: string, what: string): void {
    this.print(`  ${serialNumber}  ${what}`);
  }
}

/** In words; `fetch` has the reason in its cause, and AggregateError in what it gathered. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const deeper = cause instanceof AggregateError ? cause.errors[0] : cause;
  return deeper instanceof Error ? `${error.message} (${deeper.message})` : error.message;
}
