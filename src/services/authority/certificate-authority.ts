import type { X509Certificate } from 'node:crypto';
import type { ScepRequest } from '../../apple/scep/index.js';
import type { Authority } from '../../apple/x509/index.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { EventType, type Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { Alerts } from '../alerts.js';
import type { Vault } from '../vault.js';
import { renewalTime } from '../renewal/schedule.js';
import { Challenges } from './challenges.js';
import { Enrolling, type EnrollingOptions } from './enrolling.js';
import { findStanding, lockStanding, revokeLineage, type Standing } from './issued-certificates.js';
import { findAuthority, findOrCreateAuthority } from './stored-authority.js';

/** What the authority stands on. */
export interface AuthorityHouse {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly alerts: Alerts;
  readonly vault: Vault;
  readonly now: Clock;
}

/** Issues the identities of devices, and knows what each is worth. */
export class CertificateAuthority {
  readonly challenges: Challenges;
  readonly #enrolling: Enrolling;

  /**
   * @param former authorities of ours that issue no more, and whose certificates are good until they end
   * @param shared fingerprints of authorities that others issue with, too
   */
  private constructor(
    private readonly house: AuthorityHouse,
    readonly current: Authority,
    private readonly former: readonly Authority[],
    private readonly shared: ReadonlySet<string>,
    private readonly options: EnrollingOptions,
  ) {
    this.challenges = new Challenges(house.now);
    this.#enrolling = new Enrolling(current, this.challenges, options, house.now);
  }

  /**
   * The authority that the operator brought; without one, that of this database, made at the first start. Throws a sentence
   * when its key cannot be opened.
   * @param others authorities that the operator trusts for identities from elsewhere
   */
  static async open(
    house: AuthorityHouse,
    brought: Authority | undefined,
    others: readonly X509Certificate[],
    options: EnrollingOptions,
  ): Promise<CertificateAuthority> {
    const { database, vault, now } = house;
    const shared = new Set(others.map(({ fingerprint256 }) => fingerprint256));
    if (brought === undefined) {
      const own = await findOrCreateAuthority(database, vault, options.organization, now());
      return new CertificateAuthority(house, own, [], shared, options);
    }
    const former = await findAuthority(database, vault);
    return new CertificateAuthority(house, brought, former === undefined ? [] : [former], shared, options);
  }

  /** What identities issued here chain to. */
  anchors(): X509Certificate[] {
    return [this.current, ...this.former].map(({ certificate }) => certificate);
  }

  /**
   * Issues a certificate, or returns the one that the same request was given before. Returns its DER.
   * @throws PomonaError FORBIDDEN when nothing permits it, IDENTITY_REFUSED when the certificate to be renewed does not,
   * UNAVAILABLE
   */
  async enrol(request: ScepRequest): Promise<Buffer> {
    const outcome = await this.house.database.transaction((tx) => this.#enrolling.decide(tx, request));
    if ('issued' in outcome) return outcome.issued;
    const { refused, alert, about = '', deviceUuid = null } = outcome;
    if (alert !== undefined) {
      const details = { message: request.messageType, claimed: about, reason: refused.message };
      await this.house.alerts.raise(alert, deviceUuid, details);
    }
    throw refused;
  }

  /** When a certificate that is bound to a device now is to be renewed, in milliseconds since 1970. */
  renewalTime(certificate: X509Certificate): number {
    return renewalTime(certificate, this.options.renewalWindowMs);
  }

  /** What a certificate is worth, by the SHA-256 of its DER; undefined when we issued no such one. */
  standingOf(sha256: string): Promise<Standing | undefined> {
    return findStanding(this.house.database, sha256);
  }

  /**
   * The same for a certificate that is about to be bound to a device: nobody revokes it until the transaction ends.
   * @returns undefined for one of another authority, which is trusted to know what it does
   * @throws PomonaError IDENTITY_REFUSED for one that was revoked or replaced, or bears our signature and is not known
   */
  async mustStand(
    tx: Transaction,
    { sha256, certificate }: { readonly sha256: string; readonly certificate: X509Certificate },
  ): Promise<Standing | undefined> {
    const standing = await lockStanding(tx, sha256);
    if (standing === undefined) {
      if (!this.#signed(certificate)) return undefined;
      throw refusal('This certificate bears our signature and is not among those we issued.');
    }
    if (standing.status === 'REVOKED') throw refusal('This certificate was revoked.');
    if (standing.status === 'ARCHIVED')
      throw refusal('This certificate was replaced by a newer one of its device.');
    return standing;
  }

  /**
   * Takes a certificate back, and all that were issued because of it: whoever had its key could renew it. From the commit on,
   * the device door refuses them. Returns the SHA-256 of those that were not revoked before; twice changes nothing.
   * Throws NOT_FOUND for one that we did not issue.
   */
  revoke(sha256: string): Promise<string[]> {
    return this.house.database.transaction(async (tx) => {
      const standing = await lockStanding(tx, sha256);
      if (standing === undefined)
        throw new PomonaError('NOT_FOUND', `This server issued no certificate with the SHA-256 ${sha256}.`);
      const revoked = await revokeLineage(tx, sha256, this.house.now());
      if (revoked.length > 0) this.#tellRevoked(tx, standing);
      return revoked;
    });
  }

  #tellRevoked(tx: Transaction, { deviceUuid }: Standing): void {
    if (deviceUuid === null) return;
    const data = { change: 'IDENTITY_REVOKED' };
    this.house.outbox.emit(tx, { type: EventType.DEVICE_CHANGED, deviceUuid, subjectUuid: deviceUuid, data });
  }

  /** An authority that others issue with as well is trusted for what we know nothing of. */
  #signed(certificate: X509Certificate): boolean {
    const ours = this.anchors().filter((anchor) => !this.shared.has(anchor.fingerprint256));
    return ours.some((anchor) => certificate.checkIssued(anchor) && certificate.verify(anchor.publicKey));
  }
}

function refusal(message: string): PomonaError {
  return new PomonaError('IDENTITY_REFUSED', message);
}
