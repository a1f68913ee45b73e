import { Brackets, type SelectQueryBuilder } from 'typeorm';
import type { Clock } from '../../clock.js';
import { chunks, type Database } from '../../database/index.js';
import { IssuedCertificate } from '../../entities/authority.js';
import { IdentityCertificate, IdentityCertificateStatus } from '../../entities/identity-certificate.js';
import { Identity, type IdentityStatus } from '../../entities/identity.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, findPages, type OrderColumn, type OwnedList } from '../paging.js';

export interface IdentityCertificateFilter {
  readonly statuses?: readonly IdentityCertificateStatus[] | undefined;
  readonly deviceUuid?: string | undefined;
  readonly expiresBefore?: Date | undefined;
  /** The beginning of a serial number or a SHA-256, in hexadecimal, as it is written anywhere. */
  readonly search?: string | undefined;
}

/** A certificate in the list of its device, and when it was bound to it. */
export interface BoundCertificate {
  readonly certificate: IdentityCertificate;
  readonly boundAt: Date;
}

const NEWEST_FIRST: readonly OrderColumn[] = [
  { expression: 'row.createdAt', descending: true },
  { expression: 'row.sha256', descending: true },
];
const OF_DEVICE: OwnedList<Identity> = {
  entity: Identity,
  owner: 'deviceUuid',
  key: 'sha256',
  ordering: [
    { expression: 'row.boundAt', descending: true },
    { expression: 'row.sha256', descending: true },
  ],
  narrow: (query) => query.andWhere('row.sha256 IN (SELECT own.sha256 FROM issued_certificates own)'),
};

const { ISSUED, BOUND, STAGED, RETIRING, ARCHIVED, REVOKED, EXPIRED } = IdentityCertificateStatus;
const OF_BINDING: Readonly<Record<Exclude<IdentityStatus, 'ARCHIVED'>, IdentityCertificateStatus>> = {
  ACTIVE: BOUND,
  STAGED,
  RETIRING,
};

/** The certificates that this server issued, for reading: two statements for a page, however long. */
export class IdentityCertificates {
  constructor(
    private readonly database: Database,
    private readonly now: Clock,
  ) {}

  /** Newest first. Keyset: `[issuedAt, sha256]`. */
  async list(filter: IdentityCertificateFilter, page: PageRequest): Promise<Page<IdentityCertificate>> {
    const found = await findPage(this.database.manager, IssuedCertificate, page, NEWEST_FIRST, (query) =>
      narrow(query, filter, this.now()),
    );
    return { ...found, rows: await this.#views(found.rows) };
  }

  /** A page of each device's certificates, newest first, in as many statements for all devices. Keyset: `[boundAt, sha256]`. */
  async ofDevices(
    deviceUuids: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<BoundCertificate>>> {
    const pages = await findPages(this.database.manager, OF_DEVICE, deviceUuids, page);
    const bindings = [...pages.values()].flatMap(({ rows }) => rows);
    const views = await this.#views(await this.#issued(bindings.map(({ sha256 }) => sha256)), bindings);
    const known = new Map(views.map((view) => [view.sha256, view]));
    return new Map(
      [...pages].map(([uuid, found]) => [
        uuid,
        { ...found, rows: found.rows.flatMap((row) => bound(row, known)) },
      ]),
    );
  }

  async get(sha256: string): Promise<IdentityCertificate | null> {
    return (await this.byHashes([sha256]))[0] ?? null;
  }

  async byHashes(hashes: readonly string[]): Promise<IdentityCertificate[]> {
    const found: IdentityCertificate[] = [];
    for (const chunk of chunks(hashes, 500)) found.push(...(await this.#views(await this.#issued(chunk))));
    return found;
  }

  /** By their ids, each of which is the beginning of a hash. */
  async getMany(uuids: readonly string[]): Promise<IdentityCertificate[]> {
    if (uuids.length === 0) return [];
    const query = this.database.manager.createQueryBuilder(IssuedCertificate, 'row');
    for (const [at, uuid] of uuids.entries())
      query.orWhere(...beginsWith('row.sha256', uuid.replaceAll('-', ''), `id${at}`));
    return this.#views(await query.getMany());
  }

  async #issued(hashes: readonly string[]): Promise<IssuedCertificate[]> {
    if (hashes.length === 0) return [];
    return this.database.manager
      .createQueryBuilder(IssuedCertificate, 'row')
      .where('row.sha256 IN (:...hashes)', { hashes })
      .getMany();
  }

  async #views(
    rows: readonly IssuedCertificate[],
    bindings?: readonly Identity[],
  ): Promise<IdentityCertificate[]> {
    const found = bindings ?? (await this.#bindings(rows.map(({ sha256 }) => sha256)));
    const known = new Map(found.map((binding) => [binding.sha256, binding]));
    return rows.map((row) => viewOf(row, known.get(row.sha256), this.now()));
  }

  async #bindings(hashes: readonly string[]): Promise<Identity[]> {
    if (hashes.length === 0) return [];
    return this.database.manager
      .createQueryBuilder(Identity, 'row')
      .where('row.sha256 IN (:...hashes)', { hashes })
      .getMany();
  }
}

function bound(
  { sha256, boundAt }: Identity,
  known: ReadonlyMap<string, IdentityCertificate>,
): BoundCertificate[] {
  const certificate = known.get(sha256);
  return certificate === undefined ? [] : [{ certificate, boundAt }];
}

function viewOf(row: IssuedCertificate, binding: Identity | undefined, now: number): IdentityCertificate {
  const { certificate: der, createdAt: issuedAt, renewalOf: renewalOfSha256 } = row;
  const { sha256, serial, subject, notBefore, notAfter, revokedAt, enrollmentProfileUuid } = row;
  const facts = {
    sha256,
    serial,
    subject,
    notBefore,
    notAfter,
    revokedAt,
    enrollmentProfileUuid,
    issuedAt,
    der,
    renewalOfSha256,
    status: statusOf(row, binding?.status, now),
    deviceUuid: binding?.deviceUuid ?? null,
  };
  return new IdentityCertificate(facts, now);
}

function statusOf(
  { revokedAt, notAfter }: IssuedCertificate,
  binding: IdentityStatus | undefined,
  now: number,
): IdentityCertificateStatus {
  if (revokedAt !== null) return REVOKED;
  if (binding === 'ARCHIVED') return ARCHIVED;
  if (notAfter.getTime() <= now) return EXPIRED;
  return binding === undefined ? ISSUED : OF_BINDING[binding];
}

/** The same in SQL, over the certificate (`row`) and its binding. */
const GOOD = "row.revokedAt IS NULL AND (binding.status IS NULL OR binding.status <> 'ARCHIVED')";
const VALID = `${GOOD} AND row.notAfter > :now`;
const CONDITION: Readonly<Record<IdentityCertificateStatus, string>> = {
  [ISSUED]: `${VALID} AND binding.status IS NULL`,
  [BOUND]: `${VALID} AND binding.status = 'ACTIVE'`,
  [STAGED]: `${VALID} AND binding.status = 'STAGED'`,
  [RETIRING]: `${VALID} AND binding.status = 'RETIRING'`,
  [ARCHIVED]: "row.revokedAt IS NULL AND binding.status = 'ARCHIVED'",
  [REVOKED]: 'row.revokedAt IS NOT NULL',
  [EXPIRED]: `${GOOD} AND row.notAfter <= :now`,
};

function narrow(
  query: SelectQueryBuilder<IssuedCertificate>,
  { statuses, deviceUuid, expiresBefore, search }: IdentityCertificateFilter,
  now: number,
): void {
  if (statuses !== undefined || deviceUuid !== undefined)
    query.leftJoin(Identity, 'binding', 'binding.sha256 = row.sha256');
  if (statuses !== undefined) {
    const any =
      statuses.length === 0 ? '1 = 0' : statuses.map((status) => `(${CONDITION[status]})`).join(' OR ');
    query.andWhere(`(${any})`, { now });
  }
  if (deviceUuid !== undefined) query.andWhere('binding.deviceUuid = :deviceUuid', { deviceUuid });
  if (expiresBefore !== undefined)
    query.andWhere('row.notAfter < :expiresBefore', { expiresBefore: expiresBefore.getTime() });
  if (search !== undefined) narrowToSearch(query, search);
}

/** Hexadecimal is written with colons, with spaces, in capitals: all of it is the same number. */
function narrowToSearch(query: SelectQueryBuilder<IssuedCertificate>, search: string): void {
  const digits = search.toLowerCase().replaceAll(/[\s:]/g, '');
  query.andWhere(
    new Brackets((either) => {
      either
        .where(...beginsWith('row.sha256', digits, 'search'))
        .orWhere(...beginsWith('row.serial', digits, 'search'));
    }),
  );
}

/** That a text of hexadecimal digits begins with some, in a way that an index serves: `g` comes after all of them. */
function beginsWith(column: string, digits: string, name: string): [string, Record<string, string>] {
  return [
    `(${column} >= :${name} AND ${column} < :${name}After)`,
    { [name]: digits, [`${name}After`]: `${digits}g` },
  ];
}
