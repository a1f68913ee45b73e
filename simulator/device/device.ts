import { randomBytes } from 'node:crypto';
import type { PlistDict } from '../../src/apple/plist/index.js';
import { isDict, parsePlist } from '../../src/apple/plist/index.js';
import type { Issued } from '../pki.js';
import type { AnswerContext } from './answers/index.js';
import { Channel, type Preparation } from './channel.js';
import { isAccepted, type ConnectionLog } from './connection.js';
import { factsOf, type DeviceFacts, type DeviceOptions } from './options.js';
import { readProfile } from './profile.js';
import { failedRenewal, renewalIn, type RenewalHabit } from './renewing.js';
import { requestIdentity } from './identity-request.js';
import { DeviceState, type ChannelState } from './state.js';
import { Connections } from './transport.js';
import { SimulatedUser, type UserOptions } from './user.js';
import { Wire, type Answer, type Command } from './wire.js';

export interface TokenUpdateOptions {
  /** Default: as the device's state is, true in the first enrolment after a wipe. */
  awaitingConfiguration?: boolean;
  /** Default: a new one in the first TokenUpdate of an iOS device's life, and none after that. */
  unlockToken?: Buffer;
  newToken?: boolean;
}

/** A scripted Apple device. It says nothing by itself: the test, the demo or a push makes it connect. */
export class SimulatedDevice extends Channel {
  readonly state = new DeviceState();
  readonly facts: DeviceFacts;
  readonly topic: string;
  readonly maxExchanges: number;
  protected readonly wire: Wire;
  readonly #options: DeviceOptions;
  readonly #connections: Connections;
  readonly #users = new Map<string, SimulatedUser>();
  /** What it does when it is sent its enrolment profile again. */
  renewal: RenewalHabit;
  #renewed: Issued | undefined;

  constructor(options: DeviceOptions) {
    super();
    this.#options = options;
    this.facts = factsOf(options);
    this.topic = options.topic;
    this.maxExchanges = options.maxExchanges ?? 10_000;
    this.renewal = options.renewal ?? {};
    this.#connections = options.connections ?? new Connections();
    this.wire = new Wire({ ...options, connections: this.#connections });
  }

  get identity(): Issued {
    return this.wire.identity;
  }

  authenticate(): Promise<Answer> {
    const { facts } = this;
    return this.checkIn('Authenticate', {
      Topic: this.topic,
      OSVersion: facts.osVersion,
      BuildVersion: facts.buildVersion,
      ProductName: facts.productName,
      ...(facts.platform === 'macOS' && {
        DeviceName: facts.deviceName,
        Model: facts.model,
        ModelName: facts.modelName,
      }),
      ...(facts.enrollmentId === undefined && this.#hardware()),
    });
  }

  tokenUpdate(o: TokenUpdateOptions = {}): Promise<Answer> {
    const { state } = this;
    state.awaitingConfiguration = o.awaitingConfiguration ?? state.awaitingConfiguration;
    const unlockToken = o.unlockToken ?? this.#firstUnlockToken();
    state.unlockToken = unlockToken ?? state.unlockToken;
    return this.updateToken(this.topic, o.newToken === true, {
      AwaitingConfiguration: state.awaitingConfiguration,
      ...(unlockToken !== undefined && { UnlockToken: unlockToken }),
    });
  }

  /** Authenticate and, when that was accepted, TokenUpdate. Returns the last answer. */
  async enroll(o: TokenUpdateOptions = {}): Promise<Answer> {
    const answer = await this.authenticate();
    if (!isAccepted(answer)) return answer;
    this.#installEnrollmentProfile();
    return this.tokenUpdate(o);
  }

  /** Checks in again with a new certificate, as after a re-sent enrolment profile. */
  async renew(identity: Issued): Promise<Answer> {
    this.wire.identity = identity;
    return this.enroll();
  }

  /** Speaks with the identity that the last renewal brought, from now on. */
  useRenewed(): void {
    this.wire.identity = this.#renewed ?? this.wire.identity;
  }

  /** The device leaves, whatever the server answers. */
  async checkOut(): Promise<Answer> {
    const answer = await this.checkIn('CheckOut', { Topic: this.topic });
    this.#leave();
    return answer;
  }

  /** Escrows a token (default: a new one). `null` sends none, which deletes what is escrowed. */
  setBootstrapToken(token: Buffer | null = randomBytes(48)): Promise<Answer> {
    this.state.bootstrapToken = token ?? undefined;
    return this.checkIn('SetBootstrapToken', token === null ? {} : { BootstrapToken: token });
  }

  /** `token` is what the server gave back; undefined when it has none. */
  async getBootstrapToken(): Promise<Answer & { token?: Buffer }> {
    const answer = await this.checkIn('GetBootstrapToken');
    return isAccepted(answer) ? { ...answer, token: bootstrapTokenIn(answer.body) } : answer;
  }

  /** The channel of a user; the same one again for the same user. */
  user(options: UserOptions): SimulatedUser {
    const key = `${options.userId}:${options.shortName}`;
    const user = this.#users.get(key) ?? new SimulatedUser(this, options, this.wire);
    this.#users.set(key, user);
    return user;
  }

  /** A new life: nothing installed, no users, in Setup Assistant from the next enrolment on. */
  wipe(o: { identity?: Issued } = {}): void {
    this.#endUsers();
    this.forget();
    this.state.wipe();
    this.#users.clear();
    this.wire.identity = o.identity ?? this.wire.identity;
  }

  /** A push for the device or for one of its users. */
  override onPush(pushMagic: string): Promise<ConnectionLog> {
    const user = [...this.#users.values()].find((candidate) => candidate.state.pushMagic === pushMagic);
    return user === undefined ? super.onPush(pushMagic) : user.onPush(pushMagic);
  }

  /** The device's own channel and those of its users. */
  channels(): Channel[] {
    return [this, ...this.#users.values()];
  }

  /** Closes kept sockets, unless they are shared. */
  close(): void {
    if (this.#options.connections === undefined) this.#connections.close();
  }

  erase(): void {
    this.wipe();
  }

  dismissBy(status: number): void {
    this.state.dismissedBy = status;
    this.#leave();
  }

  ownIdentifiers(): PlistDict {
    const { udid, enrollmentId } = this.facts;
    return enrollmentId === undefined ? { UDID: udid } : { EnrollmentID: enrollmentId };
  }

  contextFor(channel: ChannelState): AnswerContext {
    const { facts, identity, state } = this;
    return { facts, options: this.#options, identity, device: state, channel };
  }

  protected identifiers(): PlistDict {
    return this.ownIdentifiers();
  }

  protected context(): AnswerContext {
    return this.contextFor(this.state);
  }

  protected dismiss(status: number): void {
    this.dismissBy(status);
  }

  /** Its enrolment profile, sent again, has it fetch a new identity and check in with that. */
  protected override async prepareFor(command: Command): Promise<Preparation> {
    const content = renewalIn(command);
    if (content === undefined) return {};
    try {
      this.#renewed = await requestIdentity(content, this.renewal.scep);
    } catch (error) {
      return { failure: failedRenewal(error) };
    }
    if (this.renewal.acknowledges === 'before') return { afterwards: () => this.#announce() };
    await this.#announce();
    return {};
  }

  async #announce(): Promise<void> {
    const { checkIn = 'both', speaksWith = 'new' } = this.renewal;
    const former = this.wire.identity;
    this.useRenewed();
    const welcome = checkIn !== 'both' || isAccepted(await this.authenticate());
    if (checkIn !== 'none' && welcome) await this.tokenUpdate();
    if (speaksWith === 'former') this.wire.identity = former;
  }

  #leave(): void {
    this.#endUsers();
    this.forget();
    this.state.unenroll();
  }

  #endUsers(): void {
    for (const user of this.#users.values()) user.leave();
  }

  #hardware(): PlistDict {
    const { serialNumber, imei, meid } = this.facts;
    return {
      SerialNumber: serialNumber,
      ...(imei !== undefined && { IMEI: imei }),
      ...(meid !== undefined && { MEID: meid }),
    };
  }

  #firstUnlockToken(): Buffer | undefined {
    const sends = this.facts.platform === 'iOS' && this.facts.enrollmentId === undefined;
    return sends && this.state.unlockToken === undefined ? randomBytes(48) : undefined;
  }

  #installEnrollmentProfile(): void {
    if (this.#options.enrollmentProfile === undefined) return;
    const profile = readProfile(this.#options.enrollmentProfile);
    if (!this.state.profiles.has(profile.identifier)) this.state.profiles.set(profile.identifier, profile);
  }
}

function bootstrapTokenIn(body: Buffer): Buffer | undefined {
  const message = body.length === 0 ? undefined : parsePlist(body);
  const token = isDict(message) ? message['BootstrapToken'] : undefined;
  return token instanceof Uint8Array && token.length > 0 ? Buffer.from(token) : undefined;
}
