import { X509Certificate } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  answerBytes,
  appleRequest,
  exchangeCertificate,
  makeRequestKey,
  openAnswer,
  publicKeyHash,
  pushRequest,
  PushRequestError,
  type PushRequestErrorCode,
  signingRequest,
  toPem,
  type PushVendor,
  type RequestSubject,
} from '../../apple/push-request/index.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/index.js';
import { PushCertificate, PushCertificateStatus } from '../../entities/push-certificate.js';
import { PomonaError } from '../../errors.js';
import type { Vault } from '../vault.js';
import { openKey, sealKey } from './sealed-key.js';

/** Nobody needs more at once, and each costs a key. */
const MOST_OPEN = 20;

/** Which part of what was given is wrong. */
const FIELD_OF: Readonly<Record<PushRequestErrorCode, string>> = {
  'bad-common-name': 'commonName',
  'bad-email': 'email',
  'bad-country': 'country',
  unreadable: 'answer',
  'other-recipient': 'answer',
  'other-request': 'answer',
};

interface OpenRequest {
  readonly uuid: string;
  readonly exchangeCertificate: string;
  readonly sealedKey: Uint8Array;
}

/** The requests for push certificates: their keys are made here and stay here. */
export class PushRequests {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly vendor: PushVendor | undefined,
    private readonly now: Clock,
  ) {}

  /** Makes a key and a request. Throws INVALID for a name that will not do, and when too many requests are open. */
  async create({ commonName, email, country }: RequestSubject): Promise<PushCertificate> {
    await this.#refuseTooMany();
    const subject = { commonName: commonName.trim(), email: email.trim(), country: country?.toUpperCase() };
    const key = await makeRequestKey();
    const csr = refused(() => pushRequest(subject, key));
    const uuid = uuidv7();
    const record = Object.assign(new PushCertificate(), {
      uuid,
      status: PushCertificateStatus.REQUESTED,
      activeSlot: null,
      commonName: subject.commonName,
      email: subject.email,
      csrPem: toPem('CERTIFICATE REQUEST', csr),
      exchangeCertificate: exchangeCertificate(key, this.now()),
      publicKeySha256: publicKeyHash(key),
      createdAt: new Date(this.now()),
    });
    const sealedKey = sealKey(this.vault, key, uuid);
    await this.database.transaction((tx) => tx.manager.insert(PushCertificate, { ...record, sealedKey }));
    return this.#must(uuid);
  }

  /** The file for Apple, base64; null unless this server signs as a vendor and the request is open. */
  appleRequest({ csrPem, status }: PushCertificate): string | null {
    if (this.vendor === undefined || csrPem === null || status !== PushCertificateStatus.REQUESTED)
      return null;
    return appleRequest(derOf(csrPem), this.vendor);
  }

  /** What mdmcert.download takes, JSON; null unless the request is open. */
  mdmcertRequest(
    { csrPem, email, exchangeCertificate: pem, status }: PushCertificate,
    apiKey: string,
  ): string | null {
    if (csrPem === null || email === null || pem === null) return null;
    if (status !== PushCertificateStatus.REQUESTED) return null;
    return signingRequest({ csrPem, email, apiKey, exchangeCertificate: pem });
  }

  /**
   * Opens the answer of mdmcert.download, hexadecimal, to the file for Apple. Which request it answers is seen by the
   * certificate it is encrypted to. Throws INVALID; NOT_FOUND when it answers none of the open requests.
   */
  async openAnswer(text: string): Promise<{ request: PushCertificate; appleRequest: string }> {
    const bytes = refused(() => answerBytes(text));
    for (const open of await this.#open()) {
      const found = this.#tryToOpen(bytes, open);
      if (found !== undefined) return { request: await this.#must(open.uuid), appleRequest: found };
    }
    throw new PomonaError(
      'NOT_FOUND',
      'The answer is encrypted to none of the open requests. It answers a request that was discarded or used up, or one of another ' +
        'server.',
      { path: ['answer'] },
    );
  }

  /** Gives an open request up and deletes its key. Throws NOT_FOUND, and CONFLICT for what is no open request. Twice changes nothing. */
  async discard(uuid: string): Promise<PushCertificate> {
    await this.database.run(
      'UPDATE push_certificates SET status = ?, sealed_key = NULL, ended_at = ? WHERE uuid = ? AND status = ?',
      [PushCertificateStatus.DISCARDED, this.now(), uuid, PushCertificateStatus.REQUESTED],
    );
    const record = await this.#must(uuid);
    if (record.status === PushCertificateStatus.DISCARDED) return record;
    throw new PomonaError(
      'CONFLICT',
      'A certificate was uploaded for this request: it is no longer open, and there is nothing to discard.',
    );
  }

  #tryToOpen(bytes: Buffer, { uuid, exchangeCertificate: pem, sealedKey }: OpenRequest): string | undefined {
    const recipient = {
      certificate: new X509Certificate(pem),
      privateKey: openKey(this.vault, sealedKey, uuid),
    };
    try {
      return openAnswer(bytes, recipient);
    } catch (error) {
      if (error instanceof PushRequestError && error.code === 'other-recipient') return undefined;
      throw asRefusal(error);
    }
  }

  #open(): Promise<OpenRequest[]> {
    return this.database.query<OpenRequest>(
      `SELECT uuid, exchange_certificate AS exchangeCertificate, sealed_key AS sealedKey
         FROM push_certificates WHERE status = ? AND sealed_key IS NOT NULL`,
      [PushCertificateStatus.REQUESTED],
    );
  }

  async #refuseTooMany(): Promise<void> {
    const open = await this.database.manager.countBy(PushCertificate, {
      status: PushCertificateStatus.REQUESTED,
    });
    if (open >= MOST_OPEN)
      throw new PomonaError(
        'INVALID',
        `There are ${open} open requests, and no more are kept. Use one of them, or discard those that nobody waits for.`,
      );
  }

  async #must(uuid: string): Promise<PushCertificate> {
    const record = await this.database.manager.findOneBy(PushCertificate, { uuid });
    if (record === null) throw new PomonaError('NOT_FOUND', `There is no push certificate ${uuid}.`);
    return record;
  }
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

function refused<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof PushRequestError)) return error;
  return new PomonaError('INVALID', error.message, { path: [FIELD_OF[error.code]], cause: error });
}
