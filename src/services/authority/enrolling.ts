import type { ScepRequest } from '../../apple/scep/index.js';
import { readCertificateRequest, type Authority, type CertificateRequest } from '../../apple/x509/index.js';
import { fingerprint } from '../../apple/identity/index.js';
import type { Clock } from '../../clock.js';
import { lockClause, type Transaction } from '../../database/index.js';
import { EnrollmentStatus } from '../../entities/enums.js';
import { PomonaError } from '../../errors.js';
import { bindIdentity, lockActive } from '../enrolment/identities.js';
import { renewalTime } from '../renewal/schedule.js';
import type { Challenges, EnrollmentGrant } from './challenges.js';
import { keyHash, makeIdentity, type IssueOptions, type NewIdentity } from './issue.js';
import {
  countRenewals,
  findRepeated,
  isRevokedKey,
  lockStanding,
  record,
  type Standing,
} from './issued-certificates.js';

const DAY_MS = 24 * 60 * 60_000;
/** A device that renews more often is out of order, or is not the device. */
const MOST_RENEWALS_A_DAY = 10;

export interface EnrollingOptions extends IssueOptions {
  /** How long after its end a certificate may still ask for the next one, in milliseconds. */
  readonly renewalGraceMs: number;
  /** How long before its end a certificate is renewed, in milliseconds. */
  readonly renewalWindowMs: number;
}

/** What became of a request: the certificate, or why there is none and what an operator has to be told of it. */
export type Outcome =
  | { readonly issued: Buffer }
  | {
      readonly refused: PomonaError;
      readonly alert?: 'CHALLENGE_REUSED' | 'IDENTITY_REFUSED';
      /** What the alert is about: a hash. */
      readonly about?: string;
      readonly deviceUuid?: string | null;
    };

/** A request as it is decided upon. */
interface Asked {
  readonly request: ScepRequest;
  readonly csr: CertificateRequest;
  readonly publicKeySha256: string;
}

/** Who gets a certificate, and for what. One request, one transaction: nothing is issued that is not recorded. */
export class Enrolling {
  constructor(
    private readonly authority: Authority,
    private readonly challenges: Challenges,
    private readonly options: EnrollingOptions,
    private readonly now: Clock,
  ) {}

  async decide(tx: Transaction, request: ScepRequest): Promise<Outcome> {
    const csr = readCertificateRequest(request.csr);
    const asked = { request, csr, publicKeySha256: keyHash(csr.publicKey) };
    if (await isRevokedKey(tx, asked.publicKeySha256))
      return refuse('The certificate of this key was revoked.');
    return request.messageType === 'RenewalReq' ? this.#renew(tx, asked) : this.#enrol(tx, asked);
  }

  async #enrol(tx: Transaction, asked: Asked): Promise<Outcome> {
    const { csr } = asked;
    if (csr.challengePassword === undefined || csr.challengePassword === '')
      return refuse('The request has no challenge password.');
    const found = await this.challenges.find(tx, csr.challengePassword);
    if (found.kind === 'UNKNOWN') return refuse('The challenge is none of ours.');
    if (found.kind === 'EXPIRED') return refuse('The challenge has expired.');
    if (found.kind === 'USED') return this.#repeat(tx, asked, found);
    return this.#issue(tx, asked, found.grant, null, (sha256) =>
      this.challenges.use(tx, found.sha256, sha256),
    );
  }

  /** The same request again is the same certificate again; anything else with a used challenge may be a breach (RFC 8894 section 7.3). */
  async #repeat(
    tx: Transaction,
    { request, publicKeySha256 }: Asked,
    used: { sha256: string; certificateSha256: string },
  ): Promise<Outcome> {
    const { transactionId } = request;
    const before = {
      column: 'sha256',
      value: used.certificateSha256,
      transactionId,
      publicKeySha256,
    } as const;
    const issued = await findRepeated(tx, before, this.now());
    if (issued !== undefined) return { issued };
    return { ...refuse('The challenge was used before.'), alert: 'CHALLENGE_REUSED', about: used.sha256 };
  }

  /** The certificate that signs speaks for a device: the new one is for that device, and no challenge is needed. */
  async #renew(tx: Transaction, asked: Asked): Promise<Outcome> {
    const { request, publicKeySha256 } = asked;
    const sha256 = fingerprint(request.signerDer);
    const standing = await lockStanding(tx, sha256);
    const judged = this.#judgeRenewal(standing);
    if ('problem' in judged)
      return {
        ...refuse(judged.problem, 'IDENTITY_REFUSED'),
        alert: 'IDENTITY_REFUSED',
        about: sha256,
        deviceUuid: standing?.deviceUuid ?? null,
      };
    const { transactionId } = request;
    const before = { column: 'renewal_of', value: sha256, transactionId, publicKeySha256 } as const;
    const issued = await findRepeated(tx, before, this.now());
    if (issued !== undefined) return { issued };
    if ((await countRenewals(tx, judged.deviceUuid, this.now() - DAY_MS)) >= MOST_RENEWALS_A_DAY)
      return refuse(`This device has renewed its certificate ${MOST_RENEWALS_A_DAY} times within a day.`);
    return this.#issue(tx, asked, judged.grant, sha256, async () => undefined);
  }

  #judgeRenewal(
    standing: Standing | undefined,
  ): { problem: string } | { grant: EnrollmentGrant; deviceUuid: string } {
    if (standing === undefined) return { problem: 'The certificate to be renewed is none of ours.' };
    const { status, deviceUuid, notAfter } = standing;
    if (status === 'REVOKED') return { problem: 'The certificate to be renewed was revoked.' };
    if (status === 'ARCHIVED')
      return { problem: 'The certificate to be renewed was replaced by a newer one.' };
    if (deviceUuid === null) return { problem: 'The certificate to be renewed speaks for no device yet.' };
    if (notAfter.getTime() + this.options.renewalGraceMs < this.now())
      return { problem: 'The certificate to be renewed expired too long ago.' };
    return { grant: grantOf(standing, deviceUuid), deviceUuid };
  }

  async #issue(
    tx: Transaction,
    { request, csr, publicKeySha256 }: Asked,
    grant: EnrollmentGrant,
    renewalOf: string | null,
    recorded: (sha256: string) => Promise<void>,
  ): Promise<Outcome> {
    const renewed = grant.renewalOfDeviceUuid;
    if (renewed !== undefined && !(await isEnrolled(tx, renewed)))
      return refuse('The device whose certificate was to be renewed is not enrolled any more.');
    const former = renewalOf ?? (renewed === undefined ? undefined : await lockActive(tx, renewed));
    if (renewed !== undefined && former === undefined)
      return refuse('The certificate that was to be renewed is not good any more.');
    const identity = makeIdentity(this.authority, csr.publicKey, this.options, this.now());
    const issuance = {
      grant,
      renewalOf: former ?? null,
      transactionId: request.transactionId,
      publicKeySha256,
    };
    await record(tx, identity, issuance, this.now());
    if (renewed !== undefined) await this.#bind(tx, identity, renewed);
    await recorded(identity.sha256);
    return { issued: identity.der };
  }

  /** From the start it speaks for this device alone, whether the device announces it with Authenticate or just uses it. */
  #bind(tx: Transaction, identity: NewIdentity, deviceUuid: string): Promise<void> {
    const renewAt = renewalTime(identity.certificate, this.options.renewalWindowMs);
    return bindIdentity(tx, identity, deviceUuid, 'STAGED', this.now(), renewAt);
  }
}

/** A renewal is for what its certificate was for. */
function grantOf(standing: Standing, renewalOfDeviceUuid: string): EnrollmentGrant {
  return {
    enrollmentProfileUuid: standing.enrollmentProfileUuid,
    serialNumber: standing.expectedSerialNumber ?? undefined,
    udid: standing.expectedUdid ?? undefined,
    renewalOfDeviceUuid,
  };
}

async function isEnrolled(tx: Transaction, deviceUuid: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 AS one FROM devices WHERE uuid = ? AND enrollment_status <> '${EnrollmentStatus.UNENROLLED}'${lockClause(tx.dialect)}`,
    [deviceUuid],
  );
  return rows.length > 0;
}

function refuse(
  message: string,
  code: 'FORBIDDEN' | 'IDENTITY_REFUSED' = 'FORBIDDEN',
): { refused: PomonaError } {
  return { refused: new PomonaError(code, message) };
}
