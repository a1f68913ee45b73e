import type { PlistDict } from '../../src/apple/plist/index.js';
import type { AnswerContext } from './answers/index.js';
import { Channel } from './channel.js';
import type { SimulatedDevice } from './device.js';
import { ChannelState } from './state.js';
import type { Answer, Wire } from './wire.js';

/** The UserID that every user of a Shared iPad has: there the UserShortName names the user. */
export const SHARED_IPAD_USER_ID = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF';

export interface UserOptions {
  userId: string;
  shortName: string;
  longName: string;
}

/** The user channel of a device: its own token, magic, queue and profiles; the device's identity and applications. */
export class SimulatedUser extends Channel {
  readonly state = new ChannelState();
  readonly maxExchanges: number;
  protected readonly wire: Wire;

  constructor(
    readonly device: SimulatedDevice,
    readonly options: UserOptions,
    wire: Wire,
  ) {
    super();
    this.wire = wire;
    this.maxExchanges = device.maxExchanges;
  }

  /** macOS network users ask first whether they are to be managed; the second time with the digest. */
  userAuthenticate(digestResponse?: string): Promise<Answer> {
    return this.checkIn(
      'UserAuthenticate',
      digestResponse === undefined ? {} : { DigestResponse: digestResponse },
    );
  }

  tokenUpdate(o: { awaitingConfiguration?: boolean; newToken?: boolean } = {}): Promise<Answer> {
    const { facts, topic } = this.device;
    return this.updateToken(topic, o.newToken === true, {
      ...(facts.platform === 'macOS' && { NotOnConsole: false }),
      ...(facts.platform === 'iOS' && { AwaitingConfiguration: o.awaitingConfiguration ?? false }),
    });
  }

  async checkOut(): Promise<Answer> {
    const answer = await this.checkIn('CheckOut', { Topic: this.device.topic });
    this.leave();
    return answer;
  }

  /** The end of this user's management, and of nobody else's. */
  leave(): void {
    this.state.unenroll();
    this.forget();
  }

  erase(): void {
    this.device.erase();
  }

  /** A User Enrollment has an EnrollmentUserID, made up elsewhere, in place of the UserID. */
  protected identifiers(): PlistDict {
    const { userId, shortName, longName } = this.options;
    const key = this.device.facts.enrollmentId === undefined ? 'UserID' : 'EnrollmentUserID';
    return {
      ...this.device.ownIdentifiers(),
      [key]: userId,
      UserShortName: shortName,
      UserLongName: longName,
    };
  }

  protected context(): AnswerContext {
    return this.device.contextFor(this.state);
  }

  protected dismiss(status: number): void {
    this.device.dismissBy(status);
  }
}
