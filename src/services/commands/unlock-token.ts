import { PomonaError } from '../../errors.js';
import type { Sql } from '../../database/index.js';
import type { DeviceSecrets } from '../enrolment/device-secrets.js';
import { prepareBody, type PreparedBody } from './bodies.js';
import type { NextCommand } from './lookup.js';

/** What is queued in place of a ClearPasscode with its token: the token is put in when the device is handed the command. */
const WITHOUT_TOKEN = prepareBody({ RequestType: 'ClearPasscode', UnlockToken: Buffer.alloc(0) });

/**
 * A ClearPasscode whose UnlockToken is left empty stands for one with the token that the device gave at its last TokenUpdate.
 * So the token is in the vault and on the wire, and never among the commands, where everyone may read.
 */
export class UnlockTokens {
  constructor(private readonly secrets: DeviceSecrets) {}

  static leftOut(body: PreparedBody): boolean {
    return body.sha256 === WITHOUT_TOKEN.sha256;
  }

  /** Why these devices cannot be sent a ClearPasscode: those that gave no token. */
  async problems(sql: Sql, deviceUuids: readonly string[]): Promise<Map<string, PomonaError>> {
    const known = await this.secrets.holders(sql, deviceUuids, 'UNLOCK_TOKEN');
    const without = deviceUuids.filter((uuid) => !known.has(uuid));
    return new Map(without.map((uuid) => [uuid, noToken(uuid)]));
  }

  /** The command as the device is to have it. */
  async fill(next: NextCommand): Promise<NextCommand> {
    if (next.requestType !== 'ClearPasscode' || next.fragment !== WITHOUT_TOKEN.fragment) return next;
    const token = await this.secrets.get(next.deviceUuid, 'UNLOCK_TOKEN');
    // A token that is gone leaves the command as it is: the device refuses it, and its refusal is seen.
    if (token === undefined) return next;
    return { ...next, fragment: prepareBody({ RequestType: 'ClearPasscode', UnlockToken: token }).fragment };
  }
}

function noToken(deviceUuid: string): PomonaError {
  return new PomonaError(
    'FEATURE_NOT_AVAILABLE',
    `The device ${deviceUuid} gave no UnlockToken, and without it no passcode can be cleared. iPhones and iPads give one when ` +
      'they enrol, except by User Enrollment and as a Shared iPad; Macs and Apple TVs never do.',
  );
}
