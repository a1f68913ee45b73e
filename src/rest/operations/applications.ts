import {
  addApplication,
  deleteApplication,
  listApplications,
  showApplication,
} from '../handlers/applications.js';
import { EXAMPLE } from '../openapi/examples.js';
import { operation, type Operation } from '../operation.js';
import { recordAddress } from '../schemas/address.js';
import { application, newApplication, type ApplicationShape } from '../schemas/application.js';
import { paging } from '../schemas/paging.js';
import { answer, empty, failures, list, says } from './answers.js';

const tag = 'Applications';
const address = recordAddress('application');
const paramExamples = { uuid: EXAMPLE.application };

const SHOWN: ApplicationShape = {
  application_uuid: EXAMPLE.application,
  name: EXAMPLE.applicationName,
  'manifest-url': EXAMPLE.manifest,
  revision: 1,
  created_at: EXAMPLE.time,
  updated_at: EXAMPLE.time,
};
const NOT_FOUND = failures('There is no such application.', {
  unknown: says('NOT_FOUND', `There is no application ${EXAMPLE.application}.`),
});

export const APPLICATIONS: readonly Operation[] = [
  operation({
    id: 'listApplications',
    tag,
    summary: 'List all applications',
    description: 'The list comes in pieces; without `limit` it is whole.',
    method: 'GET',
    path: '/applications',
    permission: 'read',
    query: paging,
    queryExamples: { limit: 100, after: EXAMPLE.application },
    answers: { 200: list('The applications, oldest first.', application, SHOWN) },
    handle: listApplications,
  }),
  operation({
    id: 'addApplication',
    tag,
    summary: 'Add an application',
    description:
      'Either `manifest-url` or `itunes_store_id` says where it comes from. Its address is in `Location`.',
    method: 'POST',
    path: '/applications',
    permission: 'catalog.write',
    body: newApplication,
    bodyExamples: {
      enterprise: {
        summary: 'By its manifest',
        value: { name: 'Maps', 'manifest-url': 'https://example.org/maps.plist' },
      },
      appStore: {
        summary: 'From the App Store',
        value: { name: 'Keynote', itunes_store_id: 361_285_480, bundle_identifier: 'com.apple.Keynote' },
      },
    },
    answers: {
      201: answer('The application, added.', application, SHOWN),
      409: failures('Its name, manifest or App Store id is taken.', {
        taken: says('CONFLICT', 'There is an application named "Notes" already.', {
          field: 'name',
          uuid: EXAMPLE.application,
        }),
      }),
      422: failures('The manifest is no https:// address, or there is no source or more than one.', {
        notHttps: says('INVALID', 'The manifest URL must be an https:// URL.', { field: 'manifest-url' }),
      }),
    },
    handle: addApplication,
  }),
  operation({
    id: 'showApplication',
    tag,
    summary: 'Show an application',
    method: 'GET',
    path: '/applications/:uuid',
    permission: 'read',
    params: address,
    paramExamples,
    answers: { 200: answer('The application.', application, SHOWN), 404: NOT_FOUND },
    handle: showApplication,
  }),
  operation({
    id: 'deleteApplication',
    tag,
    summary: 'Delete an application',
    method: 'DELETE',
    path: '/applications/:uuid',
    permission: 'catalog.write',
    params: address,
    paramExamples,
    answers: {
      204: empty('It is gone.'),
      404: NOT_FOUND,
      409: failures('Workflows use it; the error names them.', {
        inUse: says('IN_USE', 'The application Notes is used by "Office". Take it out there first.', {
          workflows: [EXAMPLE.workflowName],
        }),
      }),
    },
    handle: deleteApplication,
  }),
];
