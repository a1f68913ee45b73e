import type { NamedApplication, NamedMembers, NamedProfile } from '../../services/catalog/named-members.js';
import type { NamedWorkflowFields } from '../../services/catalog/workflows.js';
import { readManifestUrl } from './application.js';
import { Fields } from './fields.js';

/** A workflow to add, in the documented form. Throws BAD_USER_INPUT. */
export function readNewWorkflow(body: unknown): NamedWorkflowFields {
  const fields = Fields.of(body);
  return {
    name: fields.requiredText('name'),
    description: fields.text('description'),
    ...readMembers(fields),
  };
}

/** What to change of a workflow: the lists that are given are replaced. Throws BAD_USER_INPUT. */
export function readWorkflowChange(body: unknown): Partial<NamedWorkflowFields> {
  const fields = Fields.of(body);
  return { name: fields.text('name'), description: fields.text('description'), ...readMembers(fields) };
}

function readMembers(fields: Fields): NamedMembers {
  return {
    profiles: fields.list('profiles')?.map(readProfile),
    applications: fields.list('applications')?.map(readApplication),
    includedUuids: fields.list('included_workflows')?.map((entry) => entry.requiredUuid('workflow_uuid')),
  };
}

function readProfile(entry: Fields): NamedProfile {
  const uuid = entry.uuid('profile_uuid');
  const payloadIdentifier = entry.text('payload_identifier');
  if (uuid === undefined && payloadIdentifier === undefined) {
    throw entry.refusal('needs a payload_identifier or a profile_uuid');
  }
  return { uuid, payloadIdentifier };
}

function readApplication(entry: Fields): NamedApplication {
  const uuid = entry.uuid('application_uuid');
  const name = entry.text('name');
  const manifestUrl = readManifestUrl(entry);
  if (uuid === undefined && name === undefined && manifestUrl === undefined) {
    throw entry.refusal('needs a name, a manifest-url or both');
  }
  return { uuid, name, manifestUrl };
}
