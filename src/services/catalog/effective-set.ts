import { SubjectKind } from '../../entities/enums.js';
import type { CatalogSnapshot } from './snapshot.js';

/** One profile or application that a workflow comes down to. */
export interface EffectiveItem {
  readonly kind: SubjectKind;
  readonly subjectUuid: string;
  /** What a device knows it by: PayloadIdentifier, or the bundle identifier when it is known. */
  readonly identifier: string | null;
  /** The revision to have: the profile revision's UUID, or the application's revision number. */
  readonly revision: string;
  /** The inclusions it came by, from the workflow asked about to the one that names it. */
  readonly path: readonly string[];
}

export interface EffectiveSet {
  readonly profiles: readonly EffectiveItem[];
  readonly applications: readonly EffectiveItem[];
}

/**
 * What a workflow comes down to: included workflows first, in order, depth first, then its own profiles and applications;
 * the first occurrence of a profile or application wins. A workflow reached twice adds nothing the second time.
 */
export function effectiveSet(catalog: CatalogSnapshot, workflowUuid: string): EffectiveSet {
  const profiles = new Map<string, EffectiveItem>();
  const applications = new Map<string, EffectiveItem>();
  const visited = new Set<string>();
  const visit = (uuid: string, path: readonly string[]): void => {
    if (visited.has(uuid)) return;
    visited.add(uuid);
    const here = [...path, uuid];
    const members = catalog.members(uuid);
    for (const included of members.includedUuids) visit(included, here);
    for (const profile of members.profileUuids) addProfile(catalog, profiles, profile, here);
    for (const application of members.applicationUuids)
      addApplication(catalog, applications, application, here);
  };
  visit(workflowUuid, []);
  return { profiles: [...profiles.values()], applications: [...applications.values()] };
}

type Items = Map<string, EffectiveItem>;

function addProfile(catalog: CatalogSnapshot, items: Items, uuid: string, path: readonly string[]): void {
  const profile = catalog.profiles.get(uuid);
  if (profile === undefined || items.has(uuid)) return;
  items.set(uuid, {
    kind: SubjectKind.PROFILE,
    subjectUuid: uuid,
    identifier: profile.payloadIdentifier,
    revision: profile.currentRevisionUuid,
    path,
  });
}

function addApplication(catalog: CatalogSnapshot, items: Items, uuid: string, path: readonly string[]): void {
  const application = catalog.applications.get(uuid);
  if (application === undefined || items.has(uuid)) return;
  items.set(uuid, {
    kind: SubjectKind.APPLICATION,
    subjectUuid: uuid,
    identifier: application.bundleIdentifier,
    revision: String(application.revision),
    path,
  });
}

/**
 * The cycle that `edges` would make from `start`, as the uuids along it with the first repeated at the end; undefined
 * when there is none. `edges` says which workflows a workflow includes.
 */
export function findCycle(start: string, edges: (uuid: string) => readonly string[]): string[] | undefined {
  const done = new Set<string>();
  const search = (uuid: string, path: readonly string[]): string[] | undefined => {
    if (uuid === start && path.length > 0) return [...path, uuid];
    if (done.has(uuid)) return undefined;
    done.add(uuid);
    for (const next of edges(uuid)) {
      const cycle = search(next, [...path, uuid]);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  };
  return search(start, []);
}
