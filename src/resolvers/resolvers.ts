import { ApiTokenResolver } from './api-token.js';
import { ApplicationMutations } from './application-mutations.js';
import { ApplicationResolver } from './application.js';
import { CommandMutations, CommandSendResultFields } from './command-mutations.js';
import { CommandTypesResolver } from './command-types.js';
import { CommandResolver } from './command.js';
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
