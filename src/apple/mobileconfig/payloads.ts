import { MobileconfigError } from './errors.js';
import {
  ARRAY,
  BOOLEAN,
  DATA,
  DICTIONARY,
  INTEGER,
  optional,
  required,
  requiredName,
  type Named,
} from './keys.js';

/** PayloadVersion, whose only value is 1. */
export function readVersion(from: Named): number {
  const version = required(from, 'PayloadVersion', INTEGER);
  if (version === 1) return version;
  throw new MobileconfigError('bad-key', `${from.prefix}PayloadVersion is ${version}; it has to be 1`);
}

/** Checks the keys that every payload has, whatever its type. Source: Apple's CommonPayloadKeys. */
function readPayload(payload: Named): { type: string; uuid: string } {
  const type = requiredName(payload, 'PayloadType');
  requiredName(payload, 'PayloadIdentifier');
  const uuid = requiredName(payload, 'PayloadUUID');
  readVersion(payload);
  return { type, uuid };
}

/** Devices tell payloads apart by PayloadUUID, so one that appears twice would install once. */
function checkDistinct(uuids: readonly string[]): void {
  const first = new Map<string, number>();
  for (const [index, uuid] of uuids.entries()) {
    const before = first.get(uuid);
    if (before !== undefined) {
      const both = `PayloadContent[${before}] and PayloadContent[${index}]`;
      throw new MobileconfigError('bad-key', `${both} have the same PayloadUUID; each payload needs its own`);
    }
    first.set(uuid, index);
  }
}

function readPayloadTypes(profile: Named): string[] {
  const payloads = required(profile, 'PayloadContent', ARRAY).map((value, index) => {
    const prefix = `PayloadContent[${index}]`;
    if (DICTIONARY.is(value)) return readPayload({ dict: value, prefix: `${prefix}.` });
    throw new MobileconfigError('bad-key', `${prefix} has to be ${DICTIONARY.name}`);
  });
  checkDistinct(payloads.map(({ uuid }) => uuid));
  return payloads.map(({ type }) => type);
}

/** The PayloadType of each payload, in order; none are known of an encrypted profile. @throws MobileconfigError */
export function readContent(profile: Named): { encrypted: boolean; payloadTypes: string[] } {
  const encrypted = optional(profile, 'IsEncrypted', BOOLEAN) ?? false;
  if (!encrypted) return { encrypted, payloadTypes: readPayloadTypes(profile) };
  required(profile, 'EncryptedPayloadContent', DATA);
  return { encrypted, payloadTypes: [] };
}
