import type { Workflow } from '../../entities/workflow.js';
import { PomonaError } from '../../errors.js';
import { findCycle } from './effective-set.js';
import type { CatalogSnapshot, WorkflowMembers } from './snapshot.js';

/** Members of one list, and levels of inclusion, that a workflow may have: generous for people, and a bound for machines. */
const MAX_MEMBERS = 1_000;
const MAX_LEVELS = 32;

/**
 * Checks what a workflow shall contain against the catalogue as it is under the lock. Throws INVALID for an unknown or
 * repeated member, or too many of them; CYCLE with the path of names when an inclusion would come back to the workflow.
 */
export function checkMembers(
  catalog: CatalogSnapshot,
  workflow: Workflow,
  members: WorkflowMembers,
): WorkflowMembers {
  checkList('profiles', 'profile', members.profileUuids, catalog.profiles);
  checkList('applications', 'application', members.applicationUuids, catalog.applications);
  const workflows = new Map([...catalog.workflows, [workflow.uuid, workflow]]);
  checkList('includedWorkflows', 'workflow', members.includedUuids, workflows);
  const edges = (uuid: string): readonly string[] =>
    uuid === workflow.uuid ? members.includedUuids : catalog.members(uuid).includedUuids;
  const cycle = findCycle(workflow.uuid, edges);
  if (cycle !== undefined) throw cycleError(cycle.map((uuid) => workflows.get(uuid)?.name ?? uuid));
  checkLevels(workflow, edges, (uuid) => catalog.includedBy(uuid));
  return members;
}

function checkList(
  field: string,
  what: string,
  uuids: readonly string[],
  known: ReadonlyMap<string, unknown>,
): void {
  if (uuids.length > MAX_MEMBERS) {
    throw new PomonaError(
      'INVALID',
      `A workflow may have ${MAX_MEMBERS} ${field} at most; these are ${uuids.length}.`,
      { path: [field] },
    );
  }
  const seen = new Set<string>();
  uuids.forEach((uuid, index) => {
    const path = [field, String(index)];
    if (!known.has(uuid)) throw new PomonaError('INVALID', `There is no ${what} ${uuid}.`, { path });
    if (seen.has(uuid)) throw new PomonaError('INVALID', `The ${what} ${uuid} is named twice.`, { path });
    seen.add(uuid);
  });
}

function cycleError(names: readonly string[]): PomonaError {
  const spelled = names.map((name) => `"${name}"`).join(' → ');
  return new PomonaError('CYCLE', `A workflow cannot include itself: ${spelled}.`, {
    path: ['includedWorkflows'],
    details: { cycle: names },
  });
}

type Edges = (uuid: string) => readonly string[];

/** Levels below the workflow and above it together make the longest chain this edit can produce. */
function checkLevels(workflow: Workflow, included: Edges, includedBy: Edges): void {
  const levels = depth(workflow.uuid, included, new Map()) + depth(workflow.uuid, includedBy, new Map()) - 1;
  if (levels <= MAX_LEVELS) return;
  throw new PomonaError(
    'INVALID',
    `Workflows may be nested ${MAX_LEVELS} levels deep; this would make ${levels}.`,
    {
      path: ['includedWorkflows'],
    },
  );
}

function depth(uuid: string, edges: Edges, known: Map<string, number>): number {
  const found = known.get(uuid);
  if (found !== undefined) return found;
  const below = edges(uuid).map((next) => depth(next, edges, known));
  const levels = 1 + Math.max(0, ...below);
  known.set(uuid, levels);
  return levels;
}
