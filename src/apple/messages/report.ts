import { isDict, type PlistDict, type PlistValue } from '../plist/index.js';
import { readEnrollmentIds, type EnrollmentIds } from './enrollment.js';
import { MessageError } from './errors.js';
import { optionalIdentifier, present, requireDict } from './fields.js';

const REPORT_STATUSES = ['Idle', 'Acknowledged', 'Error', 'CommandFormatError', 'NotNow'] as const;

export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** One link of a failure's chain, the outermost first. Apple changes codes and domains: show them, never branch on them. */
export interface CommandErrorEntry {
  errorCode?: number;
  errorDomain?: string;
  localizedDescription?: string;
  usEnglishDescription?: string;
}

/** What a device sends when it connects: how the last command went, or that it is idle. */
export interface Report {
  ids: EnrollmentIds;
  status: ReportStatus;
  /** Always there unless `status` is Idle. */
  commandUUID?: string;
  errorChain: CommandErrorEntry[];
  requestType?: string;
  /** All that was sent, the envelope's keys included. */
  body: PlistDict;
}

/**
 * Reads a decoded connect message. Throws `MessageError`: `unknown-status`, `missing-key` for a Status or, unless Idle,
 * a CommandUUID that is not there, and the identifiers' own errors. Whatever else is odd is left in `body`.
 */
export function readReport(plist: PlistValue): Report {
  const body = requireDict(plist);
  const ids = readEnrollmentIds(body);
  const status = readStatus(body);
  const commandUUID = optionalIdentifier(body, 'CommandUUID');
  if (status !== 'Idle') present(commandUUID, 'CommandUUID');
  return {
    ids,
    status,
    commandUUID,
    errorChain: readErrorChain(body['ErrorChain']),
    requestType: stringOr(body['RequestType']),
    body,
  };
}

/** The Status that `text` names, if it is one (Apple: sending MDM commands to a device). */
export function reportStatus(text: string): ReportStatus | undefined {
  return REPORT_STATUSES.find((status) => status === text);
}

function readStatus(body: PlistDict): ReportStatus {
  const sent = present(optionalIdentifier(body, 'Status'), 'Status');
  const status = reportStatus(sent);
  if (status !== undefined) return status;
  throw new MessageError(
    'unknown-status',
    `Status ${JSON.stringify(sent)} is none of ${REPORT_STATUSES.join(', ')}`,
    'Status',
  );
}

function readErrorChain(value: PlistValue | undefined): CommandErrorEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isDict).map((entry) => ({
    errorCode: typeof entry['ErrorCode'] === 'number' ? entry['ErrorCode'] : undefined,
    errorDomain: stringOr(entry['ErrorDomain']),
    localizedDescription: stringOr(entry['LocalizedDescription']),
    usEnglishDescription: stringOr(entry['USEnglishDescription']),
  }));
}

function stringOr(value: PlistValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
