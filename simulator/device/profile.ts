import { extractSignedContent, isSignedData } from '../../src/apple/cms/index.js';
import { isDict, parsePlist, type PlistDict, type PlistValue } from '../../src/apple/plist/index.js';

export interface ProfilePayload {
  readonly type: string;
  readonly identifier: string;
  readonly uuid: string;
  readonly raw: PlistDict;
}

export interface InstalledProfile {
  readonly identifier: string;
  readonly uuid: string;
  readonly payloads: readonly ProfilePayload[];
  /** The profile's own dictionary, without the signature around it. */
  readonly dict: PlistDict;
  /** The bytes of the command. */
  readonly raw: Buffer;
  /** DER of the certificate that signed it, if one did. */
  readonly signer: Buffer | undefined;
  readonly encrypted: boolean;
}

/** The device cannot use the profile; the message is what it tells the server. */
export class BadProfileError extends Error {
  override name = 'BadProfileError';
}

/** Reads a configuration profile, signed (the signature has to be right, whoever signed) or not. @throws {BadProfileError} */
export function readProfile(raw: Buffer): InstalledProfile {
  const { content, signer } = openProfile(raw);
  const dict = dictionaryOf(content);
  if (dict['PayloadType'] !== 'Configuration') throw new BadProfileError('PayloadType is not Configuration');
  const encrypted = dict['IsEncrypted'] === true;
  return {
    identifier: text(dict, 'PayloadIdentifier'),
    uuid: text(dict, 'PayloadUUID'),
    payloads: encrypted ? [] : payloadsOf(dict['PayloadContent']),
    dict,
    raw,
    signer,
    encrypted,
  };
}

function openProfile(raw: Buffer): { content: Buffer; signer?: Buffer } {
  if (!isSignedData(raw)) return { content: raw };
  try {
    const { content, signer } = extractSignedContent(raw);
    return { content, signer: signer.certificateDer };
  } catch (error) {
    throw new BadProfileError('Its signature is not right', { cause: error });
  }
}

function dictionaryOf(content: Buffer): PlistDict {
  let value: PlistValue;
  try {
    value = parsePlist(content);
  } catch (error) {
    throw new BadProfileError('It is not a property list', { cause: error });
  }
  if (!isDict(value)) throw new BadProfileError('It is not a dictionary');
  return value;
}

function payloadsOf(content: PlistValue | undefined): ProfilePayload[] {
  if (!Array.isArray(content)) throw new BadProfileError('PayloadContent is missing');
  return content.map((raw: PlistValue) => {
    if (!isDict(raw)) throw new BadProfileError('A payload is not a dictionary');
    return {
      type: text(raw, 'PayloadType'),
      identifier: text(raw, 'PayloadIdentifier'),
      uuid: text(raw, 'PayloadUUID'),
      raw,
    };
  });
}

function text(dict: PlistDict, key: string): string {
  const value = dict[key];
  if (typeof value !== 'string' || value === '') throw new BadProfileError(`${key} is missing`);
  return value;
}
