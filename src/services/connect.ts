import type { EnrollmentKey, Report, ReportStatus } from '../apple/messages/index.js';
import type { Clock } from '../clock.js';
import type { CommandError } from '../entities/command.js';
import { ChannelKind, CommandStatus, EnrollmentStatus } from '../entities/enums.js';
import { PomonaError } from '../errors.js';
import type { Alerts } from './alerts.js';
import type { ReportSubject } from './commands/attribution.js';
import {
  type ConnectLookup,
  type ConnectFacts,
  type NextCommand,
  type ReportKind,
  type ReportedCommand,
} from './commands/lookup.js';
import type { Answer, Outcomes } from './commands/outcomes.js';
import type { Deployments } from './deployments/deployments.js';
import type { Contacts } from './devices/contacts.js';
import type { SealedBodies } from './commands/sealed-bodies.js';
import type { UnlockTokens } from './commands/unlock-token.js';
import { compress, findingOf, type Finding } from './devices/findings.js';
import type { PresentedIdentity } from './enrolment/identity-rules.js';
import type { RenewalCommands } from './renewal/commands.js';
import type { UnreadableReports } from './unreadable-reports.js';

/** What a device said in one connect request. `raw` is the body as it came. */
export interface ConnectRequest {
  /** Undefined when not even that could be told from a body that could not be read. */
  readonly key: EnrollmentKey | undefined;
  readonly identity: PresentedIdentity;
  readonly raw: Buffer;
  /** Undefined when the body could not be read; then `unreadable` says why, and what could be told from it. */
  readonly report: Report | undefined;
  readonly unreadable?: { readonly reason: string; readonly commandUuid: string | undefined };
}

const MOST_KEPT_BYTES = 8 * 1024 * 1024;
/** Real chains have two or three links of a sentence each. What is more is in the report, which is kept whole. */
const MOST_ERRORS = 20;
const MOST_WORDS = 2_048;

const FINAL: Partial<Record<ReportStatus, Answer['status']>> = {
  Acknowledged: CommandStatus.ACKNOWLEDGED,
  Error: CommandStatus.ERROR,
  CommandFormatError: CommandStatus.FORMAT_ERROR,
  NotNow: CommandStatus.NOT_NOW,
};

/**
 * The hot path: a device connects, reports, and is handed its next command. An idle device with nothing queued costs one
 * statement. A report is on disk before this returns, so that the device may forget it.
 */
export class Connect {
  constructor(
    private readonly lookup: ConnectLookup,
    private readonly outcomes: Outcomes,
    private readonly contacts: Contacts,
    private readonly deployments: Deployments,
    private readonly sealedBodies: SealedBodies,
    private readonly unlockTokens: UnlockTokens,
    private readonly renewals: RenewalCommands,
    private readonly unreadables: UnreadableReports,
    private readonly alerts: Alerts,
    private readonly now: Clock,
  ) {}

  /**
   * Returns the command to hand out, or undefined when there is nothing to do. Throws IDENTITY_REFUSED when the certificate
   * is not bound to this device.
   */
  async handle(request: ConnectRequest): Promise<NextCommand | undefined> {
    const subject = await this.#subjectOf(request);
    const facts = await this.#facts(request, subject);
    await this.#checkIdentity(request, facts);
    if (facts === undefined) return undefined;
    this.contacts.heard(facts.deviceUuid);
    if (request.identity.expired === true) return this.#renewOnly(request, facts);
    if (facts.identityStatus === 'STAGED')
      await this.renewals.used(request.identity.sha256, facts.deviceUuid);
    const queuedMore = await this.#take(request, facts, subject.commandUuid);
    if (!subject.certain || !mayBeSent(facts)) return undefined;
    const next = queuedMore ? (await this.#facts(request, subject))?.next : facts.next;
    return next === undefined ? undefined : this.#handOut(next);
  }

  async #handOut(next: NextCommand): Promise<NextCommand | undefined> {
    const opened = await this.sealedBodies.fill(next);
    if (opened === undefined) return undefined;
    const filled = await this.renewals.fill(await this.unlockTokens.fill(opened));
    this.outcomes.delivered(next, this.now());
    return filled;
  }

  /**
   * A device whose certificate has ended: it is handed its renewal and nothing else, and only what it says of that is believed.
   * Any other report is taken without being kept: refused, it would come again and again, and the renewal never be asked for.
   * What it was about stays in the queue, and is handed out again to the certificate that comes.
   */
  async #renewOnly(request: ConnectRequest, facts: ConnectFacts): Promise<NextCommand | undefined> {
    if (!mayBeSent(facts) || request.report === undefined) return undefined;
    const renewal = await this.renewals.waiting(facts.deviceUuid, facts.channelUuid);
    if (renewal === undefined) return undefined;
    if (request.report.status === 'Idle' || request.report.commandUUID !== renewal.uuid)
      return this.#handOut(renewal);
    const command = { ...renewal, channelUuid: facts.channelUuid, active: true };
    await this.outcomes.answered(await this.#answer(request, facts, command));
    return undefined;
  }

  async #subjectOf({ key, report, unreadable, identity }: ConnectRequest): Promise<ReportSubject> {
    if (report === undefined || key === undefined) {
      await this.outcomes.deliveriesRecorded();
      return this.unreadables.subjectOf(identity.sha256, {
        channelKey: key?.channelKey,
        commandUuid: unreadable?.commandUuid,
      });
    }
    return { channelKey: key.channelKey, commandUuid: report.commandUUID ?? '', certain: true };
  }

  #facts(
    { identity, report }: ConnectRequest,
    { channelKey, commandUuid }: ReportSubject,
  ): Promise<ConnectFacts | undefined> {
    const kind = kindOf(report?.status);
    return this.lookup.facts({
      channelKey,
      certificate: identity.sha256,
      commandUuid,
      kind,
      now: this.now(),
    });
  }

  /** No certificate speaks for another device; an archived one speaks for none. A user channel goes by its device's certificate. */
  async #checkIdentity(request: ConnectRequest, facts: ConnectFacts | undefined): Promise<void> {
    if (
      facts !== undefined &&
      facts.identityDeviceUuid === facts.deviceUuid &&
      facts.identityStatus !== 'ARCHIVED'
    )
      return;
    await this.alerts.raise('IDENTITY_REFUSED', facts?.deviceUuid ?? null, {
      message: 'connect',
      claimed: request.key?.deviceKey ?? '',
      certificate: request.identity.sha256,
    });
    throw new PomonaError(
      'IDENTITY_REFUSED',
      'The certificate that was presented is not bound to this device.',
    );
  }

  /** Records what the device reported. @returns whether new commands wait for this channel because of it */
  async #take(request: ConnectRequest, facts: ConnectFacts, commandUuid: string): Promise<boolean> {
    if (request.report?.status === 'Idle') return false;
    const { reported } = facts;
    if (reported === undefined || reported.channelUuid !== facts.channelUuid) {
      await this.#strange(request, facts, commandUuid);
      return false;
    }
    if (!reported.active) return this.#late(request, facts, reported);
    const answer = await this.#answer(request, facts, reported);
    return (await this.outcomes.answered(answer)).queuedMore;
  }

  async #answer(request: ConnectRequest, facts: ConnectFacts, command: ReportedCommand): Promise<Answer> {
    const { report, raw } = request;
    const status = report === undefined ? CommandStatus.ERROR : (FINAL[report.status] ?? CommandStatus.ERROR);
    return {
      kind: 'answer',
      command,
      deviceUuid: facts.deviceUuid,
      status,
      errors:
        report === undefined
          ? [undecodable(request)]
          : report.errorChain.slice(0, MOST_ERRORS).map(toCommandError),
      report: status === CommandStatus.NOT_NOW ? null : await keepable(raw),
      reportSize: raw.length,
      finding: await this.#finding(facts, command, report, status),
      at: this.now(),
    };
  }

  /** Only the device channel speaks for the device. */
  async #finding(
    facts: ConnectFacts,
    command: ReportedCommand,
    report: Report | undefined,
    status: CommandStatus,
  ): Promise<Finding> {
    if (
      report === undefined ||
      status !== CommandStatus.ACKNOWLEDGED ||
      facts.channelKind !== ChannelKind.DEVICE
    )
      return {};
    return findingOf(command.requestType, report);
  }

  /** A finished command is reported again, or a withdrawn one was carried out after all. The command itself never changes any more. */
  async #late(request: ConnectRequest, facts: ConnectFacts, command: ReportedCommand): Promise<boolean> {
    const withdrawn = command.status === CommandStatus.CANCELLED || command.status === CommandStatus.EXPIRED;
    if (withdrawn && command.itemUuid !== null && request.report?.status === 'Acknowledged') {
      await this.deployments.lateAnswer(facts.deviceUuid, command.itemUuid, command.requestType);
    }
    return false;
  }

  /** A report about no command of this channel: nothing is believed of it, and nobody has to ask twice. */
  async #strange(request: ConnectRequest, facts: ConnectFacts, commandUuid: string): Promise<void> {
    if (request.report === undefined) {
      await this.unreadables.keep(
        facts.deviceUuid,
        request.unreadable?.reason ?? 'unreadable',
        await compress(request.raw),
      );
      return;
    }
    await this.alerts.raise('UNKNOWN_COMMAND_REPORTED', facts.deviceUuid, {
      commandUuid,
      status: request.report.status,
    });
  }
}

/** Whether the channel takes commands: it is there, and its device enrolled. */
function mayBeSent({ enabled, enrollmentStatus }: ConnectFacts): boolean {
  return enabled && enrollmentStatus === EnrollmentStatus.ENROLLED;
}

function kindOf(status: ReportStatus | undefined): ReportKind {
  if (status === 'Idle') return 'idle';
  return status === 'NotNow' ? 'notNow' : 'answered';
}

/** Deflated, a report of tens of megabytes is a few; one that is not (noise) is not kept: its answer still counts. */
async function keepable(raw: Buffer): Promise<Buffer | null> {
  const deflated = await compress(raw);
  return deflated.length > MOST_KEPT_BYTES ? null : deflated;
}

function undecodable(request: ConnectRequest): CommandError {
  return {
    code: null,
    domain: 'Pomona',
    localizedDescription: null,
    usEnglishDescription: `The device's report could not be read: ${request.unreadable?.reason ?? 'unknown reason'}. It is kept as it came.`,
  };
}

function toCommandError(entry: Report['errorChain'][number]): CommandError {
  return {
    code: entry.errorCode ?? null,
    domain: entry.errorDomain?.slice(0, MOST_WORDS) ?? null,
    localizedDescription: entry.localizedDescription?.slice(0, MOST_WORDS) ?? null,
    usEnglishDescription: entry.usEnglishDescription?.slice(0, MOST_WORDS) ?? null,
  };
}
