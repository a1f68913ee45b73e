import { readFileSync } from 'node:fs';
import { FakeDep, type AppleDevice, type DepServer } from '../dep/index.js';
import { deviceFromBox, type UnboxedDevice } from '../device/index.js';
import { createAppleDeviceAuthority, issueAppleDevice, type Issued } from '../pki.js';
import type { Files } from './files.js';

/** What the organisation bought. */
const BOUGHT: readonly (Pick<AppleDevice, 'serial_number'> & Partial<AppleDevice>)[] = [
  { serial_number: 'BOXPHONE1' },
  { serial_number: 'BOXPHONE2' },
  { serial_number: 'BOXPAD1', model: 'iPad Air', description: 'IPAD AIR BLUE 128GB', device_family: 'iPad' },
  {
    serial_number: 'BOXMAC1',
    model: 'MacBook Pro 14"',
    description: 'MBP 14 SILVER',
    device_family: 'Mac',
    os: 'OSX',
  },
];

/**
 * Apple Business Manager for a newcomer: an organisation with one server and a few devices in their boxes, and the authority
 * whose certificates Apple's devices sign with.
 */
export class Business {
  private constructor(
    private readonly service: FakeDep,
    readonly server: DepServer,
    private readonly authority: Issued,
    private readonly files: Files,
  ) {}

  /** @param port of the service; 0 takes any free one */
  static async open(files: Files, port: number): Promise<Business> {
    const service = await FakeDep.start({ port });
    const server = service.addServer('Pomona');
    server.orgName = 'Orchard';
    for (const { serial_number, ...more } of BOUGHT) server.devices.add(serial_number, more);
    return new Business(service, server, createAppleDeviceAuthority(), files);
  }

  /** POMONA_ options of a server that shall use it. */
  options(): Readonly<Record<string, string>> {
    return {
      POMONA_DEP_URL: this.service.url,
      POMONA_APPLE_DEVICE_CA_FILE: this.files.write('device-ca.pem', this.authority.certPem),
    };
  }

  /**
   * What the portal does with the certificate of an account: the token, for that certificate alone. Returns the path of the
   * `.p7m` file. The former token is good no more.
   */
  saveToken(certificatePath: string): string {
    const certificate = readFileSync(certificatePath, 'utf8');
    return this.files.write('server-token.p7m', this.service.token(this.server, certificate));
  }

  /** @throws {LinkError} */
  unbox(serialNumber: string): Promise<UnboxedDevice> {
    return deviceFromBox(this.server, serialNumber, issueAppleDevice(this.authority));
  }

  /** Each device with the name of the profile that Apple has for it. */
  list(): { readonly device: AppleDevice; readonly profile: string | undefined }[] {
    return this.server.devices.list().map((device) => ({ device, profile: this.#profileNameOf(device) }));
  }

  close(): Promise<void> {
    return this.service.close();
  }

  #profileNameOf({ profile_uuid: uuid }: AppleDevice): string | undefined {
    const name = uuid === undefined ? undefined : this.server.profiles.get(uuid)?.['profile_name'];
    return typeof name === 'string' ? name : undefined;
  }
}
