import { ApiToken } from './api-token.js';
import { Application } from './application.js';
import { EnrollmentChallenge, IssuedCertificate, StoredAuthority } from './authority.js';
import { Channel } from './channel.js';
import { Command, CommandBody, UnreadableReport } from './command.js';
import { SealedBody, SealedReport } from './sealed-command.js';
import { DepAccount } from './dep-account.js';
import { DepDevice } from './dep-device.js';
import { DepDefinition, DepProfile, DepRule, DepState } from './dep-profile.js';
import { Deployment, DeploymentItem } from './deployment.js';
import { Device, DeviceContact } from './device.js';
import { EnrollmentProfile } from './enrollment-profile.js';
import { EnrollmentProfileSerial, EnrollmentSession } from './enrollment-session.js';
import { EventRow } from './event.js';
import { ExpiryWarning, Installation } from './expiry-warning.js';
import { IdempotencyKey } from './idempotency-key.js';
import { DeviceSecret, Identity } from './identity.js';
import { DeviceInventory } from './inventory.js';
import { Profile, ProfileRevision } from './profile.js';
import { Push } from './push.js';
import { PushCertificate } from './push-certificate.js';
import { SignIn } from './sign-in.js';
import { CatalogState, Workflow, WorkflowApplication, WorkflowInclude, WorkflowProfile } from './workflow.js';

/** Everything that is kept: the list TypeORM is given. */
export const ENTITIES = [
  ApiToken,
  Application,
  CatalogState,
  Channel,
  Command,
  CommandBody,
  SealedBody,
  SealedReport,
  DepAccount,
  DepDefinition,
  DepDevice,
  DepProfile,
  DepRule,
  DepState,
  Deployment,
  DeploymentItem,
  Device,
  DeviceContact,
  DeviceInventory,
  DeviceSecret,
  EnrollmentChallenge,
  EnrollmentProfile,
  EnrollmentProfileSerial,
  EnrollmentSession,
  EventRow,
  ExpiryWarning,
  IdempotencyKey,
  Identity,
  Installation,
  IssuedCertificate,
  Profile,
  ProfileRevision,
  Push,
  PushCertificate,
  SignIn,
  StoredAuthority,
  UnreadableReport,
  Workflow,
  WorkflowApplication,
  WorkflowInclude,
  WorkflowProfile,
];
