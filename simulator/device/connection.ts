import type { Answer, Command, ReportStatus } from './wire.js';

/** A status report as it goes out. `body` is kept, so that sending it again sends the same bytes. */
export interface Report {
  readonly status: ReportStatus | 'undecodable';
  readonly commandUUID?: string;
  readonly body: Buffer;
}

/** One PUT and its answer. */
export interface Exchange {
  readonly status: Report['status'];
  readonly commandUUID?: string;
  readonly answer: Answer;
}

/**
 * How a connection ended:
 * - `empty`: the server had nothing more to do.
 * - `refused`: an answer other than 2xx. A report that was refused is kept and opens the next connection.
 * - `dropped`, `held`: by the device's script.
 * - `erased`: the device erased itself.
 * - `dismissed`: the server's answer removed the enrolment.
 * - `ignored`: the push was not for this enrolment, nothing was sent.
 */
export type ConnectionEnd = 'empty' | 'refused' | 'dropped' | 'held' | 'erased' | 'dismissed' | 'ignored';

export interface ConnectionLog {
  readonly exchanges: Exchange[];
  /** The commands that were handed out, in order. */
  readonly commands: Command[];
  end: ConnectionEnd;
}

/** What the device does about a command: what it says, how often (default once), and whether that is the end. */
export interface Reaction {
  readonly report?: Report;
  readonly times?: number;
  readonly end?: 'dropped' | 'held' | 'erased';
  /** What it does by itself once it has said so. */
  readonly afterwards?: () => Promise<void>;
}

/** The connection's rules, and nothing of how things are sent. */
export interface Conversation {
  /** Sends one report. Keeps it for later unless the server took it. */
  deliver(report: Report): Promise<Answer>;
  react(command: Command): Promise<Reaction>;
  /** Takes a report that an earlier connection could not hand over. */
  takeUnsent(): Report | undefined;
  isEnrolled(): boolean;
  erase(): void;
  readonly maxExchanges: number;
}

export const isAccepted = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

/** Reports, takes the command in the answer, does it, reports… until the server has nothing more. */
export async function converse(device: Conversation, opening: Report): Promise<ConnectionLog> {
  const log: ConnectionLog = { exchanges: [], commands: [], end: 'empty' };
  let next: Reaction = { report: opening };
  for (;;) {
    const answer = await say(device, next, log);
    await next.afterwards?.();
    if (next.end === 'erased') device.erase();
    log.end = endOf(device, next, answer) ?? 'empty';
    if (log.end !== 'empty') return log;
    const following = await followUp(device, answer, log);
    if (following === undefined) return log;
    next = following;
  }
}

/** Sends the reaction's report as often as it says. The last answer counts; a refusal ends it. */
async function say(
  device: Conversation,
  { report, times = 1 }: Reaction,
  log: ConnectionLog,
): Promise<Answer | undefined> {
  if (report === undefined) return undefined;
  for (let left = times; ; left -= 1) {
    if (log.exchanges.length >= device.maxExchanges) {
      throw new Error(`The server did not end the connection within ${device.maxExchanges} exchanges`);
    }
    const answer = await device.deliver(report);
    log.exchanges.push({ status: report.status, commandUUID: report.commandUUID, answer });
    if (left <= 1 || !isAccepted(answer)) return answer;
  }
}

function endOf(
  device: Conversation,
  { end }: Reaction,
  answer: Answer | undefined,
): ConnectionEnd | undefined {
  if (end !== undefined) return end;
  if (answer === undefined || isAccepted(answer)) return undefined;
  return device.isEnrolled() ? 'refused' : 'dismissed';
}

async function followUp(
  device: Conversation,
  answer: Answer | undefined,
  log: ConnectionLog,
): Promise<Reaction | undefined> {
  if (answer?.command !== undefined) {
    log.commands.push(answer.command);
    return device.react(answer.command);
  }
  const report = device.takeUnsent();
  return report && { report };
}
