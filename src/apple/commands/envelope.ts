import { identifierFault } from '../messages/fields.js';
import { buildPlistFragment, isDict, parsePlist, type PlistDict, type PlistValue } from '../plist/index.js';
import { CommandError } from './errors.js';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
<key>Command</key>
`;

/** A command as an operator wrote it. `commandUUID` only when the document had one. */
export interface RawCommand {
  requestType: string;
  body: PlistDict;
  commandUUID?: string;
}

/**
 * Reads an operator's property list: the whole `{CommandUUID, Command: {RequestType, …}}` or the inner dictionary alone.
 * Its keys are not checked against the catalogue. Throws `CommandError` `undecodable` (the reader's error as its cause),
 * `not-a-command` or `bad-command-uuid`.
 */
export function readRawCommand(bytes: Uint8Array): RawCommand {
  const document = decode(bytes);
  if (!isDict(document)) throw notACommand('is not a dictionary at its top level');
  const inner = document['Command'];
  if (inner === undefined || document['RequestType'] !== undefined) return rawCommand(document);
  if (!isDict(inner)) throw notACommand('has a Command that is not a dictionary');
  return { ...rawCommand(inner), commandUUID: readCommandUUID(document['CommandUUID']) };
}

/** The command's body as the XML that `envelope` wraps: made once, stored, sent to any number of devices. */
export function commandFragment(body: PlistDict): string {
  return buildPlistFragment(body);
}

/**
 * The document that goes to the device: `Command` and `CommandUUID` in a property list, UTF-8. Nothing is parsed here.
 * Throws `CommandError` `bad-command-uuid` for one that is empty, longer than 255 bytes, or has control characters.
 */
export function envelope(fragment: string, commandUUID: string): Buffer {
  checkCommandUUID(commandUUID);
  const uuid = commandUUID.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return Buffer.from(
    `${HEAD}${fragment}\n<key>CommandUUID</key>\n<string>${uuid}</string>\n</dict>\n</plist>\n`,
  );
}

function decode(bytes: Uint8Array): PlistValue {
  try {
    return parsePlist(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('undecodable', `The command is not a property list: ${reason}`, [], cause);
  }
}

function rawCommand(body: PlistDict): RawCommand {
  const requestType = body['RequestType'];
  if (typeof requestType !== 'string' || requestType === '') throw notACommand('has no RequestType');
  const fault = identifierFault(requestType);
  if (fault !== undefined) throw notACommand(`has a RequestType that ${fault}`);
  return { requestType, body };
}

function readCommandUUID(value: PlistValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string')
    throw new CommandError('bad-command-uuid', 'CommandUUID is not a string', ['CommandUUID']);
  checkCommandUUID(value);
  return value;
}

function checkCommandUUID(commandUUID: string): void {
  const fault = commandUUID === '' ? 'is empty' : identifierFault(commandUUID);
  if (fault !== undefined)
    throw new CommandError('bad-command-uuid', `CommandUUID ${fault}`, ['CommandUUID']);
}

function notACommand(fault: string): CommandError {
  return new CommandError('not-a-command', `The property list ${fault}`);
}
