import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.js';
import type { Database, Transaction } from '../database/index.js';
import { EventType, type Outbox } from '../events/index.js';

/** What an operator has to know of. */
export type AlertKind =
  | 'IDENTITY_REFUSED'
  | 'TAKEOVER_REFUSED'
  | 'UNKNOWN_COMMAND_REPORTED'
  | 'CHECKIN_WITHOUT_AUTHENTICATE'
  | 'CHALLENGE_REUSED'
  | 'ENROLLMENT_REFUSED'
  | 'ACCESS_TOKEN_REUSED'
  | 'CERTIFICATE_EXPIRING'
  | 'RENEWAL_OVERDUE'
  | 'DEP_BLOCKED';

const QUIET_MS = 60_000;

/** Alerts a minute about devices that are not known, for which one certificate is to blame: it may pose as any number. */
const MOST_OF_STRANGERS = 10;

/** Security events, as rows of the event stream. The same one about the same device is told once a minute: a flood must not fill the disk. */
export class Alerts {
  readonly #recent = new LRUCache<string, number>({ max: 10_000 });
  readonly #ofStrangers = new LRUCache<string, { readonly since: number; readonly told: number }>({
    max: 10_000,
  });

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  async raise(
    alert: AlertKind,
    deviceUuid: string | null,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const key = `${alert}:${deviceUuid ?? details['claimed'] ?? ''}`;
    if (this.now() - (this.#recent.get(key) ?? 0) < QUIET_MS) return;
    if (deviceUuid === null && this.#isOneTooMany(details['certificate'])) return;
    this.#recent.set(key, this.now());
    await this.database.transaction(async (tx) => this.tell(tx, alert, deviceUuid, details));
  }

  #isOneTooMany(certificate: string | undefined): boolean {
    if (certificate === undefined) return false;
    const known = this.#ofStrangers.get(certificate);
    const fresh = known !== undefined && this.now() - known.since < QUIET_MS;
    const { since, told } = fresh ? known : { since: this.now(), told: 0 };
    this.#ofStrangers.set(certificate, { since, told: told + 1 });
    return told >= MOST_OF_STRANGERS;
  }

  /** The same as part of what it is about, however often: for what happens by the clock, and seldom. */
  tell(
    tx: Transaction,
    alert: AlertKind,
    deviceUuid: string | null,
    details: Readonly<Record<string, string>>,
  ): void {
    const data = { alert, ...shortened(details) };
    this.outbox.emit(tx, { type: EventType.ALERT, deviceUuid, subjectUuid: deviceUuid, data });
  }
}

/** What a device says of itself may be anything of any length. */
function shortened(details: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, value.slice(0, 255)]));
}
