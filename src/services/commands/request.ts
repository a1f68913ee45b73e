import { buildCommand, CommandError, readRawCommand } from '../../apple/commands/index.js';
import { MobileconfigError, readConfigurationProfile } from '../../apple/mobileconfig/index.js';
import type { PlistDict } from '../../apple/plist/index.js';
import { PomonaError } from '../../errors.js';
import { prepareBody, type PreparedBody } from './bodies.js';
import { PRIORITY_LIMIT } from './queue.js';

/** A command as an operator gives it: by request type with its parameters as JSON, or as a raw property list. */
export interface CommandRequest {
  readonly requestType?: string | undefined;
  readonly parameters?: Record<string, unknown> | undefined;
  readonly plist?: Buffer | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: Date | undefined;
  readonly expiresAt?: Date | undefined;
}

/** A command, read and rendered. */
export interface ReadCommand {
  readonly dictionary: PlistDict;
  readonly body: PreparedBody;
  /** It will make the devices check in with a new certificate. */
  readonly renewal: boolean;
}

/** Throws INVALID, with the path of what was wrong and what would be right. */
export function readCommand(request: CommandRequest): ReadCommand {
  const dictionary = readBody(request);
  return { dictionary, body: prepareBody(dictionary), renewal: renewsIdentity(dictionary) };
}

/** Throws INVALID when the command could never be handed out, or its priority is out of range. */
export function checkTimes({ expiresAt, notBefore, priority = 0 }: CommandRequest, now: number): void {
  if (expiresAt !== undefined && expiresAt.getTime() <= now)
    throw invalid('expiresAt', 'expiresAt must lie in the future.');
  if (expiresAt !== undefined && notBefore !== undefined && notBefore >= expiresAt)
    throw invalid('notBefore', 'notBefore must be earlier than expiresAt.');
  if (!Number.isInteger(priority) || Math.abs(priority) > PRIORITY_LIMIT) {
    throw invalid(
      'priority',
      `priority is a whole number from -${PRIORITY_LIMIT} to ${PRIORITY_LIMIT}; 0 is usual.`,
    );
  }
}

function readBody({ requestType, plist, parameters }: CommandRequest): PlistDict {
  if ((requestType === undefined) === (plist === undefined))
    throw invalid('requestType', 'Give either requestType (with parameters) or plist.');
  try {
    return plist === undefined
      ? buildCommand(requestType ?? '', parameters ?? {})
      : readRawCommand(plist).body;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const at = plist === undefined ? ['parameters', ...error.path] : ['plist'];
    throw new PomonaError('INVALID', error.message, {
      path: error.code === 'unknown-request-type' ? ['requestType'] : at,
      cause: error,
    });
  }
}

/** Whether this InstallProfile carries an MDM payload: the enrolment profile, sent again to renew the identity. */
function renewsIdentity(body: PlistDict): boolean {
  const payload = body['Payload'];
  if (body['RequestType'] !== 'InstallProfile' || !Buffer.isBuffer(payload)) return false;
  try {
    return readConfigurationProfile(payload).payloadTypes.includes('com.apple.mdm');
  } catch (error) {
    if (error instanceof MobileconfigError) return false;
    throw error;
  }
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
