import { randomBytes, randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { buildPlist, type PlistDict } from '../../src/apple/plist/index.js';
import { carryOut, type AnswerContext, type Outcome } from './answers/index.js';
import { Script, type Behaviour, type BehaviourRule } from './behaviour.js';
import {
  converse,
  isAccepted,
  type ConnectionLog,
  type Conversation,
  type Reaction,
  type Report,
} from './connection.js';
import type { ChannelState, ReceivedCommand } from './state.js';
import type { PreparedRequest } from './transport.js';
import { Turns } from './turns.js';
import type { Answer, Command, ReportStatus, Wire } from './wire.js';

/** What was done about a command before it is answered: why it failed, or what is left to do after the answer. */
export interface Preparation {
  readonly failure?: Outcome;
  readonly afterwards?: () => Promise<void>;
}

/** A device's own channel, or the channel of one of its users: a push token, a magic and a queue of its own. */
export abstract class Channel implements Conversation {
  abstract readonly state: ChannelState;
  abstract readonly maxExchanges: number;
  protected abstract readonly wire: Wire;
  readonly #script = new Script();
  readonly #turns = new Turns<ConnectionLog>();
  readonly #unsent: Report[] = [];
  readonly #held: Report[] = [];
  #updating: Promise<unknown> = Promise.resolve();

  /** What names this channel in every message: UDID or EnrollmentID, and the user. */
  protected abstract identifiers(): PlistDict;
  protected abstract context(): AnswerContext;
  /** What carrying a command out takes beyond the answer to it; nothing, for most. */
  protected prepareFor(_command: Command): Promise<Preparation> {
    return Promise.resolve({});
  }
  /** The server told the device to remove its enrolment. */
  protected abstract dismiss(status: number): void;
  abstract erase(): void;

  /** One PUT of status Idle; a command in the answer is only returned, not carried out. */
  idle(): Promise<Answer> {
    return this.#say(this.#report('Idle'));
  }

  /** One report of whatever status, for whatever command. Refused, it is not kept: the caller is in charge. */
  report(status: ReportStatus, commandUUID: string, extra: PlistDict = {}): Promise<Answer> {
    return this.#say(this.#report(status, commandUUID, extra));
  }

  /** Any bytes to any path, signed. `headers` win over the device's own; `undefined` leaves one out. */
  sendRaw(path: string, bytes: Uint8Array, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.#send(this.wire.prepare(path, Buffer.from(bytes), headers));
  }

  /** A whole connection: Idle (or a report that is still owed), then every command until the empty answer. */
  connect(): Promise<ConnectionLog> {
    return this.#turns.next(() => {
      if (!this.state.enrolled) throw new Error('The device is not enrolled, so it does not connect');
      return this.#converse();
    });
  }

  /** What the device does by itself when its circumstances changed: connect, if NotNow was its last word. */
  async poll(): Promise<ConnectionLog | undefined> {
    return this.state.wantsToPoll ? this.connect() : undefined;
  }

  /**
   * A push arrived. Pushes that arrive while the device is connected lead to one more connection. One that overtakes the
   * answer to the TokenUpdate waits for it.
   */
  async onPush(pushMagic: string): Promise<ConnectionLog> {
    if (pushMagic !== this.state.pushMagic) return ignored();
    return this.#turns.nextShared(async () => {
      await this.#updating;
      return this.state.enrolled ? this.#converse() : ignored();
    });
  }

  /** What to do with commands of this RequestType (`'*'`: those without a rule of their own), `times` times. */
  behave(requestType: string, behaviour: BehaviourRule, times?: number): void {
    this.#script.add(requestType, behaviour, times);
  }

  /** Sends the reports that `late` held back, in order, and goes on with the connection. */
  sendLate(): Promise<ConnectionLog> {
    return this.#turns.next(() => {
      const first = this.#held.shift();
      if (first === undefined) throw new Error('No report is held back');
      this.#unsent.push(...this.#held.splice(0));
      return converse(this, first);
    });
  }

  /** A check-in message of any type, with this channel's identifiers. */
  checkIn(messageType: string, message: PlistDict = {}): Promise<Answer> {
    return this.#send(this.prepareCheckIn(messageType, message));
  }

  prepareCheckIn(messageType: string, message: PlistDict = {}): PreparedRequest {
    return this.wire.prepareCheckIn({ MessageType: messageType, ...this.identifiers(), ...message });
  }

  /** An Idle report that is ready to be replayed: signing costs more than sending. */
  prepareIdle(): PreparedRequest {
    return this.wire.prepareConnect(this.#report('Idle').body);
  }

  prepareReport(status: ReportStatus, commandUUID: string, extra: PlistDict = {}): PreparedRequest {
    return this.wire.prepareConnect(this.#report(status, commandUUID, extra).body);
  }

  /** Sends a TokenUpdate, making a token and a magic if there are none yet or `newToken` asks for others. */
  protected updateToken(topic: string, newToken: boolean, extra: PlistDict): Promise<Answer> {
    const update = this.#updateToken(topic, newToken, extra);
    this.#updating = update.catch(() => undefined);
    return update;
  }

  async #updateToken(topic: string, newToken: boolean, extra: PlistDict): Promise<Answer> {
    const { state } = this;
    if (newToken || state.pushToken === undefined) {
      state.pushToken = randomBytes(32);
      state.pushMagic = randomUUID().toUpperCase();
    }
    const message = { Topic: topic, Token: state.pushToken, PushMagic: state.pushMagic, ...extra };
    const answer = await this.checkIn('TokenUpdate', message);
    if (isAccepted(answer)) state.enrolled = true;
    return answer;
  }

  async deliver(report: Report): Promise<Answer> {
    const kept = report.status !== 'Idle' && report.status !== 'undecodable';
    if (kept) this.#unsent.unshift(report);
    const answer = await this.#say(report);
    if (kept && isAccepted(answer)) this.#unsent.shift();
    return answer;
  }

  takeUnsent(): Report | undefined {
    return this.#unsent.shift();
  }

  isEnrolled(): boolean {
    return this.state.enrolled;
  }

  async react(command: Command): Promise<Reaction> {
    const received: ReceivedCommand = { ...command, life: this.state.life };
    this.state.received.push(received);
    const reaction = await this.#follow(this.#script.next(command), command);
    received.answered = reaction.report?.status;
    return reaction;
  }

  /** Forgets what an ended life still owed the server. */
  protected forget(): void {
    this.#unsent.length = 0;
    this.#held.length = 0;
  }

  #converse(): Promise<ConnectionLog> {
    const { device } = this.context();
    for (const application of device.applications.values()) application.installing = false;
    return converse(this, this.takeUnsent() ?? this.#report('Idle'));
  }

  async #follow(behaviour: Behaviour, command: Command): Promise<Reaction> {
    if (behaviour === 'acknowledge') return this.#carryOut(command);
    if ('delayMs' in behaviour) {
      await delay(behaviour.delayMs);
      return this.#follow(behaviour.afterwards ?? 'acknowledge', command);
    }
    if ('acknowledge' in behaviour) return this.#carryOut(command, behaviour.acknowledge);
    if ('duplicate' in behaviour) return { ...(await this.#carryOut(command)), times: behaviour.duplicate };
    if ('late' in behaviour) return this.#hold(await this.#carryOut(command));
    if ('drop' in behaviour) return { end: 'dropped' };
    if ('undecodable' in behaviour) {
      const body = Buffer.from(behaviour.undecodable);
      return { report: { status: 'undecodable', commandUUID: command.uuid, body } };
    }
    return { report: this.#refusal(behaviour, command.uuid) };
  }

  #refusal(behaviour: Extract<Behaviour, object>, uuid: string): Report {
    if ('notNow' in behaviour) return this.#report('NotNow', uuid);
    if ('error' in behaviour) return this.#report('Error', uuid, errorChain(behaviour));
    return this.#report('CommandFormatError', uuid);
  }

  async #carryOut(command: Command, overlay: PlistDict = {}): Promise<Reaction> {
    const { uuid, requestType, body } = command;
    const { failure, afterwards } = await this.prepareFor(command);
    const outcome = failure ?? carryOut(requestType, body, this.context());
    const status = outcome.error === undefined ? 'Acknowledged' : 'Error';
    const extra = { ...outcome.extra, ...errorChain(outcome), ...overlay };
    const reaction: Reaction = {
      report: this.#report(status, uuid, extra),
      ...(afterwards && { afterwards }),
    };
    return outcome.erases === true ? { ...reaction, end: 'erased' } : reaction;
  }

  #hold({ report }: Reaction): Reaction {
    if (report !== undefined) this.#held.push(report);
    return { end: 'held' };
  }

  #report(status: ReportStatus, commandUUID?: string, extra: PlistDict = {}): Report {
    const named = commandUUID === undefined ? {} : { CommandUUID: commandUUID };
    const body = buildPlist({ Status: status, ...named, ...this.identifiers(), ...extra });
    return { status, commandUUID, body };
  }

  async #say({ status, body }: Report): Promise<Answer> {
    const answer = await this.#send(this.wire.prepareConnect(body));
    if (isAccepted(answer) && status !== 'undecodable') this.state.lastStatus = status;
    return answer;
  }

  async #send(request: PreparedRequest): Promise<Answer> {
    const answer = await this.wire.send(request);
    if (removesEnrolment(answer)) this.dismiss(answer.status);
    return answer;
  }
}

const ignored = (): ConnectionLog => ({ exchanges: [], commands: [], end: 'ignored' });

const errorChain = ({ error }: Outcome): PlistDict =>
  error === undefined ? {} : { ErrorChain: error.map((link) => ({ ...link })) };

/** Apple: 401 to any request, or 403 that says `com.apple.unrecognized.device`. */
const removesEnrolment = ({ status, body }: Answer): boolean =>
  status === 401 || (status === 403 && body.includes('com.apple.unrecognized.device'));
