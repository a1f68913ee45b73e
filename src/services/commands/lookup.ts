import { GatherReads, type Database } from '../../database/index.js';
import type { IdentityStatus } from '../../entities/identity.js';
import type { ChannelKind, CommandStatus, EnrollmentStatus } from '../../entities/enums.js';
import { lookupStatement, type ReportKind } from './lookup-statement.js';

export type { ReportKind };

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

/** Most questions one statement asks; and how many statements are under way, so that under load many share one. */
const SHARED = { most: 32, atOnce: 2 };

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

  constructor(private readonly database: Pick<Database, 'prepared' | 'dialect'>) {
    this.#gathers = {
      idle: this.#gather('idle'),
      answered: this.#gather('answered'),
      notNow: this.#gather('notNow'),
    };
  }

  /** Undefined when no such channel is known. Throws UNAVAILABLE. */
  facts(question: ConnectQuestion): Promise<ConnectFacts | undefined> {
    return this.#gathers[question.kind].ask(question);
  }

  #gather(kind: ReportKind): GatherReads<ConnectQuestion, ConnectFacts | undefined> {
    // By the power of two of how many questions they ask, so that few texts are ever prepared.
    const statements = Array.from({ length: Math.log2(SHARED.most) + 1 }, (_, power) =>
      lookupStatement(this.database.dialect, kind, 2 ** power),
    );
    return new GatherReads(SHARED, (questions) => this.#ask(statements, questions));
  }

  async #ask(
    statements: readonly string[],
    questions: readonly ConnectQuestion[],
  ): Promise<(ConnectFacts | undefined)[]> {
    const power = Math.ceil(Math.log2(questions.length));
    // The rest of a power of two is asked by nobody.
    const parameters = Array.from({ length: 2 ** power }, (_, ask) => {
      const { channelKey, certificate, commandUuid, now } = questions[ask] ?? NOBODY;
      return [ask, channelKey, certificate, commandUuid, now];
    });
    const rows = await this.database.prepared<Row>(statements[power] ?? '', parameters.flat());
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
