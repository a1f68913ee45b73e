import {
  addWorkflow,
  changeWorkflow,
  deleteWorkflow,
  listWorkflows,
  showWorkflow,
} from '../handlers/workflows.js';
import { EXAMPLE } from '../openapi/examples.js';
import { operation, type Operation } from '../operation.js';
import { recordAddress } from '../schemas/address.js';
import { paging } from '../schemas/paging.js';
import { newWorkflow, workflow, workflowChange, type WorkflowShape } from '../schemas/workflow.js';
import { answer, empty, failures, list, says } from './answers.js';

const tag = 'Workflows';
const address = recordAddress('workflow');
const paramExamples = { uuid: EXAMPLE.workflow };

const SHOWN: WorkflowShape = {
  uuid: EXAMPLE.workflow,
  workflow_uuid: EXAMPLE.workflow,
  name: EXAMPLE.workflowName,
  profiles: [{ payload_identifier: EXAMPLE.identifier, profile_uuid: EXAMPLE.profile }],
  applications: [
    {
      application_uuid: EXAMPLE.application,
      name: EXAMPLE.applicationName,
      'manifest-url': EXAMPLE.manifest,
    },
  ],
  included_workflows: [],
  revision: 1,
  created_at: EXAMPLE.time,
  updated_at: EXAMPLE.time,
};
const NOT_FOUND = failures('There is no such workflow.', {
  unknown: says('NOT_FOUND', `There is no workflow ${EXAMPLE.workflow}.`),
});
const TAKEN = failures('A workflow with this name is there.', {
  taken: says('CONFLICT', 'There is a workflow named "Office" already.', {
    field: 'name',
    uuid: EXAMPLE.workflow,
  }),
});
const WILL_NOT_DO = failures('A member is not known, or its names disagree; or inclusion goes in a circle.', {
  unknownProfile: says('INVALID', `There is no profile ${EXAMPLE.unknown}. Add it first.`, {
    field: 'profiles[0]',
  }),
  cycle: says('CYCLE', 'Workflows would include each other in a circle: "Office" → "Shop" → "Office".', {
    field: 'included_workflows',
    cycle: ['Office', 'Shop', 'Office'],
  }),
});

export const WORKFLOWS: readonly Operation[] = [
  operation({
    id: 'listWorkflows',
    tag,
    summary: 'List all workflows',
    description: 'Each whole. The list comes in pieces; without `limit` it is whole.',
    method: 'GET',
    path: '/workflows',
    permission: 'read',
    query: paging,
    queryExamples: { limit: 100, after: EXAMPLE.workflow },
    answers: { 200: list('The workflows, oldest first.', workflow, SHOWN) },
    handle: listWorkflows,
  }),
  operation({
    id: 'addWorkflow',
    tag,
    summary: 'Add a workflow',
    description:
      'Only the name is needed. An application with a name and a manifest nobody knows yet is added; if the workflow is refused, nothing is. Its address is in `Location`.',
    method: 'POST',
    path: '/workflows',
    permission: 'catalog.write',
    body: newWorkflow,
    bodyExamples: {
      whole: {
        summary: 'The documented form',
        value: {
          name: 'Warehouse',
          profiles: [{ payload_identifier: EXAMPLE.identifier, profile_uuid: EXAMPLE.profile }],
          applications: [{ name: 'Maps', 'manifest-url': 'https://example.org/maps.plist' }],
          included_workflows: [{ workflow_uuid: EXAMPLE.workflow }],
        },
      },
      byOneName: {
        summary: 'Members by one of their names',
        value: {
          name: 'Warehouse',
          profiles: [{ payload_identifier: EXAMPLE.identifier }],
          applications: [{ manifest_url: EXAMPLE.manifest }],
        },
      },
      empty: { summary: 'A name alone', value: { name: 'Warehouse' } },
    },
    answers: { 201: answer('The workflow, added.', workflow, SHOWN), 409: TAKEN, 422: WILL_NOT_DO },
    handle: addWorkflow,
  }),
  operation({
    id: 'showWorkflow',
    tag,
    summary: 'Show a workflow',
    method: 'GET',
    path: '/workflows/:uuid',
    permission: 'read',
    params: address,
    paramExamples,
    answers: { 200: answer('The workflow.', workflow, SHOWN), 404: NOT_FOUND },
    handle: showWorkflow,
  }),
  operation({
    id: 'changeWorkflow',
    tag,
    summary: 'Change a workflow',
    description:
      'What is given is replaced, a list as a whole; the rest is left. Every device that has the workflow follows.',
    method: 'PATCH',
    path: '/workflows/:uuid',
    permission: 'catalog.write',
    params: address,
    paramExamples,
    body: workflowChange,
    bodyExamples: {
      profiles: {
        summary: 'Other profiles',
        value: { profiles: [{ payload_identifier: EXAMPLE.identifier }] },
      },
      rename: {
        summary: 'Another name, and no applications',
        value: { name: 'Headquarters', applications: [] },
      },
    },
    answers: {
      204: empty('It is changed.'),
      404: NOT_FOUND,
      409: TAKEN,
      422: WILL_NOT_DO,
    },
    handle: changeWorkflow,
  }),
  operation({
    id: 'deleteWorkflow',
    tag,
    summary: 'Delete a workflow',
    description: 'What it contained is kept.',
    method: 'DELETE',
    path: '/workflows/:uuid',
    permission: 'catalog.write',
    params: address,
    paramExamples,
    answers: {
      204: empty('It is gone.'),
      404: NOT_FOUND,
      409: failures('A device has it, or a workflow includes it.', {
        assigned: says('IN_USE', 'The workflow Office is assigned to 2 devices.'),
      }),
    },
    handle: deleteWorkflow,
  }),
];
