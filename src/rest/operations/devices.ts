import { fetchDevices } from '../handlers/dep.js';
import { assignWorkflow, listDevices, listInventory, pushDevice, showDevice } from '../handlers/devices.js';
import { EXAMPLE } from '../openapi/examples.js';
import { operation, type Operation } from '../operation.js';
import { deviceByUdid, recordAddress } from '../schemas/address.js';
import { devicesFetched } from '../schemas/dep.js';
import { assignment, device, pushAnswer, type DeviceShape } from '../schemas/device.js';
import type { FailureShape } from '../schemas/failure.js';
import { deviceCertificate, installedApplication } from '../schemas/inventory.js';
import { paging } from '../schemas/paging.js';
import { answer, empty, failures, list, says } from './answers.js';

const tag = 'Devices';
const address = recordAddress('device');
const paramExamples = { uuid: EXAMPLE.device };

const SHOWN: DeviceShape = {
  uuid: EXAMPLE.device,
  udid: EXAMPLE.udid,
  serial_number: 'F17XK2ABCD',
  os_version: '18.1',
  build_version: '22B83',
  product_name: 'iPhone15,2',
  mdm_topic: 'com.apple.mgmt.External.4d5b4b2c-52a5-4b0e-9f5e-6c1f3b1c7a11',
  awaiting_configuration: false,
  enrolled: true,
  workflow_uuid: EXAMPLE.workflow,
  dep_device: true,
  description: 'IPHONE 14 PRO BLACK 128GB',
  model: 'MQ0G3LL/A',
  color: 'BLACK',
  asset_tag: 'R-17',
  dep_profile_status: 'pushed',
  dep_profile_uuid: '88FC4E378FEA4021A94B2D7268FBF767',
  dep_profile_assign_time: EXAMPLE.time,
  dep_profile_push_time: EXAMPLE.time,
  dep_profile_assigned_date: EXAMPLE.time,
  dep_profile_assigned_by: 'admin@example.org',
  last_checkin: EXAMPLE.time,
  device_name: 'Reception',
};
const APPLICATION = {
  identifier: 'org.example.notes',
  name: 'Notes',
  version: '12',
  short_version: '1.2',
  bundle_size: 1_048_576,
};
const CERTIFICATE = {
  common_name: 'Device identity',
  is_identity: true,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  not_after: '2027-05-04T10:00:00.000Z',
};
const FETCHED = {
  fetched: 12,
  added: 10,
  modified: 1,
  deleted: 1,
  cursor: 'MDowOjE3NzcyMzcyMDAwMDA6MTc3NzIzNzIwMDAwMDo',
};
const OF_ACCOUNT = { account_uuid: EXAMPLE.account, account_name: 'Orchard' };
const NOT_FOUND = failures('There is no such device; when it was a UDID, the error gives the uuid.', {
  unknown: says('NOT_FOUND', `There is no device ${EXAMPLE.device}.`),
});

const failed = (one: FailureShape): FailureShape => ({ status: 'failure', ...one });

export const DEVICES: readonly Operation[] = [
  operation({
    id: 'listDevices',
    tag,
    summary: 'List all devices',
    description: 'The list comes in pieces; without `limit` it is whole.',
    method: 'GET',
    path: '/devices',
    permission: 'read',
    query: paging,
    queryExamples: { limit: 100, after: EXAMPLE.device },
    answers: { 200: list('The devices, in the order they were first seen.', device, SHOWN) },
    handle: listDevices,
  }),
  operation({
    id: 'showDevice',
    tag,
    summary: 'Show a device',
    method: 'GET',
    path: '/devices/:uuid',
    permission: 'read',
    params: address,
    paramExamples,
    answers: {
      200: answer('The device.', device, { ...SHOWN, last_query_response: { DeviceName: 'Reception' } }),
      404: NOT_FOUND,
    },
    handle: showDevice,
  }),
  operation({
    id: 'assignWorkflow',
    tag,
    summary: 'Give a device a workflow, or take it away',
    description:
      'What the workflow comes down to is installed; what the one before had, and this one has not, is removed.',
    method: 'PATCH',
    path: '/devices/:uuid',
    permission: 'devices.write',
    params: address,
    paramExamples,
    body: assignment,
    bodyExamples: {
      assign: { summary: 'Give it', value: { workflow_uuid: EXAMPLE.workflow } },
      unassign: { summary: 'Take it away', value: { workflow_uuid: '' } },
      unassignNull: { summary: 'Take it away, said with null', value: { workflow_uuid: null } },
    },
    answers: {
      204: empty('The device has it; the commands are queued.'),
      404: NOT_FOUND,
      422: failures('There is no such workflow.', {
        unknownWorkflow: says('INVALID', `There is no workflow ${EXAMPLE.unknown}.`, {
          field: 'workflow_uuid',
        }),
      }),
    },
    handle: assignWorkflow,
  }),
  operation({
    id: 'listDeviceApplications',
    tag,
    summary: 'List the applications on a device',
    description: 'What it last answered to InstalledApplicationList; an empty list before it did.',
    method: 'GET',
    path: '/devices/:uuid/applications',
    permission: 'read',
    params: address,
    paramExamples,
    answers: { 200: list('The applications.', installedApplication, APPLICATION), 404: NOT_FOUND },
    handle: listInventory('INSTALLED_APPLICATION_LIST'),
  }),
  operation({
    id: 'listDeviceCertificates',
    tag,
    summary: 'List the certificates on a device',
    description: 'What it last answered to CertificateList; an empty list before it did.',
    method: 'GET',
    path: '/devices/:uuid/certificates',
    permission: 'read',
    params: address,
    paramExamples,
    answers: { 200: list('The certificates.', deviceCertificate, CERTIFICATE), 404: NOT_FOUND },
    handle: listInventory('CERTIFICATE_LIST'),
  }),
  operation({
    id: 'pushDevice',
    tag,
    summary: 'Wake a device by a push',
    description:
      'Takes the UDID, not the uuid. Waits up to 15 seconds for what APNs says. A failure says `"status": "failure"` beside the rest.',
    method: 'POST',
    path: '/devices/:udid/push',
    permission: 'devices.push',
    failure: { status: 'failure' },
    params: deviceByUdid,
    paramExamples: { udid: EXAMPLE.udid },
    answers: {
      200: answer('APNs took the push.', pushAnswer, {
        status: 'success',
        push_notification_id: '01a204f2-77aa-7c90-b1de-0d5f0e8a4c13',
      }),
      404: failures('There is no device with this UDID; when it was a uuid, the error gives the UDID.', {
        uuidForUdid: failed(
          says(
            'NOT_FOUND',
            `Pushing takes the UDID of a device, and ${EXAMPLE.device} is its uuid. The UDID of this device is ${EXAMPLE.udid}.`,
            { udid: EXAMPLE.udid },
          ),
        ),
      }),
      409: failures('The device cannot be pushed, or there is no push certificate.', {
        notEnrolled: failed(says('NOT_ENROLLED', 'The device is not enrolled.')),
        noCertificate: failed(
          says(
            'FEATURE_NOT_AVAILABLE',
            'Pushing is not configured. Upload a push certificate (pushCertificateUpload), or set POMONA_APNS_CERT_FILE.',
          ),
        ),
      }),
      502: failures('APNs refused; the reason is its own.', {
        refused: failed(
          says('UPSTREAM_REFUSED', 'APNs refused the push with 400 “BadDeviceToken”.', {
            reason: 'BadDeviceToken',
            http_status: 400,
          }),
        ),
      }),
    },
    handle: pushDevice,
  }),
  operation({
    id: 'fetchDevices',
    tag,
    summary: 'Fetch devices from Automated Device Enrollment (DEP)',
    method: 'POST',
    path: '/devices/fetch',
    description:
      'Syncs every account at Apple that has a server token, one after another, and waits for the end. One that fails does not ' +
      'stop the others; the answer is its failure then, and `details` name the account. That is done by itself every half an hour, too.',
    permission: 'devices.write',
    answers: {
      200: answer('What it came to.', devicesFetched, {
        ...FETCHED,
        accounts: [{ account_uuid: EXAMPLE.account, name: 'Orchard', ...FETCHED }],
      }),
      409: failures('DEP is not configured, or an account is being synced just now.', {
        notConfigured: says(
          'FEATURE_NOT_AVAILABLE',
          'Feature not available: DEP (Automated Device Enrollment) is not configured. Make an account with the GraphQL mutation depAccountCreate, upload its certificate in Apple Business Manager, and the server token from there with depAccountTokenUpload.',
        ),
        underWay: says('CONFLICT', 'The account "Orchard" is being synced already.', OF_ACCOUNT),
      }),
      502: failures('Apple refused; the reason is its own.', {
        refused: says(
          'UPSTREAM_REFUSED',
          "Apple's new terms and conditions have to be agreed to: an administrator signs in to Apple Business Manager (or School Manager) and accepts them.",
          { failure: 'TERMS_NOT_SIGNED', status: 403, ...OF_ACCOUNT },
        ),
      }),
    },
    handle: fetchDevices,
  }),
];
