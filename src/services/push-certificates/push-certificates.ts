import type { PushCertificate } from '../../apple/apns/index.js';
import type { PushVendor, RequestSubject } from '../../apple/push-request/index.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/index.js';
import { apart } from '../../deadline.js';
import { PushCertificate as PushCertificateRecord } from '../../entities/push-certificate.js';
import { PomonaError } from '../../errors.js';
import type { Logger } from '../../log.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, type OrderColumn } from '../paging.js';
import type { Vault } from '../vault.js';
import { CurrentPushCertificate, type Changed } from './current.js';
import { PushCertificateFile, type ProvidedPushCertificate } from './file-source.js';
import type { PushCertificateInUse } from './in-use.js';
import { PushRequests } from './requests.js';
import { serialNumberOf, type UploadedFile } from './uploaded-file.js';
import { UploadedPushCertificate } from './uploaded-source.js';
import { PushUploads } from './uploads.js';

const DAY_MS = 24 * 60 * 60_000;
const NEWEST_FIRST: readonly OrderColumn[] = [{ expression: 'row.uuid', descending: true }];

/** What the push certificates stand on. */
export interface PushCertificatesHouse {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: Logger;
  readonly now: Clock;
  /** The certificate that the operator keeps in files; it wins over uploaded ones. */
  readonly provided: ProvidedPushCertificate | undefined;
  /** The operator is an MDM vendor, and signs requests here. */
  readonly vendor: PushVendor | undefined;
}

/** The certificate in use, and what people ask of it. */
export interface PushCertificateStanding extends PushCertificateInUse {
  readonly serialNumber: string;
  readonly daysLeft: number;
}

/** The push certificates: asked for, uploaded, in use. Private keys go in and never come out. */
export class PushCertificates {
  readonly requests: PushRequests;
  readonly #uploads: PushUploads;

  private constructor(
    private readonly house: PushCertificatesHouse,
    private readonly current: CurrentPushCertificate,
  ) {
    const { database, vault, vendor, now } = house;
    this.requests = new PushRequests(database, vault, vendor, now);
    this.#uploads = new PushUploads(database, vault, now);
  }

  /** Throws a sentence when the key of the uploaded certificate cannot be opened. */
  static async open(house: PushCertificatesHouse): Promise<PushCertificates> {
    const { database, vault, log, provided } = house;
    const source =
      provided === undefined
        ? new UploadedPushCertificate(database, vault)
        : new PushCertificateFile(provided, log);
    return new PushCertificates(house, await CurrentPushCertificate.open(source));
  }

  /** What devices are woken with; undefined while there is none. */
  get certificate(): PushCertificate | undefined {
    return this.current.inUse?.certificate;
  }

  /** The same with where it is from, its serial number (hexadecimal), and for how many more whole days it will do. */
  get inUse(): PushCertificateStanding | undefined {
    const { inUse } = this.current;
    if (inUse === undefined) return undefined;
    const daysLeft = Math.floor((inUse.certificate.notAfter.getTime() - this.house.now()) / DAY_MS);
    return { ...inUse, serialNumber: serialNumberOf(inUse.certificate), daysLeft };
  }

  /** For the one who has to do something when another certificate is in use. */
  onChange(changed: Changed): void {
    this.current.onChange(changed);
  }

  /** Looks whether another process took one into use, or the file was changed. To be called by the clock. */
  refresh(): Promise<void> {
    return this.current.refresh();
  }

  /** Throws INVALID, and FEATURE_NOT_AVAILABLE where the certificate is a file. */
  async request(subject: RequestSubject): Promise<PushCertificateRecord> {
    this.#refuseBesideFile();
    return this.requests.create(subject);
  }

  /**
   * Takes a certificate into use: in this process before it returns, in the others within seconds. As `PushUploads.take`, and
   * throws FEATURE_NOT_AVAILABLE where the certificate is a file.
   */
  async upload(file: UploadedFile, force: boolean): Promise<PushCertificateRecord> {
    this.#refuseBesideFile();
    const record = await this.#uploads.take(file, force);
    await apart(() => this.current.refresh());
    return record;
  }

  get(uuid: string): Promise<PushCertificateRecord | null> {
    return this.house.database.manager.findOneBy(PushCertificateRecord, { uuid });
  }

  /** Newest first; also the open requests. Keyset: `[uuid]`. */
  list(page: PageRequest): Promise<Page<PushCertificateRecord>> {
    return findPage(this.house.database.manager, PushCertificateRecord, page, NEWEST_FIRST);
  }

  #refuseBesideFile(): void {
    if (this.house.provided === undefined) return;
    throw new PomonaError(
      'FEATURE_NOT_AVAILABLE',
      'The push certificate of this server is the file that POMONA_APNS_CERT_FILE names, and wins over one that is uploaded. Put ' +
        'the renewed certificate into the file: it is read again within seconds. To request and upload certificates here, take ' +
        'the option away and restart the server.',
    );
  }
}
