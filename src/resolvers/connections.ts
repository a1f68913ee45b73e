import { Int } from 'type-graphql';
import { ApiToken } from '../entities/api-token.js';
import { Application } from '../entities/application.js';
import { Command } from '../entities/command.js';
import { DepAccount } from '../entities/dep-account.js';
import { DepDevice } from '../entities/dep-device.js';
import { DepProfile, DepRule } from '../entities/dep-profile.js';
import { Device } from '../entities/device.js';
import { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { IdentityCertificate } from '../entities/identity-certificate.js';
import { Profile } from '../entities/profile.js';
import { PushCertificate } from '../entities/push-certificate.js';
import { Push } from '../entities/push.js';
import { Workflow } from '../entities/workflow.js';
import { connectionOf } from './plumbing/connection.js';

export const DeviceConnection = connectionOf(() => Device, 'Device');
export const ProfileConnection = connectionOf(() => Profile, 'Profile');
export const ApplicationConnection = connectionOf(() => Application, 'Application');
export const WorkflowConnection = connectionOf(() => Workflow, 'Workflow');
export const CommandConnection = connectionOf(() => Command, 'Command');
export const PushConnection = connectionOf(() => Push, 'Push');
export const PushCertificateConnection = connectionOf(() => PushCertificate, 'PushCertificate');
export const ApiTokenConnection = connectionOf(() => ApiToken, 'ApiToken');
export const EnrollmentProfileConnection = connectionOf(() => EnrollmentProfile, 'EnrollmentProfile');
export const DepAccountConnection = connectionOf(() => DepAccount, 'DepAccount');
export const DepProfileConnection = connectionOf(() => DepProfile, 'DepProfile');
export const DepRuleConnection = connectionOf(() => DepRule, 'DepRule');
export const DepDeviceConnection = connectionOf(() => DepDevice, 'DepDevice');
export const IdentityCertificateConnection = connectionOf(() => IdentityCertificate, 'IdentityCertificate');

const position = { type: () => Int, description: 'Place in the workflow, from 0.' };
export const WorkflowProfileConnection = connectionOf(() => Profile, 'WorkflowProfile', {
  edgeFields: { position },
});
export const WorkflowApplicationConnection = connectionOf(() => Application, 'WorkflowApplication', {
  edgeFields: { position },
});
