import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/index.js';
import { Application } from '../../entities/application.js';
import { PomonaError } from '../../errors.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, type OrderColumn } from '../paging.js';
import type { Catalog } from './catalog.js';
import { refuseInUse, stale, type AffectedDevices } from './profiles.js';
import type { CatalogSnapshot } from './snapshot.js';

/** What an application is made of. Exactly one of `manifestUrl` and `itunesStoreId`. */
export interface ApplicationFields {
  readonly name: string;
  readonly manifestUrl?: string | null | undefined;
  readonly itunesStoreId?: number | null | undefined;
  readonly bundleIdentifier?: string | null | undefined;
}

const BY_NAME: readonly OrderColumn[] = [{ expression: 'row.name', descending: false }];

/** Applications that workflows can install. */
export class Applications {
  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly affected: AffectedDevices,
    private readonly now: Clock,
  ) {}

  /** Adds an application. Throws INVALID, or CONFLICT when its name, manifest URL or App Store id is taken. */
  create(fields: ApplicationFields): Promise<Application> {
    return this.database.transaction(async (tx) => {
      const application = await insertApplication(tx, await this.catalog.lock(tx), fields, this.now());
      await this.catalog.changed(tx);
      return application;
    });
  }

  /** Changes an application. A new source is a new revision, installed on every device that has it. Throws NOT_FOUND, INVALID, CONFLICT, STALE_REVISION. */
  update(uuid: string, fields: Partial<ApplicationFields>, expectedRevision?: number): Promise<Application> {
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const current = mustHave(before, uuid);
      if (expectedRevision !== undefined && expectedRevision !== current.revision)
        throw stale('application', current.revision);
      const clean = validated(merged(current, fields));
      refuseTaken(before, clean, uuid);
      const source =
        clean.manifestUrl !== current.manifestUrl || clean.itunesStoreId !== current.itunesStoreId;
      const application = Object.assign(new Application(), current, clean, {
        revision: current.revision + (source ? 1 : 0),
        updatedAt: new Date(this.now()),
      });
      await tx.manager.update(Application, { uuid }, application);
      await this.catalog.changed(tx);
      const users = before.usersOf('applicationUuids', uuid).map((workflow) => workflow.uuid);
      await this.affected.mark(tx, before.dependents(users));
      return application;
    });
  }

  /** Deletes an application. Throws NOT_FOUND, or IN_USE naming the workflows that still have it. */
  delete(uuid: string): Promise<Application> {
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const application = mustHave(before, uuid);
      refuseInUse(
        'application',
        application.name,
        before.usersOf('applicationUuids', uuid).map((workflow) => workflow.name),
      );
      await tx.manager.delete(Application, { uuid });
      await this.catalog.changed(tx);
      return application;
    });
  }

  async get(uuid: string): Promise<Application | undefined> {
    return (await this.catalog.current()).applications.get(uuid);
  }

  async findByName(name: string): Promise<Application | undefined> {
    return [...(await this.catalog.current()).applications.values()].find(
      (application) => application.name === name,
    );
  }

  async findByManifestUrl(url: string): Promise<Application | undefined> {
    return [...(await this.catalog.current()).applications.values()].find(
      (application) => application.manifestUrl === url,
    );
  }

  list(page: PageRequest): Promise<Page<Application>> {
    return findPage(this.database.manager, Application, page, BY_NAME);
  }
}

/** Adds an application within a transaction that holds the catalogue's lock and moves its revision. Throws as `create`. */
export async function insertApplication(
  tx: Transaction,
  catalog: CatalogSnapshot,
  fields: ApplicationFields,
  now: number,
): Promise<Application> {
  const clean = validated(fields);
  refuseTaken(catalog, clean, undefined);
  const at = new Date(now);
  const application = Object.assign(new Application(), {
    uuid: uuidv7(),
    ...clean,
    revision: 1,
    createdAt: at,
    updatedAt: at,
  });
  await tx.manager.insert(Application, application);
  return application;
}

type CleanFields = Pick<Application, 'name' | 'manifestUrl' | 'itunesStoreId' | 'bundleIdentifier'>;

function merged(current: Application, fields: Partial<ApplicationFields>): ApplicationFields {
  return {
    name: fields.name ?? current.name,
    manifestUrl: fields.manifestUrl === undefined ? current.manifestUrl : fields.manifestUrl,
    itunesStoreId: fields.itunesStoreId === undefined ? current.itunesStoreId : fields.itunesStoreId,
    bundleIdentifier:
      fields.bundleIdentifier === undefined ? current.bundleIdentifier : fields.bundleIdentifier,
  };
}

function validated(fields: ApplicationFields): CleanFields {
  const name = fields.name.trim();
  if (name === '' || name.length > 255)
    throw invalid('name', 'An application needs a name of 1 to 255 characters.');
  const manifestUrl = fields.manifestUrl ?? null;
  const itunesStoreId = fields.itunesStoreId ?? null;
  if ((manifestUrl === null) === (itunesStoreId === null)) {
    throw invalid(
      'manifestUrl',
      'Give either the URL of a manifest or the number of an App Store application: one of them, not both.',
    );
  }
  if (manifestUrl !== null) checkManifestUrl(manifestUrl);
  if (itunesStoreId !== null && (!Number.isSafeInteger(itunesStoreId) || itunesStoreId <= 0)) {
    throw invalid(
      'itunesStoreId',
      'itunesStoreId must be the positive number in the App Store URL, for example 361309726.',
    );
  }
  const bundleIdentifier = fields.bundleIdentifier ?? null;
  if (bundleIdentifier !== null && !/^[A-Za-z0-9.-]{1,255}$/.test(bundleIdentifier)) {
    throw invalid(
      'bundleIdentifier',
      'bundleIdentifier has letters, digits, dots and hyphens only, for example org.example.app.',
    );
  }
  return { name, manifestUrl, itunesStoreId, bundleIdentifier };
}

/** Apple: ManifestURL must start with https. */
function checkManifestUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || url.length > 700) {
    throw invalid(
      'manifestUrl',
      `The manifest URL must be a https URL of at most 700 characters; this is "${url.slice(0, 80)}".`,
    );
  }
}

function refuseTaken(catalog: CatalogSnapshot, fields: CleanFields, except: string | undefined): void {
  for (const other of catalog.applications.values()) {
    if (other.uuid === except) continue;
    const taken =
      (other.name === fields.name && 'name') ||
      (fields.manifestUrl !== null && other.manifestUrl === fields.manifestUrl && 'manifestUrl') ||
      (fields.itunesStoreId !== null && other.itunesStoreId === fields.itunesStoreId && 'itunesStoreId');
    if (taken === false) continue;
    throw new PomonaError(
      'CONFLICT',
      `The application "${other.name}" (${other.uuid}) already has this ${taken}.`,
      {
        path: [taken],
        details: { uuid: other.uuid },
      },
    );
  }
}

function mustHave(catalog: CatalogSnapshot, uuid: string): Application {
  const application = catalog.applications.get(uuid);
  if (application === undefined) throw new PomonaError('NOT_FOUND', `There is no application ${uuid}.`);
  return application;
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
