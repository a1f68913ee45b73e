import { createPrivateKey } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { PushCertificate as LoadedCertificate } from '../../apple/apns/index.js';
import type { Clock } from '../../clock.js';
import {
  isDuplicate,
  lockClause,
  placeholders,
  type Database,
  type Transaction,
} from '../../database/index.js';
import { PushCertificate, PushCertificateStatus } from '../../entities/push-certificate.js';
import { PomonaError } from '../../errors.js';
import type { Vault } from '../vault.js';
import { openKey, sealKey } from './sealed-key.js';
import { guardTopic } from './topic-guard.js';
import { judgeUpload, publicKeyOf, readUpload, serialNumberOf, type UploadedFile } from './uploaded-file.js';

const { ACTIVE, DISCARDED, REPLACED, REQUESTED } = PushCertificateStatus;
const SUBJECT_LENGTH = 1024;

/** A record whose key a certificate may belong to. */
interface KnownKey {
  readonly uuid: string;
  readonly sealedKey: Uint8Array;
}

interface ActiveRow {
  readonly uuid: string;
  readonly topic: string;
  readonly sha256: string;
}

/** Takes the push certificates that admins upload. */
export class PushUploads {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly now: Clock,
  ) {}

  /**
   * Makes an uploaded certificate the active one, and returns its record. It finds the key of its request by itself. The same
   * one again changes nothing.
   * @param force also when enrolled devices listen to another topic
   * @throws PomonaError INVALID for what is no usable push certificate; CONFLICT for another topic
   */
  async take(file: UploadedFile, force: boolean): Promise<PushCertificate> {
    const read = readUpload(file);
    const known = read.hasKey ? undefined : await this.#findKey(read.publicKeys);
    const key = known === undefined ? undefined : openKey(this.vault, known.sealedKey, known.uuid);
    const certificate = judgeUpload(read, key, this.now());
    const uuid = await this.database
      .transaction((tx) => this.#activate(tx, certificate, force))
      .catch(refuseSecond);
    return this.database.manager.findOneByOrFail(PushCertificate, { uuid });
  }

  /** The key is looked for among those in use and used up, too: Apple renews a certificate for the same request as well. */
  async #findKey(publicKeys: readonly string[]): Promise<KnownKey | undefined> {
    const [known] = await this.database.query<KnownKey>(
      `SELECT uuid, sealed_key AS sealedKey FROM push_certificates
        WHERE public_key_sha256 IN ${placeholders(publicKeys.length)} AND status <> ? AND sealed_key IS NOT NULL
        ORDER BY uuid LIMIT 1`,
      [...publicKeys, DISCARDED],
    );
    return known;
  }

  /** Returns the uuid of the record. */
  async #activate(tx: Transaction, certificate: LoadedCertificate, force: boolean): Promise<string> {
    const [active] = await tx.query<ActiveRow>(
      `SELECT uuid, topic, sha256 FROM push_certificates WHERE active_slot = 1${lockClause(tx.dialect)}`,
    );
    if (active?.sha256 === certificate.fingerprint) return active.uuid;
    if (!force && active?.topic !== certificate.topic) await guardTopic(tx, certificate.topic);
    if (active !== undefined)
      await tx.run(
        'UPDATE push_certificates SET status = ?, active_slot = NULL, ended_at = ? WHERE uuid = ?',
        [REPLACED, this.now(), active.uuid],
      );
    return (await this.#answerRequest(tx, certificate)) ?? this.#insert(tx, certificate);
  }

  /** The open request that the certificate was made from becomes its record. */
  async #answerRequest(tx: Transaction, certificate: LoadedCertificate): Promise<string | undefined> {
    const [open] = await tx.query<{ uuid: string }>(
      `SELECT uuid FROM push_certificates WHERE public_key_sha256 = ? AND status = ?${lockClause(tx.dialect)}`,
      [publicKeyOf(certificate), REQUESTED],
    );
    if (open === undefined) return undefined;
    await tx.manager.update(PushCertificate, { uuid: open.uuid }, this.#columnsOf(certificate));
    return open.uuid;
  }

  async #insert(tx: Transaction, certificate: LoadedCertificate): Promise<string> {
    const uuid = uuidv7();
    await tx.manager.insert(PushCertificate, {
      uuid,
      ...this.#columnsOf(certificate),
      publicKeySha256: publicKeyOf(certificate),
      sealedKey: sealKey(this.vault, createPrivateKey(certificate.keyPem), uuid),
      createdAt: new Date(this.now()),
    });
    return uuid;
  }

  #columnsOf(certificate: LoadedCertificate) {
    const { certPem, chainPem, topic, subject, notBefore, notAfter, fingerprint } = certificate;
    return {
      status: ACTIVE,
      activeSlot: 1,
      certificatePem: [certPem, ...chainPem].join(''),
      sha256: fingerprint,
      subject: subject.slice(0, SUBJECT_LENGTH),
      serialNumber: serialNumberOf(certificate),
      topic,
      notBefore,
      notAfter,
      uploadedAt: new Date(this.now()),
    } as const;
  }
}

/** Two first ones at once: the unique index lets one. */
function refuseSecond(error: unknown): never {
  if (!isDuplicate(error)) throw error;
  throw new PomonaError(
    'CONFLICT',
    'Another push certificate was uploaded just now. Look at it, and try again.',
    {
      path: ['certificate'],
      cause: error,
    },
  );
}
