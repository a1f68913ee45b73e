import type { PlistDict } from '../../src/apple/plist/index.js';
import type { InstalledProfile } from './profile.js';
import type { ReportStatus } from './wire.js';

export interface InstalledApplication {
  readonly identifier: string;
  readonly name: string;
  readonly version: string;
  readonly bundleSize: number;
  readonly managed: boolean;
  readonly hasConfiguration: boolean;
  /** True until the connection after the one that asked for it. */
  installing: boolean;
}

/** A command as it arrived, and what the device answered so far. */
export interface ReceivedCommand {
  readonly uuid: string;
  readonly requestType: string;
  readonly body: PlistDict;
  /** Which life of the device it arrived in; see `wipe`. */
  readonly life: number;
  answered?: ReportStatus | 'undecodable';
}

/** What the device knows about one of its channels, its own or a user's. */
export class ChannelState {
  /** From the TokenUpdate that the server accepted until CheckOut, a wipe or a dismissal. */
  enrolled = false;
  pushToken: Buffer | undefined;
  pushMagic: string | undefined;
  /** By PayloadIdentifier. */
  readonly profiles = new Map<string, InstalledProfile>();
  /** Every delivery in order, redeliveries too; it outlives a wipe. */
  readonly received: ReceivedCommand[] = [];
  /** The last status that the server accepted. */
  lastStatus: ReportStatus | undefined;
  life = 1;

  /** A device polls by itself only when NotNow was the last thing it said. */
  get wantsToPoll(): boolean {
    return this.enrolled && this.lastStatus === 'NotNow';
  }

  /** Management ends: what it brought goes with it. */
  unenroll(): void {
    this.enrolled = false;
    this.pushToken = undefined;
    this.pushMagic = undefined;
    this.lastStatus = undefined;
    this.profiles.clear();
  }
}

/** The whole device. */
export class DeviceState extends ChannelState {
  /** By bundle identifier: what MDM installed. What the device came with is not here. */
  readonly applications = new Map<string, InstalledApplication>();
  awaitingConfiguration = false;
  /** DeviceConfigured arrived in this life. */
  configured = false;
  unlockToken: Buffer | undefined;
  /** The bootstrap token that this device last escrowed. */
  bootstrapToken: Buffer | undefined;
  restarts = 0;
  locks = 0;
  /** The status of the answer that made the device remove its enrolment: 401, or 403 `com.apple.unrecognized.device`. */
  dismissedBy: number | undefined;

  override unenroll(): void {
    super.unenroll();
    this.applications.clear();
    this.awaitingConfiguration = false;
    this.unlockToken = undefined;
  }

  /** A new life: factory settings, in Setup Assistant. */
  wipe(): void {
    this.unenroll();
    this.life += 1;
    this.awaitingConfiguration = true;
    this.configured = false;
    this.bootstrapToken = undefined;
    this.dismissedBy = undefined;
  }
}
