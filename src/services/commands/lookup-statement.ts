import { forceIndex, type Dialect } from '../../database/index.js';
import { CommandStatus } from '../../entities/enums.js';

/** What the last report of a connection was; it decides which command may be next. */
export type ReportKind = 'idle' | 'answered' | 'notNow';

/** The parameters of one question, in the order of the columns of `a`. Types are given, because a parameter by itself has none. */
const QUESTION = `SELECT CAST(? AS SIGNED) AS ask, CAST(? AS CHAR(512)) AS channel_key, CAST(? AS CHAR(64)) AS certificate,
  CAST(? AS CHAR(64)) AS command_uuid, CAST(? AS SIGNED) AS now`;

/** The channel is the same in all rows; named nevertheless, or MySQL does not see that the index has this order, and sorts. */
const FIRST = 'ORDER BY q.queue_channel_uuid, q.queue_rank, q.seq LIMIT 1';
const LAST = 'ORDER BY q.queue_channel_uuid DESC, q.queue_rank DESC, q.seq DESC LIMIT 1';
const NOT_REFUSED = `AND q.status <> '${CommandStatus.NOT_NOW}'`;
const BEHIND_REPORTED =
  'AND (q.queue_rank > r.queue_rank OR (q.queue_rank = r.queue_rank AND q.seq > r.seq))';

/**
 * The statement that answers a number of questions: of each the channel, its device, the certificate's identity, the
 * reported command and the next. Every table is read by one key; a row that is not there is NULL, a channel that is not
 * known no row.
 */
export function lookupStatement(dialect: Dialect, kind: ReportKind, questions: number): string {
  const by = (index: string): string => forceIndex(dialect, index);
  return `SELECT a.ask AS ask, ch.uuid AS channelUuid, ch.device_uuid AS deviceUuid, ch.kind AS channelKind, ch.enabled AS enabled,
      d.enrollment_status AS enrollmentStatus, d.awaiting_configuration AS awaiting,
      i.device_uuid AS identityDeviceUuid, i.status AS identityStatus,
      r.seq AS rSeq, r.uuid AS rUuid, r.channel_uuid AS rChannel, r.status AS rStatus, r.request_type AS rType,
      r.item_uuid AS rItem, r.queue_channel_uuid AS rQueue,
      n.seq AS nSeq, n.uuid AS nUuid, n.status AS nStatus, n.request_type AS nType, n.item_uuid AS nItem, b.fragment AS fragment
    FROM (${Array.from({ length: questions }, () => QUESTION).join(' UNION ALL ')}) a
    JOIN channels ch${by('IDX_channels_enrollment_key')} ON ch.enrollment_key = a.channel_key
    JOIN devices d${by('PRIMARY')} ON d.uuid = ch.device_uuid
    LEFT JOIN identities i${by('PRIMARY')} ON i.sha256 = a.certificate
    LEFT JOIN commands r${by('IDX_commands_uuid')} ON r.uuid = a.command_uuid
    LEFT JOIN commands n${by('PRIMARY')} ON n.seq = ${next(kind, by('IDX_commands_queue'))}
    LEFT JOIN command_bodies b${by('PRIMARY')} ON b.uuid = n.body_uuid`;
}

/**
 * Which command is next, by what the device just said (Apple: handling NotNow status responses).
 * Idle: conditions may have changed, so the plain order holds, NotNow commands included.
 * NotNow: what was not put off yet; then the put-off commands behind this one, so that each is tried and none blocks others.
 * An answer: the same, and when only commands before it are left, the last of them once more: so the connection ends with
 * NotNow, and the device polls by itself.
 */
function next(kind: ReportKind, byQueue: string): string {
  // In this channel's queue, its time come and not gone.
  const ready = `SELECT q.seq FROM commands q${byQueue} WHERE q.queue_channel_uuid = ch.uuid AND q.uuid <> a.command_uuid
    AND (q.not_before IS NULL OR q.not_before <= a.now) AND (q.expires_at IS NULL OR q.expires_at > a.now)`;
  if (kind === 'idle') return `(${ready} ${FIRST})`;
  const others = `(${ready} ${NOT_REFUSED} ${FIRST}), (${ready} ${BEHIND_REPORTED} ${FIRST})`;
  return kind === 'notNow' ? `COALESCE(${others})` : `COALESCE(${others}, (${ready} ${LAST}))`;
}
