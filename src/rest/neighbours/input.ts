import { z } from 'zod';
import { PomonaError } from '../../errors.js';
import { checked } from '../checked.js';
import { isUuid, requiredText } from '../schemas/fields.js';

/** What is the same in every body; the rest are the parameters of the command. */
const envelope = z.object({ udid: requiredText, request_type: requiredText });

/** A command as a script gives it. */
export interface Order {
  readonly udid: string;
  readonly requestType: string;
  /** Nothing in it was checked yet. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** `{"udid", "request_type", …}`. Throws BAD_USER_INPUT that names what is missing. */
export function readOrder(body: unknown): Order {
  const { udid, request_type: requestType } = checked(envelope, body);
  const { udid: _udid, request_type: _type, ...parameters } = body as Record<string, unknown>;
  return { udid, requestType, parameters };
}

/** The UDID of an address; any text may be asked for. */
export function udidIn({ udid = '' }: Readonly<Record<string, string>>): string {
  return udid;
}

/** The CommandUUID of an address, in lower case. Throws BAD_USER_INPUT. */
export function commandUuidIn({ uuid = '' }: Readonly<Record<string, string>>): string {
  if (isUuid(uuid)) return uuid.toLowerCase();
  const message = `“${uuid.slice(0, 80)}” is not a UUID. The address takes the command_uuid that the queue shows.`;
  throw new PomonaError('BAD_USER_INPUT', message, { path: ['uuid'] });
}
