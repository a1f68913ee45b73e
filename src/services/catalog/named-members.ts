import type { Transaction } from '../../database/index.js';
import type { Application } from '../../entities/application.js';
import { PomonaError } from '../../errors.js';
import { insertApplication } from './applications.js';
import type { CatalogSnapshot, WorkflowMembers } from './snapshot.js';

/** A profile, by at least one of its names. When both are given they have to agree. */
export interface NamedProfile {
  readonly uuid?: string | undefined;
  readonly payloadIdentifier?: string | undefined;
}

/** An application, by at least one of its names, which have to agree. A manifest URL nobody knows makes a new one. */
export interface NamedApplication {
  readonly uuid?: string | undefined;
  readonly name?: string | undefined;
  readonly manifestUrl?: string | undefined;
}

/** What a workflow shall contain, each list in its order; a list that is left out is not touched. */
export interface NamedMembers {
  readonly profiles?: readonly NamedProfile[] | undefined;
  readonly applications?: readonly NamedApplication[] | undefined;
  readonly includedUuids?: readonly string[] | undefined;
}

export interface ResolvedMembers {
  /** The catalogue with the applications that were added on the way. */
  readonly catalog: CatalogSnapshot;
  readonly members: Partial<WorkflowMembers>;
}

/**
 * Finds the members under the catalogue's lock, adding the applications that are new. Throws INVALID for a member that is
 * not known, whose names disagree, or that cannot be added.
 */
export async function resolveNamed(
  tx: Transaction,
  catalog: CatalogSnapshot,
  named: NamedMembers,
  now: number,
): Promise<ResolvedMembers> {
  const profileUuids = named.profiles?.map((profile, index) =>
    profileUuid(catalog, profile, ['profiles', String(index)]),
  );
  let known = catalog;
  const applicationUuids: string[] = [];
  for (const [index, wanted] of (named.applications ?? []).entries()) {
    const path = ['applications', String(index)];
    let application = findApplication(known, wanted, path);
    if (application === undefined) {
      application = await addApplication(tx, known, wanted, now, path);
      known = known.withApplications([application]);
    }
    applicationUuids.push(application.uuid);
  }
  return {
    catalog: known,
    members: {
      ...(profileUuids === undefined ? {} : { profileUuids }),
      ...(named.applications === undefined ? {} : { applicationUuids }),
      ...(named.includedUuids === undefined ? {} : { includedUuids: named.includedUuids }),
    },
  };
}

function profileUuid(
  catalog: CatalogSnapshot,
  { uuid, payloadIdentifier }: NamedProfile,
  path: readonly string[],
): string {
  const profile =
    uuid === undefined
      ? [...catalog.profiles.values()].find((one) => one.payloadIdentifier === payloadIdentifier)
      : catalog.profiles.get(uuid);
  if (profile === undefined) {
    const by = uuid ?? `with the PayloadIdentifier “${payloadIdentifier}”`;
    throw invalid(`There is no profile ${by}. Add it first.`, path);
  }
  if (payloadIdentifier !== undefined && payloadIdentifier !== profile.payloadIdentifier) {
    throw invalid(
      `The profile ${profile.uuid} has the PayloadIdentifier “${profile.payloadIdentifier}”, not “${payloadIdentifier}”: name one profile, by either or by both.`,
      path,
    );
  }
  return profile.uuid;
}

function findApplication(
  catalog: CatalogSnapshot,
  wanted: NamedApplication,
  path: readonly string[],
): Application | undefined {
  const found = lookUp(catalog, wanted);
  if (found === undefined) {
    if (wanted.uuid !== undefined) throw invalid(`There is no application ${wanted.uuid}.`, path);
    if (wanted.manifestUrl === undefined) {
      throw invalid(
        `There is no application named “${wanted.name}”. Give its manifest URL too, and it is added.`,
        path,
      );
    }
    return undefined;
  }
  if (wanted.name !== undefined && wanted.name.trim() !== found.name)
    throw disagree(found, `is named “${found.name}”`, path);
  if (wanted.manifestUrl !== undefined && wanted.manifestUrl !== found.manifestUrl) {
    throw disagree(
      found,
      `has ${found.manifestUrl === null ? 'no manifest URL' : `the manifest URL ${found.manifestUrl}`}`,
      path,
    );
  }
  return found;
}

function lookUp(
  catalog: CatalogSnapshot,
  { uuid, name, manifestUrl }: NamedApplication,
): Application | undefined {
  if (uuid !== undefined) return catalog.applications.get(uuid);
  const all = [...catalog.applications.values()];
  const byUrl = manifestUrl === undefined ? undefined : all.find((one) => one.manifestUrl === manifestUrl);
  return byUrl ?? all.find((one) => one.name === name?.trim());
}

async function addApplication(
  tx: Transaction,
  catalog: CatalogSnapshot,
  { name, manifestUrl }: NamedApplication,
  now: number,
  path: readonly string[],
): Promise<Application> {
  if (name === undefined)
    throw invalid(
      `No application has the manifest URL ${manifestUrl}. Give a name too, and it is added.`,
      path,
    );
  return insertApplication(tx, catalog, { name, manifestUrl }, now).catch((error: unknown) => {
    throw error instanceof PomonaError ? placed(error, path) : error;
  });
}

/** The same failure, said of this member of the list. */
function placed(error: PomonaError, path: readonly string[]): PomonaError {
  return new PomonaError(error.code, error.message, {
    path: [...path, ...(error.inputPath ?? [])],
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}

function disagree(found: Application, fact: string, path: readonly string[]): PomonaError {
  return invalid(
    `The application ${found.uuid} ${fact}: name one application, by any of its names or all.`,
    path,
  );
}

function invalid(message: string, path: readonly string[]): PomonaError {
  return new PomonaError('INVALID', message, { path });
}
