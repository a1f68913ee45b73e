import type { Application } from '../../entities/application.js';
import type { Profile } from '../../entities/profile.js';
import type { Workflow } from '../../entities/workflow.js';

/** The members of one workflow, each list in its order. */
export interface WorkflowMembers {
  readonly profileUuids: readonly string[];
  readonly applicationUuids: readonly string[];
  readonly includedUuids: readonly string[];
}

const NOTHING: WorkflowMembers = { profileUuids: [], applicationUuids: [], includedUuids: [] };

/** All profiles, applications and workflows as they were at one revision of the catalogue. Immutable. */
export class CatalogSnapshot {
  readonly #includedBy = new Map<string, string[]>();

  constructor(
    readonly revision: number,
    readonly profiles: ReadonlyMap<string, Profile>,
    readonly applications: ReadonlyMap<string, Application>,
    readonly workflows: ReadonlyMap<string, Workflow>,
    private readonly membersOf: ReadonlyMap<string, WorkflowMembers>,
  ) {
    for (const [uuid, members] of membersOf) {
      for (const included of members.includedUuids) {
        const list = this.#includedBy.get(included);
        if (list === undefined) this.#includedBy.set(included, [uuid]);
        else list.push(uuid);
      }
    }
  }

  /** The same catalogue with applications that were added under its lock. */
  withApplications(added: readonly Application[]): CatalogSnapshot {
    const applications = new Map([...this.applications, ...added.map((one) => [one.uuid, one] as const)]);
    return new CatalogSnapshot(this.revision, this.profiles, applications, this.workflows, this.membersOf);
  }

  members(workflowUuid: string): WorkflowMembers {
    return this.membersOf.get(workflowUuid) ?? NOTHING;
  }

  /** The workflows that include this one directly. */
  includedBy(workflowUuid: string): readonly string[] {
    return this.#includedBy.get(workflowUuid) ?? [];
  }

  /** This workflow and all that include it, at whatever distance: those whose effective set may depend on it. */
  dependents(workflowUuids: Iterable<string>): Set<string> {
    const found = new Set<string>(workflowUuids);
    for (const uuid of found) {
      for (const includer of this.includedBy(uuid)) found.add(includer);
    }
    return found;
  }

  /** Workflows that name this profile or application themselves. */
  usersOf(kind: 'profileUuids' | 'applicationUuids', subjectUuid: string): Workflow[] {
    return [...this.workflows.values()].filter((workflow) =>
      this.members(workflow.uuid)[kind].includes(subjectUuid),
    );
  }
}
