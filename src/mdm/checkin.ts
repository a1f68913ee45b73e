import {
  enrollmentKey,
  readCheckin,
  type CheckinMessage,
  type EnrollmentKey,
} from '../apple/messages/index.js';
import { buildPlist, parsePlist } from '../apple/plist/index.js';
import { PomonaError } from '../errors.js';
import type { Authentication } from '../services/enrolment/authenticate.js';
import type { Checkin } from '../services/enrolment/checkin.js';
import type { PresentedIdentity } from '../services/enrolment/identity-rules.js';
import type { ReturnToService, Returning } from '../services/enrolment/return-to-service.js';
import type { TokenUpdates } from '../services/enrolment/token-update.js';

/** What the device is answered: a property list, or nothing. 410 to UserAuthenticate means "do not manage this user". */
export interface CheckinAnswer {
  readonly status: 200 | 410;
  readonly body: Buffer | undefined;
}

/** Told the kind of a message as soon as it is known. */
export type NoteMessage = (kind: string) => void;

const MAX_CHECKIN_BYTES = 1024 * 1024;
const DONE: CheckinAnswer = { status: 200, body: undefined };

/** Check-in (Apple: device management check-in): bytes in, bytes out. */
export class CheckinDoor {
  constructor(
    private readonly authentication: Authentication,
    private readonly tokenUpdates: TokenUpdates,
    private readonly checkin: Checkin,
    private readonly returns: Pick<ReturnToService, 'answer'>,
    private readonly options: { readonly manageNetworkUsers: boolean },
  ) {}

  async handle(body: Buffer, presented: PresentedIdentity, note: NoteMessage): Promise<CheckinAnswer> {
    const message = readCheckin(parsePlist(body, { maxBytes: MAX_CHECKIN_BYTES }));
    note(message.messageType);
    if (presented.expired === true) throw onlyRenewed(message);
    return this.#dispatch(enrollmentKey(message.ids), message, presented);
  }

  async #dispatch(
    key: EnrollmentKey,
    message: CheckinMessage,
    presented: PresentedIdentity,
  ): Promise<CheckinAnswer> {
    switch (message.messageType) {
      case 'Authenticate':
        await this.authentication.handle(key, message, presented);
        return DONE;
      case 'TokenUpdate':
        await this.tokenUpdates.handle(key, message, presented);
        return DONE;
      case 'CheckOut':
        await this.checkin.checkOut(key, message, presented);
        return DONE;
      case 'SetBootstrapToken':
        await this.checkin.setBootstrapToken(key, message, presented);
        return DONE;
      case 'GetBootstrapToken':
        return this.#bootstrapToken(await this.checkin.getBootstrapToken(key, presented));
      case 'UserAuthenticate':
        await this.checkin.known(key.deviceKey, message.messageType, presented);
        return this.#userAuthenticate(message.digestResponse);
      case 'ReturnToService':
        return this.#returnToService(await this.returns.answer(key, presented));
      case 'GetToken':
      case 'DeclarativeManagement':
      case 'Unknown':
        throw notHandled(message);
    }
  }

  /** Apple: getbootstraptoken. With none the answer is empty, which devices read as "there is none". */
  #bootstrapToken(token: Buffer | undefined): CheckinAnswer {
    return token === undefined ? DONE : { status: 200, body: buildPlist({ BootstrapToken: token }) };
  }

  /** Apple: returntoserviceresponse. What is not there is left out. */
  #returnToService(returning: Returning | undefined): CheckinAnswer {
    if (returning === undefined)
      return { status: 200, body: buildPlist({ ReturnToService: { Enabled: false } }) };
    const { wifiProfile, enrollmentProfile, bootstrapToken } = returning;
    const answer = {
      Enabled: true,
      ...(wifiProfile === undefined ? {} : { WiFiProfileData: wifiProfile }),
      ...(enrollmentProfile === undefined ? {} : { MDMProfileData: enrollmentProfile }),
      ...(bootstrapToken === undefined ? {} : { BootstrapToken: bootstrapToken }),
    };
    return { status: 200, body: buildPlist({ ReturnToService: answer }) };
  }

  /**
   * A network user logs in on a Mac (Apple: userauthenticate). Managed with a digest challenge of zero length, which asks for
   * no proof: the first message is answered with it, the second (with the response) with nothing.
   */
  #userAuthenticate(digestResponse: string | undefined): CheckinAnswer {
    if (!this.options.manageNetworkUsers) return { status: 410, body: undefined };
    return digestResponse === undefined ? { status: 200, body: buildPlist({ DigestChallenge: '' }) } : DONE;
  }
}

/** A certificate that has ended may still connect, to be renewed; it enrols and keeps nothing. */
function onlyRenewed({ messageType }: CheckinMessage): PomonaError {
  return new PomonaError(
    'IDENTITY_REFUSED',
    `The certificate that was presented has expired: it is good for its renewal, and not for ${messageType}.`,
  );
}

function notHandled(message: CheckinMessage): PomonaError {
  const name = message.messageType === 'Unknown' ? message.sentMessageType : message.messageType;
  return new PomonaError(
    'BAD_USER_INPUT',
    `The message type ${name.slice(0, 64)} is not handled by this server.`,
  );
}
