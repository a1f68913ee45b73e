import type { Workflow } from '../../entities/workflow.js';
import type { CatalogSnapshot } from '../../services/catalog/snapshot.js';
import type { WorkflowShape } from '../schemas/workflow.js';
import { applicationEntry } from './application.js';

/** A workflow in the form it is requested in, with the ids of everything; `workflow_uuid` is the same as `uuid`. */
export function workflowShape(catalog: CatalogSnapshot, workflow: Workflow): WorkflowShape {
  const members = catalog.members(workflow.uuid);
  return {
    uuid: workflow.uuid,
    workflow_uuid: workflow.uuid,
    name: workflow.name,
    description: workflow.description ?? undefined,
    profiles: known(members.profileUuids, catalog.profiles).map((profile) => ({
      payload_identifier: profile.payloadIdentifier,
      profile_uuid: profile.uuid,
    })),
    applications: known(members.applicationUuids, catalog.applications).map(applicationEntry),
    included_workflows: known(members.includedUuids, catalog.workflows).map((included) => ({
      workflow_uuid: included.uuid,
      name: included.name,
    })),
    revision: workflow.revision,
    created_at: workflow.createdAt.toISOString(),
    updated_at: workflow.updatedAt.toISOString(),
  };
}

function known<T>(uuids: readonly string[], records: ReadonlyMap<string, T>): T[] {
  return uuids.flatMap((uuid) => records.get(uuid) ?? []);
}
