import { z } from 'zod';
import type { NamedApplication, NamedMembers, NamedProfile } from '../../services/catalog/named-members.js';
import type { NamedWorkflowFields } from '../../services/catalog/workflows.js';
import { at } from '../sentences.js';
import { applicationEntry, manifest } from './application.js';
import {
  instant,
  maybe,
  optionalList,
  optionalText,
  optionalUuid,
  requiredText,
  requiredUuid,
  revision,
  uuid,
} from './fields.js';

const profileName = z
  .object({ profile_uuid: optionalUuid, payload_identifier: optionalText })
  .refine((entry) => entry.profile_uuid !== undefined || entry.payload_identifier !== undefined, {
    error: (issue) => `${at(issue)} needs a payload_identifier or a profile_uuid`,
  })
  .meta({ id: 'ProfileName', description: 'A profile, by either of its names or by both, which must agree.' })
  .transform((entry): NamedProfile => ({
    uuid: entry.profile_uuid,
    payloadIdentifier: entry.payload_identifier,
  }));

const applicationName = z
  .object({ application_uuid: optionalUuid, name: optionalText, ...manifest.fields })
  .refine(manifest.names.test, manifest.names.params)
  .refine(
    (entry) =>
      entry.application_uuid !== undefined || entry.name !== undefined || manifest.of(entry) !== undefined,
    { error: (issue) => `${at(issue)} needs a name, a manifest-url or both` },
  )
  .meta({
    id: 'ApplicationName',
    description:
      'An application, by any of its names, which must agree. With a name and a manifest nobody knows yet it is added.',
  })
  .transform((entry): NamedApplication => ({
    uuid: entry.application_uuid,
    name: entry.name,
    manifestUrl: manifest.of(entry),
  }));

const includedName = z.object({ workflow_uuid: requiredUuid }).meta({ id: 'IncludedName' });

const lists = {
  profiles: optionalList(profileName).describe('Installed in this order.'),
  applications: optionalList(applicationName).describe('Installed in this order.'),
  included_workflows: optionalList(includedName).describe('Whatever they contain belongs to this one, too.'),
};

export const newWorkflow = z
  .object({ name: requiredText, description: optionalText, ...lists })
  .meta({ id: 'NewWorkflow' })
  .transform((body): NamedWorkflowFields => ({
    name: body.name,
    description: body.description,
    ...members(body),
  }));

/** The lists that are given are replaced, each as a whole. */
export const workflowChange = z
  .object({ name: optionalText, description: optionalText, ...lists })
  .meta({ id: 'WorkflowChange' })
  .transform((body): Partial<NamedWorkflowFields> => ({
    name: body.name,
    description: body.description,
    ...members(body),
  }));

export const workflow = z
  .object({
    uuid,
    workflow_uuid: uuid.describe('The same as uuid.'),
    name: z.string(),
    description: maybe,
    profiles: z.array(z.object({ payload_identifier: z.string(), profile_uuid: uuid })),
    applications: z.array(applicationEntry),
    included_workflows: z.array(z.object({ workflow_uuid: uuid, name: z.string() })),
    revision,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Workflow' });
export type WorkflowShape = z.output<typeof workflow>;

interface Lists {
  readonly profiles?: NamedProfile[] | undefined;
  readonly applications?: NamedApplication[] | undefined;
  readonly included_workflows?: { readonly workflow_uuid: string }[] | undefined;
}

function members({ profiles, applications, included_workflows: included }: Lists): NamedMembers {
  return { profiles, applications, includedUuids: included?.map((entry) => entry.workflow_uuid) };
}
