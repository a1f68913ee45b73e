import type { Database } from '../../database/index.js';
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
const READY = `FROM commands q WHERE q.queue_channel_uuid = ch.uuid AND q.uuid <> ?
  AND (q.not_before IS NULL OR q.not_before <= ?) AND (q.expires_at IS NULL OR q.expires_at > ?)`;
const FIRST = 'ORDER BY q.queue_rank, q.seq LIMIT 1';
const ANY = `(SELECT q.seq ${READY} ${FIRST})`;
const NOT_REFUSED = `(SELECT q.seq ${READY} AND q.status <> '${CommandStatus.NOT_NOW}' ${FIRST})`;

/**
 * Which command is next, by what the device just said (Apple: handling NotNow status responses).
 * Idle: conditions may have changed, so the plain order holds, NotNow commands included.
 * An answer: others first; a NotNow command is tried again only as the last, so that the connection ends with NotNow and
 * the device polls by itself. NotNow: others only.
 */
const NEXT: Record<ReportKind, string> = {
  idle: ANY,
  answered: `COALESCE(${NOT_REFUSED}, ${ANY})`,
  notNow: NOT_REFUSED,
};
/** How often READY's three parameters occur in each. */
const REPEATS: Record<ReportKind, number> = { idle: 1, answered: 2, notNow: 1 };

function statement(kind: ReportKind): string {
  return `SELECT ch.uuid AS channelUuid, ch.device_uuid AS deviceUuid, ch.kind AS channelKind, ch.enabled AS enabled,
      d.enrollment_status AS enrollmentStatus, d.awaiting_configuration AS awaiting,
      i.device_uuid AS identityDeviceUuid, i.status AS identityStatus,
      r.seq AS rSeq, r.uuid AS rUuid, r.channel_uuid AS rChannel, r.status AS rStatus, r.request_type AS rType,
      r.item_uuid AS rItem, r.queue_channel_uuid AS rQueue,
      n.seq AS nSeq, n.uuid AS nUuid, n.status AS nStatus, n.request_type AS nType, n.item_uuid AS nItem, b.fragment AS fragment
    FROM channels ch
    JOIN devices d ON d.uuid = ch.device_uuid
    LEFT JOIN identities i ON i.sha256 = ?
    LEFT JOIN commands r ON r.uuid = ?
    LEFT JOIN commands n ON n.seq = ${NEXT[kind]}
    LEFT JOIN command_bodies b ON b.uuid = n.body_uuid
    WHERE ch.enrollment_key = ?`;
}

const STATEMENTS: Record<ReportKind, string> = {
  idle: statement('idle'),
  answered: statement('answered'),
  notNow: statement('notNow'),
};

interface Row {
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

/** Identity, device, the reported command and the next one, in one round trip. Undefined when no such channel is known. */
export async function connectFacts(
  database: Pick<Database, 'query'>,
  question: ConnectQuestion,
): Promise<ConnectFacts | undefined> {
  const { kind, now, commandUuid, certificate, channelKey } = question;
  const ready = Array.from({ length: REPEATS[kind] }, () => [commandUuid, now, now]).flat();
  const [row] = await database.query<Row>(STATEMENTS[kind], [certificate, commandUuid, ...ready, channelKey]);
  return row === undefined ? undefined : toFacts(row);
}

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
