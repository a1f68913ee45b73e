import { GatherReads, type Database } from '../../database/index.js';
import type { IdentityStatus } from '../../entities/identity.js';
import { CommandStatus, type ChannelKind, type EnrollmentStatus } from '../../entities/enums.js';

/** What the last report of a connection was; it decides which command may be next. */
export type ReportKind = 'idle' | 'answered' | 'notNow';

export interface ConnectQuestion {
  readonly channelKey: string;
  /** SHA-256 of the identity certificate that was presented. */
  readonly certificate: string;
  /** The command that is being answered; empty when none. */
  readonly commandUuid: string;
  readonly kind: ReportKind;
  readonly now: number;
}

/** A command as it is handed out. */
export interface NextCommand {
  readonly seq: number;
  readonly uuid: string;
  readonly deviceUuid: string;
  readonly status: CommandStatus;
  readonly requestType: string;
  readonly itemUuid: string | null;
  readonly fragment: string;
}

/** The command a report is about. */
export interface ReportedCommand {
  readonly seq: number;
  readonly uuid: string;
  readonly channelUuid: string;
  readonly status: CommandStatus;
  readonly requestType: string;
  readonly itemUuid: string | null;
  readonly active: boolean;
}

/** Everything a connection needs to know, from one statement. */
export interface ConnectFacts {
  readonly channelUuid: string;
  readonly deviceUuid: string;
  readonly channelKind: ChannelKind;
  readonly enabled: boolean;
  readonly enrollmentStatus: EnrollmentStatus;
  readonly awaitingConfiguration: boolean;
  readonly identityDeviceUuid: string | null;
  readonly identityStatus: IdentityStatus | null;
  readonly reported: ReportedCommand | undefined;
  readonly next: NextCommand | undefined;
}

/** A command that may be handed out now: in this channel's queue, its time come and not gone. */
const READY = `FROM commands q WHERE q.queue_channel_uuid = ch.uuid AND q.uuid <> a.command_uuid
  AND (q.not_before IS NULL OR q.not_before <= a.now) AND (q.expires_at IS NULL OR q.expires_at > a.now)`;
const FIRST = 'ORDER BY q.queue_rank, q.seq LIMIT 1';
const HEAD = `(SELECT q.seq ${READY} ${FIRST})`;
const NOT_REFUSED = `(SELECT q.seq ${READY} AND q.status <> '${CommandStatus.NOT_NOW}' ${FIRST})`;
const BEHIND_REPORTED = `(SELECT q.seq ${READY} AND (q.queue_rank > r.queue_rank OR (q.queue_rank = r.queue_rank AND q.seq > r.seq)) ${FIRST})`;
const LAST = `(SELECT q.seq ${READY} ORDER BY q.queue_rank DESC, q.seq DESC LIMIT 1)`;

/**
 * Which command is next, by what the device just said (Apple: handling NotNow status responses).
 * Idle: conditions may have changed, so the plain order holds, NotNow commands included.
 * NotNow: what was not put off yet; then the put-off commands behind this one, so that each is tried and none blocks others.
 * An answer: the same, and when only commands before it are left, the last of them once more: so the connection ends with
 * NotNow, and the device polls by itself.
 */
const NEXT: Record<ReportKind, string> = {
  idle: HEAD,
  answered: `COALESCE(${NOT_REFUSED}, ${BEHIND_REPORTED}, ${LAST})`,
  notNow: `COALESCE(${NOT_REFUSED}, ${BEHIND_REPORTED})`,
};
/** Most questions one statement asks; and how many statements are under way, so that under load many share one. */
const SHARED = { most: 32, atOnce: 2 };

/** The first names the columns of `a`; types are given, because a parameter by itself has none. */
const QUESTION = `SELECT CAST(? AS SIGNED) AS ask, CAST(? AS CHAR(512)) AS channel_key, CAST(? AS CHAR(64)) AS certificate,
  CAST(? AS CHAR(64)) AS command_uuid, CAST(? AS SIGNED) AS now`;

function statement(kind: ReportKind, questions: number): string {
  return `SELECT a.ask AS ask, ch.uuid AS channelUuid, ch.device_uuid AS deviceUuid, ch.kind AS channelKind, ch.enabled AS enabled,
      d.enrollment_status AS enrollmentStatus, d.awaiting_configuration AS awaiting,
      i.device_uuid AS identityDeviceUuid, i.status AS identityStatus,
      r.seq AS rSeq, r.uuid AS rUuid, r.channel_uuid AS rChannel, r.status AS rStatus, r.request_type AS rType,
      r.item_uuid AS rItem, r.queue_channel_uuid AS rQueue,
      n.seq AS nSeq, n.uuid AS nUuid, n.status AS nStatus, n.request_type AS nType, n.item_uuid AS nItem, b.fragment AS fragment
    FROM (${Array.from({ length: questions }, () => QUESTION).join(' UNION ALL ')}) a
    JOIN channels ch ON ch.enrollment_key = a.channel_key
    JOIN devices d ON d.uuid = ch.device_uuid
    LEFT JOIN identities i ON i.sha256 = a.certificate
    LEFT JOIN commands r ON r.uuid = a.command_uuid
    LEFT JOIN commands n ON n.seq = ${NEXT[kind]}
    LEFT JOIN command_bodies b ON b.uuid = n.body_uuid`;
}

/** By the power of two of how many questions they ask. */
const STATEMENTS: Record<ReportKind, readonly string[]> = {
  idle: statements('idle'),
  answered: statements('answered'),
  notNow: statements('notNow'),
};

function statements(kind: ReportKind): string[] {
  return Array.from({ length: Math.log2(SHARED.most) + 1 }, (_, power) => statement(kind, 2 ** power));
}

interface Row {
  ask: number;
  channelUuid: string;
  deviceUuid: string;
  channelKind: ChannelKind;
  enabled: number;
  enrollmentStatus: EnrollmentStatus;
  awaiting: number;
  identityDeviceUuid: string | null;
  identityStatus: IdentityStatus | null;
  rSeq: number | null;
  rUuid: string;
  rChannel: string;
  rStatus: CommandStatus;
  rType: string;
  rItem: string | null;
  rQueue: string | null;
  nSeq: number | null;
  nUuid: string;
  nStatus: CommandStatus;
  nType: string;
  nItem: string | null;
  fragment: Uint8Array;
}

/**
 * Answers what a connection needs to know: identity, device, the reported command and the next one, in one round trip.
 * Devices that connect at about the same time share it: planning the statement costs the database far more than the rows.
 */
export class ConnectLookup {
  readonly #gathers: Record<ReportKind, GatherReads<ConnectQuestion, ConnectFacts | undefined>>;

  constructor(private readonly database: Pick<Database, 'prepared'>) {
    const gather = (kind: ReportKind): GatherReads<ConnectQuestion, ConnectFacts | undefined> =>
      new GatherReads(SHARED, (questions) => this.#ask(kind, questions));
    this.#gathers = { idle: gather('idle'), answered: gather('answered'), notNow: gather('notNow') };
  }

  /** Undefined when no such channel is known. Throws UNAVAILABLE. */
  facts(question: ConnectQuestion): Promise<ConnectFacts | undefined> {
    return this.#gathers[question.kind].ask(question);
  }

  async #ask(kind: ReportKind, questions: readonly ConnectQuestion[]): Promise<(ConnectFacts | undefined)[]> {
    // Rounded up to a power of two with questions nobody asked, so that few texts are ever prepared.
    const power = Math.ceil(Math.log2(questions.length));
    const parameters = Array.from({ length: 2 ** power }, (_, ask) => {
      const { channelKey, certificate, commandUuid, now } = questions[ask] ?? NOBODY;
      return [ask, channelKey, certificate, commandUuid, now];
    });
    const rows = await this.database.prepared<Row>(STATEMENTS[kind][power] ?? '', parameters.flat());
    const answers = new Map(rows.map((row) => [Number(row.ask), row]));
    return questions.map((_, ask) => {
      const row = answers.get(ask);
      return row === undefined ? undefined : toFacts(row);
    });
  }
}

/** No channel has this key. */
const NOBODY = { channelKey: '', certificate: '', commandUuid: '', now: 0 };

function toFacts(row: Row): ConnectFacts {
  return {
    channelUuid: row.channelUuid,
    deviceUuid: row.deviceUuid,
    channelKind: row.channelKind,
    enabled: row.enabled === 1,
    enrollmentStatus: row.enrollmentStatus,
    awaitingConfiguration: row.awaiting === 1,
    identityDeviceUuid: row.identityDeviceUuid,
    identityStatus: row.identityStatus,
    reported: row.rSeq === null ? undefined : toReported(row, row.rSeq),
    next: row.nSeq === null ? undefined : toNext(row, row.nSeq),
  };
}

function toReported(row: Row, seq: number): ReportedCommand {
  return {
    seq: Number(seq),
    uuid: row.rUuid,
    channelUuid: row.rChannel,
    status: row.rStatus,
    requestType: row.rType,
    itemUuid: row.rItem,
    active: row.rQueue !== null,
  };
}

function toNext(row: Row, seq: number): NextCommand {
  return {
    seq: Number(seq),
    uuid: row.nUuid,
    deviceUuid: row.deviceUuid,
    status: row.nStatus,
    requestType: row.nType,
    itemUuid: row.nItem,
    fragment: Buffer.from(row.fragment.buffer, row.fragment.byteOffset, row.fragment.byteLength).toString(
      'utf8',
    ),
  };
}
