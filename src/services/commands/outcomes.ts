import { Gather, updateRows, type Database, type RowUpdate, type Transaction } from '../../database/index.js';
import type { CommandError } from '../../entities/command.js';
import { CommandStatus, ItemStatus } from '../../entities/enums.js';
import { EventType, type NewEvent, type Outbox } from '../../events/index.js';
import type { NextCommand, ReportedCommand } from './lookup.js';
import type { Finding } from '../devices/findings.js';
import { ACTIVE } from './queue.js';
import { isSealed, type SealedReports } from './sealed-reports.js';

/** A command was handed to the device. */
export interface Delivery {
  readonly kind: 'delivery';
  readonly command: NextCommand;
  readonly at: number;
}

/** A device answered a command. */
export interface Answer {
  readonly kind: 'answer';
  readonly command: ReportedCommand;
  readonly deviceUuid: string;
  readonly status:
    CommandStatus.ACKNOWLEDGED | CommandStatus.ERROR | CommandStatus.FORMAT_ERROR | CommandStatus.NOT_NOW;
  readonly errors: readonly CommandError[];
  /** The whole report, deflated; null for NotNow, which says nothing more. */
  readonly report: Buffer | null;
  /** Bytes of the report before it was deflated. */
  readonly reportSize: number;
  /** What the answer tells of the device, already read from it. */
  readonly finding: Finding;
  readonly at: number;
}

type Job = Delivery | Answer;

/** What an answer brings about beyond its command. Runs in the transaction that records the answer. */
export interface AnswerConsequence {
  /** @returns the channels that have been queued something new meanwhile */
  apply(tx: Transaction, answers: readonly Answer[]): Promise<readonly string[]>;
}

export interface Recorded {
  /** False for a duplicate: the command was finished before, nothing was changed. */
  readonly first: boolean;
  /** New commands wait on the channel, so the next one must be looked up again. */
  readonly queuedMore: boolean;
}

/** The answers that end a command, told from those that do not. */
const isFinal = (answer: Answer): boolean => answer.status !== CommandStatus.NOT_NOW;

/** Another process finished one of the commands first; the gathered work is done again one by one. */
class Raced extends Error {}

/**
 * Records deliveries and answers. Those of many devices share one transaction; an answer is on disk before the device is
 * told 200. A delivery is not waited for: losing its mark in a crash only means that the command is handed out again.
 */
export class Outcomes {
  readonly #gather: Gather<Job, Recorded>;
  #lastDelivery: Promise<unknown> = Promise.resolve();

  constructor(
    database: Database,
    private readonly outbox: Outbox,
    private readonly consequences: readonly AnswerConsequence[],
    private readonly sealedReports: SealedReports,
    private readonly onError: (error: unknown) => void,
  ) {
    const gathering = { most: 128, waitMs: 0, crowdedMs: 2 };
    this.#gather = new Gather(database, gathering, (jobs, tx) => this.#carryOut(jobs, tx));
  }

  delivered(command: NextCommand, at: number): void {
    this.#lastDelivery = this.#gather.submit({ kind: 'delivery', command, at }).catch(this.onError);
  }

  /** Resolves when every delivery so far is on disk: they are recorded in the order they were made. */
  async deliveriesRecorded(): Promise<void> {
    await this.#lastDelivery;
  }

  answered(answer: Answer): Promise<Recorded> {
    return this.#gather.submit(answer);
  }

  /** Resolves when everything handed in so far is on disk. */
  drain(): Promise<void> {
    return this.#gather.drain();
  }

  async #carryOut(jobs: readonly Job[], tx: Transaction): Promise<Recorded[]> {
    const alone = jobs.length === 1;
    const { jobs: fresh, repeated } = firstOnly(jobs);
    const answers = fresh.filter((job) => job.kind === 'answer');
    const final = answers.filter(isFinal);
    const handedOut = Map.groupBy(
      fresh.filter((job) => job.kind === 'delivery'),
      ({ command }) => command.seq,
    );
    const deliveries = await markDelivered(tx, apartFrom(handedOut, final), alone);
    const finals = await recordFinals(tx, final, handedOut, alone);
    await this.sealedReports.keep(tx, finals);
    const later = answers.filter((answer) => !isFinal(answer));
    await recordNotNow(tx, later);
    const closing = finals.flatMap(({ command }) => handedOut.get(command.seq) ?? []);
    const told = new Set<Job>([...deliveries, ...closing, ...finals, ...later]);
    this.outbox.emit(tx, ...fresh.filter((job) => told.has(job)).flatMap(eventOf));
    const queuedFor = await this.#consequences(tx, finals);
    return jobs.map((job) => ({
      first: !repeated.has(job) && (job.kind === 'delivery' || told.has(job)),
      queuedMore: job.kind === 'answer' && queuedFor.has(job.command.channelUuid),
    }));
  }

  async #consequences(tx: Transaction, finals: readonly Answer[]): Promise<Set<string>> {
    const channels = new Set<string>();
    if (finals.length === 0) return channels;
    for (const consequence of this.consequences) {
      for (const channel of await consequence.apply(tx, finals)) channels.add(channel);
    }
    return channels;
  }
}

/** Two connections may report the same command at once: only the first final answer to it counts. */
function firstOnly(jobs: readonly Job[]): { jobs: Job[]; repeated: Set<Job> } {
  const answered = new Set<number>();
  const repeated = new Set<Job>();
  for (const job of jobs) {
    if (job.kind !== 'answer') continue;
    if (answered.has(job.command.seq)) repeated.add(job);
    else if (isFinal(job)) answered.add(job.command.seq);
  }
  return { jobs: jobs.filter((job) => !repeated.has(job)), repeated };
}

/** The deliveries of those commands that are not answered in the same breath. */
function apartFrom(
  handedOut: ReadonlyMap<number, readonly Delivery[]>,
  final: readonly Answer[],
): (readonly Delivery[])[] {
  const answered = new Set(final.map(({ command }) => command.seq));
  return [...handedOut].flatMap(([seq, same]) => (answered.has(seq) ? [] : [same]));
}

/**
 * A statement changes a row once, so commands are marked together with those that were handed out as often meanwhile.
 * @param handedOut the deliveries of each command
 * @returns the deliveries of commands that were still active
 */
async function markDelivered(
  tx: Transaction,
  handedOut: readonly (readonly Delivery[])[],
  alone: boolean,
): Promise<readonly Delivery[]> {
  let changed = 0;
  for (const [times, same] of Map.groupBy(handedOut, ({ length }) => length)) {
    const rows = same
      .flatMap((ofOne) => ofOne.slice(-1))
      .map(({ command, at }) => ({ key: command.seq, set: { sent_at: at } }));
    const also = [`status = '${CommandStatus.SENT}'`, `delivery_count = delivery_count + ${times}`];
    changed += await updateRows(tx, { table: 'commands', keyColumn: 'seq', also, guard: ACTIVE }, rows);
  }
  const deliveries = handedOut.flat();
  if (changed === handedOut.length) {
    await markItemsSent(
      tx,
      deliveries.flatMap(({ command }) => command.itemUuid ?? []),
    );
    return deliveries;
  }
  if (!alone) throw new Raced('A command was withdrawn while it was handed out.');
  return [];
}

async function markItemsSent(tx: Transaction, items: readonly string[]): Promise<void> {
  if (items.length === 0) return;
  await tx.run(
    `UPDATE deployment_items SET status = '${ItemStatus.SENT}' WHERE status = '${ItemStatus.PENDING}' AND uuid IN (${items.map(() => '?').join(', ')})`,
    items,
  );
}

/**
 * Finishes commands; those that were handed out in the same breath are marked as delivered by the same statement.
 * @returns the answers that did finish their command
 */
async function recordFinals(
  tx: Transaction,
  answers: readonly Answer[],
  handedOut: ReadonlyMap<number, readonly Delivery[]>,
  alone: boolean,
): Promise<readonly Answer[]> {
  let changed = 0;
  const deliveriesOf = ({ command }: Answer): readonly Delivery[] => handedOut.get(command.seq) ?? [];
  for (const [times, same] of Map.groupBy(answers, (answer) => deliveriesOf(answer).length)) {
    const also = ['queue_channel_uuid = NULL', 'queue_expires_at = NULL'];
    if (times > 0) also.push(`delivery_count = delivery_count + ${times}`);
    const rows = same.map((answer) => finished(answer, deliveriesOf(answer).at(-1)));
    changed += await updateRows(tx, { table: 'commands', keyColumn: 'seq', also, guard: ACTIVE }, rows);
  }
  if (changed === answers.length) return answers;
  if (!alone) throw new Raced('A command was finished elsewhere at the same time.');
  return [];
}

function finished(answer: Answer, delivery: Delivery | undefined): RowUpdate {
  return {
    key: answer.command.seq,
    set: {
      status: answer.status,
      answered_at: answer.at,
      errors: answer.errors.length === 0 ? null : JSON.stringify(answer.errors),
      report: isSealed(answer) ? null : answer.report,
      report_size: answer.reportSize,
      ...(delivery === undefined ? {} : { sent_at: delivery.at }),
    },
  };
}

async function recordNotNow(tx: Transaction, answers: readonly Answer[]): Promise<void> {
  if (answers.length === 0) return;
  await tx.run(
    `UPDATE commands SET status = '${CommandStatus.NOT_NOW}', not_now_count = not_now_count + 1
      WHERE ${ACTIVE} AND seq IN (${answers.map(() => '?').join(', ')})`,
    answers.map((answer) => answer.command.seq),
  );
  const carrying = answers
    .filter((answer) => answer.command.itemUuid !== null)
    .map((answer) => answer.command.uuid);
  if (carrying.length === 0) return;
  // The device has not done it: should it no longer be wanted, there is nothing to remove.
  await tx.run(
    `UPDATE deployment_items SET status = '${ItemStatus.PENDING}'
      WHERE status = '${ItemStatus.SENT}' AND command_uuid IN (${carrying.map(() => '?').join(', ')})`,
    carrying,
  );
}

function eventOf(job: Job): NewEvent[] {
  const { command } = job;
  if (job.kind === 'delivery' && job.command.status === CommandStatus.SENT) return [];
  const deviceUuid = job.kind === 'delivery' ? job.command.deviceUuid : job.deviceUuid;
  const status = job.kind === 'delivery' ? CommandStatus.SENT : job.status;
  return [
    {
      type: EventType.COMMAND_UPDATED,
      deviceUuid,
      subjectUuid: command.uuid,
      data: { status, requestType: command.requestType },
    },
  ];
}
