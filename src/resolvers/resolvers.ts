import { ApiTokenResolver } from './api-token.js';
import { ApplicationMutations } from './application-mutations.js';
import { ApplicationResolver } from './application.js';
import { CommandMutations, CommandSendResultFields } from './command-mutations.js';
import { CommandTypesResolver } from './command-types.js';
import { CommandResolver } from './command.js';
import { DepAccountMutations } from './dep-account-mutations.js';
import { DepAccountResolver } from './dep-account.js';
import { DepDeviceMutations } from './dep-device-mutations.js';
import { DepDeviceResolver, DeviceDepResolver } from './dep-device.js';
import { DepProfileResolver } from './dep-profile.js';
import { DepRuleResolver } from './dep-rule.js';
import { DeploymentMutations } from './deployment-mutations.js';
import { DeploymentItemResolver, DeploymentResolver } from './deployment.js';
import { DeviceActivityResolver } from './device-activity.js';
import { DEVICE_COMMAND_FIELDS, DeviceCommandMutations } from './device-command-mutations.js';
import { DeviceInventoryResolver } from './device-inventory.js';
import { DeviceMutations } from './device-mutations.js';
import { DeviceResolver } from './device.js';
import { EnrollmentProfileResolver } from './enrollment-profile.js';
import { EventResolver } from './event.js';
import { DeviceRenewIdentityFields, IdentityCertificateMutations } from './identity-certificate-mutations.js';
import { DeviceIdentityResolver, IdentityCertificateResolver } from './identity-certificate.js';
import { NodeResolver } from './node.js';
import { ProfileMutations } from './profile-mutations.js';
import { ProfileResolver } from './profile.js';
import { PushCertificateInUseFields, PushCertificateResolver } from './push-certificate.js';
import { PushResolver } from './push.js';
import { RateLimitResolver } from './rate-limit.js';
import { ServerResolver } from './server.js';
import {
  CommandEventResolver,
  DepSyncEventResolver,
  DeploymentEventResolver,
  DeviceEventResolver,
  PushEventResolver,
} from './subscription-fields.js';
import { SubscriptionResolver } from './subscription.js';
import { ViewerResolver } from './viewer.js';
import { WorkflowMutations } from './workflow-mutations.js';
import { WorkflowResolver } from './workflow.js';

/** Every class that answers fields. */
export const RESOLVERS = [
  ApiTokenResolver,
  ApplicationMutations,
  ApplicationResolver,
  CommandEventResolver,
  CommandMutations,
  CommandSendResultFields,
  CommandResolver,
  CommandTypesResolver,
  DepAccountMutations,
  DepAccountResolver,
  DepDeviceMutations,
  DepDeviceResolver,
  DepProfileResolver,
  DepRuleResolver,
  DepSyncEventResolver,
  DeviceDepResolver,
  DeploymentEventResolver,
  DeploymentItemResolver,
  DeploymentMutations,
  DeploymentResolver,
  DeviceActivityResolver,
  DeviceEventResolver,
  ...DEVICE_COMMAND_FIELDS,
  DeviceCommandMutations,
  DeviceInventoryResolver,
  DeviceMutations,
  DeviceResolver,
  EnrollmentProfileResolver,
  EventResolver,
  DeviceIdentityResolver,
  DeviceRenewIdentityFields,
  IdentityCertificateMutations,
  IdentityCertificateResolver,
  NodeResolver,
  ProfileMutations,
  ProfileResolver,
  PushEventResolver,
  PushCertificateInUseFields,
  PushCertificateResolver,
  PushResolver,
  RateLimitResolver,
  ServerResolver,
  SubscriptionResolver,
  ViewerResolver,
  WorkflowMutations,
  WorkflowResolver,
] as const;
