import { addProfile, deleteProfile, listProfiles, showProfile } from '../handlers/profiles.js';
import { EXAMPLE, exampleProfile } from '../openapi/examples.js';
import { operation, type Operation } from '../operation.js';
import { recordAddress } from '../schemas/address.js';
import { paging } from '../schemas/paging.js';
import { newProfile, profile, type ProfileShape } from '../schemas/profile.js';
import { answer, empty, failures, list, says } from './answers.js';

const tag = 'Profiles';
const address = recordAddress('profile');
const paramExamples = { uuid: EXAMPLE.profile };
const data = exampleProfile(EXAMPLE.identifier);

const SHOWN: ProfileShape = {
  profile_uuid: EXAMPLE.profile,
  payload_identifier: EXAMPLE.identifier,
  payload_data: data,
  profile_data: data,
  display_name: 'Handbook',
  payload_types: ['com.apple.webClip.managed'],
  signed: false,
  size: Buffer.from(data, 'base64').length,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  revision: 1,
  created_at: EXAMPLE.time,
  updated_at: EXAMPLE.time,
};
const ADDED = 'org.example.passcode';
const added = exampleProfile(ADDED);
const NOT_FOUND = failures('There is no such profile.', {
  unknown: says('NOT_FOUND', `There is no profile ${EXAMPLE.profile}.`),
});

export const PROFILES: readonly Operation[] = [
  operation({
    id: 'listProfiles',
    tag,
    summary: 'List all profiles',
    description: 'Data included. The list comes in pieces; without `limit` it is whole.',
    method: 'GET',
    path: '/profiles',
    permission: 'read',
    query: paging,
    queryExamples: { limit: 100, after: EXAMPLE.profile },
    answers: { 200: list('The profiles, oldest first.', profile, SHOWN) },
    handle: listProfiles,
  }),
  operation({
    id: 'addProfile',
    tag,
    summary: 'Add a profile',
    description: 'The address of the profile is in `Location`.',
    method: 'POST',
    path: '/profiles',
    permission: 'catalog.write',
    body: newProfile,
    bodyExamples: {
      documented: {
        summary: 'As the API page says',
        value: { payload_identifier: ADDED, payload_data: added },
      },
      historic: {
        summary: 'As the server of 2016 had it',
        value: { payload_identifier: ADDED, profile_data: added },
      },
    },
    answers: {
      201: answer('The profile, added.', profile, SHOWN),
      409: failures('A profile with this identifier is there.', {
        taken: says('CONFLICT', `There is a profile with the identifier ${EXAMPLE.identifier} already.`, {
          field: 'payload_identifier',
          uuid: EXAMPLE.profile,
        }),
      }),
      422: failures('The data is no configuration profile, or has another PayloadIdentifier.', {
        notBase64: says(
          'INVALID',
          'payload_data is not base64. Make it from the .mobileconfig file: base64 < profile.mobileconfig.',
          { field: 'payload_data' },
        ),
      }),
    },
    handle: addProfile,
  }),
  operation({
    id: 'showProfile',
    tag,
    summary: 'Show a profile',
    method: 'GET',
    path: '/profiles/:uuid',
    permission: 'read',
    params: address,
    paramExamples,
    answers: { 200: answer('The profile.', profile, SHOWN), 404: NOT_FOUND },
    handle: showProfile,
  }),
  operation({
    id: 'deleteProfile',
    tag,
    summary: 'Delete a profile',
    method: 'DELETE',
    path: '/profiles/:uuid',
    permission: 'catalog.write',
    params: address,
    paramExamples,
    answers: {
      204: empty('It is gone.'),
      404: NOT_FOUND,
      409: failures('Workflows use it; the error names them.', {
        inUse: says('IN_USE', 'The profile org.example.wifi is used by "Office". Take it out there first.', {
          workflows: [EXAMPLE.workflowName],
        }),
      }),
    },
    handle: deleteProfile,
  }),
];
