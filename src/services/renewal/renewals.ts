import type { Clock } from '../../clock.js';
import { chunks, placeholders, updateRows, type Database, type Transaction } from '../../database/index.js';
import { CommandSource } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { CertificateAuthority } from '../authority/index.js';
import type { CommandQueue } from '../commands/queue.js';
import type { EnrollmentWriter } from '../enrolment-profiles/writer.js';
import { claimDue, loadCandidates, type Candidate, type Due } from './candidates.js';
import { isBusy, judge, mayBeReadyLater, type Ready } from './judgement.js';
import { RENEWAL, RENEWAL_KEY } from './placeholder.js';
import { isLate, nextRenewal } from './schedule.js';

export interface RenewalOptions {
  /** How long before its end a certificate is renewed, in milliseconds; 0: not by itself. */
  readonly windowMs: number;
  /** How long after its end it may still be renewed, in milliseconds. */
  readonly graceMs: number;
}

/** What became of asking for the renewal of one device. */
export interface RenewalRequest {
  readonly deviceUuid: string;
  /** The CommandUUID of the command that was queued, or of the one that waited already. */
  readonly commandUuid?: string | undefined;
  readonly problem?: PomonaError | undefined;
}

/** What is to be done about a certificate whose renewal is due. */
interface Plan extends Due {
  readonly send?: Ready;
  /** When to look again, in milliseconds since 1970; null: never. */
  readonly renewAt: number | null;
  /** What an operator has to know: why, and when the certificate ends (or ended). */
  readonly concern?: { readonly reason: string; readonly notAfter: number } | undefined;
}

const BATCH = 200;
const AT_ONCE = 500;

/** Sends devices their enrolment profile again before their identity ends, so that they fetch a new one. */
export class Renewals {
  constructor(
    private readonly database: Database,
    private readonly queue: CommandQueue,
    private readonly authority: Pick<CertificateAuthority, 'current'>,
    private readonly writer: Pick<EnrollmentWriter, 'pushConfigured'>,
    private readonly alerts: Alerts,
    private readonly options: RenewalOptions,
    private readonly now: Clock,
  ) {}

  /**
   * Queues the renewals that are due, 200 a transaction, each with as many statements. Any number of processes may do so at
   * once, and be cut off anywhere. What did not come about is tried again, until it is too late for it.
   */
  async due(): Promise<void> {
    if (this.options.windowMs === 0 || !this.writer.pushConfigured) return;
    while ((await this.database.transaction((tx) => this.#batch(tx))) === BATCH);
  }

  /** Renews the identities of these devices now, whenever they end. One that waits for its renewal already is not sent a second. */
  async request(deviceUuids: readonly string[]): Promise<RenewalRequest[]> {
    const results: RenewalRequest[] = [];
    for (const chunk of chunks([...new Set(deviceUuids)], AT_ONCE))
      results.push(...(await this.database.transaction((tx) => this.#request(tx, chunk))));
    return results;
  }

  async #batch(tx: Transaction): Promise<number> {
    const due = await claimDue(tx, this.now(), BATCH);
    if (due.length === 0) return 0;
    const candidates = await loadCandidates(tx, [...new Set(due.map(({ deviceUuid }) => deviceUuid))]);
    const known = new Map(candidates.map((candidate) => [candidate.identity?.sha256, candidate]));
    const plans = due.map((one) => this.#plan(one, known.get(one.sha256)));
    const ready = plans.flatMap(({ send }) => send ?? []);
    await this.#send(tx, ready, CommandSource.SYSTEM);
    await reschedule(tx, plans);
    for (const { deviceUuid, sha256, concern } of plans)
      if (concern !== undefined) this.#tell(tx, deviceUuid, sha256, concern);
    return due.length;
  }

  #plan(due: Due, candidate: Candidate | undefined): Plan {
    const now = this.now();
    const identity = candidate?.identity;
    if (candidate === undefined || identity == null) return { ...due, renewAt: null };
    const { notAfter } = identity;
    const later = { ...due, renewAt: nextRenewal(notAfter, now) };
    const judged = judge(candidate, { now, graceMs: this.options.graceMs });
    if (judged instanceof PomonaError) {
      if (mayBeReadyLater(candidate, judged)) return later;
      const concern = judged.code === 'NOT_ENROLLED' ? undefined : { reason: judged.message, notAfter };
      return { ...due, renewAt: null, concern };
    }
    if (isBusy(candidate, now)) return later;
    const late = isLate(identity, this.options.windowMs, now);
    if (this.#outlives(notAfter))
      return { ...later, send: judged, concern: late ? { reason: OVERDUE, notAfter } : undefined };
    return { ...later, concern: late ? { reason: NO_LONGER, notAfter } : undefined };
  }

  /** Whether a certificate that is issued now may end later than this one. */
  #outlives(notAfter: number): boolean {
    return this.authority.current.certificate.validToDate.getTime() > notAfter;
  }

  async #request(tx: Transaction, deviceUuids: readonly string[]): Promise<RenewalRequest[]> {
    const candidates = await loadCandidates(tx, deviceUuids);
    const known = new Map(candidates.map((candidate) => [candidate.deviceUuid, this.#judgeNow(candidate)]));
    const ready = [...known.values()].flatMap((judged) => (judged instanceof PomonaError ? [] : [judged]));
    const waiting = await this.#send(tx, ready, CommandSource.API);
    const plans = ready.map(({ deviceUuid, identity: { sha256, notAfter } }) => {
      return { deviceUuid, sha256, renewAt: nextRenewal(notAfter, this.now()) };
    });
    await reschedule(tx, plans);
    return deviceUuids.map((deviceUuid) => {
      const judged =
        known.get(deviceUuid) ?? new PomonaError('NOT_FOUND', `There is no device ${deviceUuid}.`);
      if (judged instanceof PomonaError) return { deviceUuid, problem: judged };
      return { deviceUuid, commandUuid: waiting.get(judged.channelUuid) };
    });
  }

  #judgeNow(candidate: Candidate): Ready | PomonaError {
    if (!this.writer.pushConfigured) return new PomonaError('FEATURE_NOT_AVAILABLE', WITHOUT_PUSH);
    return judge(candidate, { now: this.now(), graceMs: this.options.graceMs });
  }

  /** @returns the CommandUUID of the renewal that now waits on each channel */
  async #send(tx: Transaction, ready: readonly Ready[], source: CommandSource): Promise<Map<string, string>> {
    const commands = ready.map(({ deviceUuid, channelUuid }) => {
      return { deviceUuid, channelUuid, body: RENEWAL, source, dedupeKey: RENEWAL_KEY };
    });
    const queued = await this.queue.enqueue(tx, commands);
    const waiting = new Map(queued.map(({ channelUuid, uuid }) => [channelUuid, uuid]));
    if (source === CommandSource.SYSTEM || waiting.size === ready.length) return waiting;
    const channels = ready.map(({ channelUuid }) => channelUuid);
    const rows = await tx.query<{ uuid: string; channelUuid: string }>(
      `SELECT uuid, channel_uuid AS channelUuid FROM commands
        WHERE queue_channel_uuid IN ${placeholders(channels.length)} AND dedupe_key = ?`,
      [...channels, RENEWAL_KEY],
    );
    return new Map(rows.map(({ uuid, channelUuid }) => [channelUuid, uuid]));
  }

  #tell(
    tx: Transaction,
    deviceUuid: string,
    certificate: string,
    { reason, notAfter }: NonNullable<Plan['concern']>,
  ): void {
    const ends = new Date(notAfter).toISOString();
    this.alerts.tell(tx, 'RENEWAL_OVERDUE', deviceUuid, { certificate, notAfter: ends, reason });
  }
}

const OVERDUE =
  'The identity ends soon and was not renewed yet. It was sent to the device again; see its commands for the answers.';
const NO_LONGER =
  'The identity cannot be renewed, because the authority that issues identities ends no later: give the server a new one.';
const WITHOUT_PUSH = 'No push certificate is configured, so no device can be sent its enrollment profile.';

/** In one statement for 200. */
async function reschedule(
  tx: Transaction,
  plans: readonly { readonly sha256: string; readonly renewAt: number | null }[],
): Promise<void> {
  const rows = plans.map(({ sha256, renewAt }) => ({ key: sha256, set: { renew_at: renewAt } }));
  await updateRows(tx, { table: 'identities', keyColumn: 'sha256' }, rows);
}
