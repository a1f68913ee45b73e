// Generated from schema.graphql by codegen.ts. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from './schema.ts';

import { typed } from '../document.ts';
export type CommandRowFragment = { id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> };

export type SendCommandMutationVariables = Exact<{
  input: Types.CommandSendInput;
}>;

export type SendCommandMutation = { commandSend: { results: Array<{ deviceId: string, command: { id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> } | null, error: { code: Types.CommandSendErrorCode, message: string } | null }> | null, userErrors: Array<{ code: Types.CommandSendErrorCode, message: string, path: Array<string> | null }> } };

export type CancelCommandsMutationVariables = Exact<{
  input: Types.CommandCancelInput;
}>;

export type CancelCommandsMutation = { commandCancel: { results: Array<{ commandId: string, command: { id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> } | null, error: { code: Types.CommandCancelErrorCode, message: string } | null }> | null, userErrors: Array<{ code: Types.CommandCancelErrorCode, message: string, path: Array<string> | null }> } };

export type CommandAnswerQueryVariables = Exact<{
  by: Types.CommandBy;
}>;

export type CommandAnswerQuery = { command: { result: unknown, id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, device: { id: string, name: string | null, serialNumber: string | null }, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> } | null };

export type DeviceRowFragment = { id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null, deployment: { status: Types.DeploymentStatus, counts: { total: number, installed: number, removed: number, failed: number } } | null };

export type DeviceTableQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: Types.DeviceFilter | null | undefined;
  orderBy?: Types.DeviceOrder | null | undefined;
}>;

export type DeviceTableQuery = { devices: { nodes: Array<{ id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null, deployment: { status: Types.DeploymentStatus, counts: { total: number, installed: number, removed: number, failed: number } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DeviceCountQueryVariables = Exact<{
  filter?: Types.DeviceFilter | null | undefined;
}>;

export type DeviceCountQuery = { devices: { totalCount: number | null } };

export type DevicePageQueryVariables = Exact<{
  by: Types.DeviceBy;
  commands?: number | null | undefined;
}>;

export type DevicePageQuery = { device: { uuid: string, udid: string | null, model: string | null, buildVersion: string | null, id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, push: { hasToken: boolean, nextPushAt: string | null } | null, commands: { nodes: Array<{ id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, information: { asOf: string, values: unknown } | null, deployment: { changedAt: string, status: Types.DeploymentStatus, items: { nodes: Array<{ kind: Types.SubjectKind, identifier: string | null, status: Types.ItemStatus, reason: string | null }> }, counts: { total: number, installed: number, removed: number, failed: number } } | null, installedProfiles: { nodes: Array<{ identifier: string | null, displayName: string | null, isManaged: boolean | null }> }, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null } | null };

export type LiveDevicesSubscriptionVariables = Exact<{
  filter?: Types.DeviceFilter | null | undefined;
  after?: string | null | undefined;
}>;

export type LiveDevicesSubscription = { deviceChanged: { cursor: string, resync: boolean, at: string, change: Types.DeviceChange | null, device: { id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null, deployment: { status: Types.DeploymentStatus, counts: { total: number, installed: number, removed: number, failed: number } } | null } | null } };

export type LiveCommandsSubscriptionVariables = Exact<{
  deviceIds?: Array<string> | null | undefined;
  commandIds?: Array<string> | null | undefined;
  after?: string | null | undefined;
}>;

export type LiveCommandsSubscription = { commandUpdated: { cursor: string, resync: boolean, at: string, status: Types.CommandStatus | null, requestType: string | null, reason: string | null, command: { id: string, requestType: string, status: Types.CommandStatus, queuedAt: string, sentAt: string | null, answeredAt: string | null, errorChain: Array<{ code: number | null, domain: string | null, localizedDescription: string | null, usEnglishDescription: string | null }> } | null, device: { id: string, name: string | null, serialNumber: string | null } | null } };

export type LivePushesSubscriptionVariables = Exact<{
  deviceIds?: Array<string> | null | undefined;
  workflowId?: string | null | undefined;
  after?: string | null | undefined;
}>;

export type LivePushesSubscription = { pushResult: { cursor: string, resync: boolean, at: string, status: Types.PushStatus | null, reason: string | null, httpStatus: number | null, attempts: number | null, push: { id: string, status: Types.PushStatus } | null, device: { id: string, name: string | null, serialNumber: string | null } | null } };

export type LiveDeploymentsSubscriptionVariables = Exact<{
  deviceIds?: Array<string> | null | undefined;
  workflowId?: string | null | undefined;
  after?: string | null | undefined;
}>;

export type LiveDeploymentsSubscription = { deploymentProgress: { cursor: string, resync: boolean, at: string, status: Types.DeploymentStatus | null, counts: { total: number, installed: number, pending: number, sent: number, failed: number } | null, device: { id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null, deployment: { status: Types.DeploymentStatus, counts: { total: number, installed: number, removed: number, failed: number } } | null } | null } };

export type ProfileRowFragment = { id: string, payloadIdentifier: string, displayName: string | null, revision: number, size: number, signed: boolean, updatedAt: string };

export type ProfileTableQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: Types.CatalogFilter | null | undefined;
}>;

export type ProfileTableQuery = { profiles: { nodes: Array<{ id: string, payloadIdentifier: string, displayName: string | null, revision: number, size: number, signed: boolean, updatedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UploadProfileMutationVariables = Exact<{
  input: Types.ProfileCreateInput;
}>;

export type UploadProfileMutation = { profileCreate: { profile: { id: string, payloadIdentifier: string, displayName: string | null, revision: number, size: number, signed: boolean, updatedAt: string } | null, userErrors: Array<{ code: Types.ProfileCreateErrorCode, message: string, path: Array<string> | null }> } };

export type ReplaceProfileMutationVariables = Exact<{
  input: Types.ProfileReplaceInput;
}>;

export type ReplaceProfileMutation = { profileReplace: { profile: { id: string, payloadIdentifier: string, displayName: string | null, revision: number, size: number, signed: boolean, updatedAt: string } | null, userErrors: Array<{ code: Types.ProfileReplaceErrorCode, message: string, path: Array<string> | null }> } };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;

export type SessionQuery = { viewer: { name: string, role: Types.Role, permissions: Array<Types.Permission>, expiresAt: string | null }, server: { version: string, features: Array<Types.ServerFeature>, pushConfigured: boolean, certificates: Array<{ purpose: Types.CertificatePurpose, subject: string, daysLeft: number }> } };

export type EventCursorQueryVariables = Exact<{ [key: string]: never; }>;

export type EventCursorQuery = { server: { eventCursor: string } };

export type EventsSinceQueryVariables = Exact<{
  after?: string | null | undefined;
  first?: number | null | undefined;
  filter?: Types.EventFilter | null | undefined;
}>;

export type EventsSinceQuery = { events: { resync: boolean, nodes: Array<{ cursor: string, at: string, type: Types.EventType, data: unknown, device: { id: string, name: string | null, serialNumber: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WorkflowPartsFragment = { id: string, name: string, revision: number, profiles: { nodes: Array<{ id: string, payloadIdentifier: string, displayName: string | null }> }, applications: { nodes: Array<{ id: string, name: string }> } };

export type NestedWorkflowsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: Types.CatalogFilter | null | undefined;
}>;

export type NestedWorkflowsQuery = { workflows: { nodes: Array<{ id: string, name: string, revision: number, rollout: { total: number, converged: number, pending: number, failed: number }, effectiveProfiles: Array<{ profile: { id: string, payloadIdentifier: string }, path: Array<{ id: string, name: string }> }>, includedWorkflows: { nodes: Array<{ id: string, name: string, revision: number, includedWorkflows: { nodes: Array<{ id: string, name: string }> }, profiles: { nodes: Array<{ id: string, payloadIdentifier: string, displayName: string | null }> }, applications: { nodes: Array<{ id: string, name: string }> } }> }, profiles: { nodes: Array<{ id: string, payloadIdentifier: string, displayName: string | null }> }, applications: { nodes: Array<{ id: string, name: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateWorkflowMutationVariables = Exact<{
  input: Types.WorkflowCreateInput;
}>;

export type CreateWorkflowMutation = { workflowCreate: { workflow: { id: string, name: string, revision: number, profiles: { nodes: Array<{ id: string, payloadIdentifier: string, displayName: string | null }> }, applications: { nodes: Array<{ id: string, name: string }> } } | null, userErrors: Array<{ code: Types.WorkflowCreateErrorCode, message: string, path: Array<string> | null }> } };

export type AssignWorkflowMutationVariables = Exact<{
  input: Types.DeviceAssignWorkflowInput;
}>;

export type AssignWorkflowMutation = { deviceAssignWorkflow: { results: Array<{ deviceId: string, device: { id: string, name: string | null, serialNumber: string | null, platform: Types.Platform | null, modelName: string | null, osVersion: string | null, lastSeenAt: string | null, enrollment: { status: Types.EnrollmentStatus, supervised: boolean | null }, workflow: { id: string, name: string } | null, deployment: { status: Types.DeploymentStatus, counts: { total: number, installed: number, removed: number, failed: number } } | null } | null, error: { code: Types.DeviceAssignWorkflowErrorCode, message: string } | null }> | null, userErrors: Array<{ code: Types.DeviceAssignWorkflowErrorCode, message: string, path: Array<string> | null }> } };

export const SendCommand = /* #__PURE__ */ typed<SendCommandMutation, SendCommandMutationVariables>(`mutation SendCommand($input: CommandSendInput!) {
  commandSend(input: $input) {
    results {
      deviceId
      command {
        ...CommandRow
      }
      error {
        code
        message
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment CommandRow on Command {
  id
  requestType
  status
  queuedAt
  sentAt
  answeredAt
  errorChain {
    code
    domain
    localizedDescription
    usEnglishDescription
  }
}`);

export const CancelCommands = /* #__PURE__ */ typed<CancelCommandsMutation, CancelCommandsMutationVariables>(`mutation CancelCommands($input: CommandCancelInput!) {
  commandCancel(input: $input) {
    results {
      commandId
      command {
        ...CommandRow
      }
      error {
        code
        message
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment CommandRow on Command {
  id
  requestType
  status
  queuedAt
  sentAt
  answeredAt
  errorChain {
    code
    domain
    localizedDescription
    usEnglishDescription
  }
}`);

export const CommandAnswer = /* #__PURE__ */ typed<CommandAnswerQuery, CommandAnswerQueryVariables>(`query CommandAnswer($by: CommandBy!) {
  command(by: $by) {
    ...CommandRow
    result
    device {
      id
      name
      serialNumber
    }
  }
}
fragment CommandRow on Command {
  id
  requestType
  status
  queuedAt
  sentAt
  answeredAt
  errorChain {
    code
    domain
    localizedDescription
    usEnglishDescription
  }
}`);

export const DeviceTable = /* #__PURE__ */ typed<DeviceTableQuery, DeviceTableQueryVariables>(`query DeviceTable($first: Int = 100, $after: String, $filter: DeviceFilter, $orderBy: DeviceOrder) {
  devices(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes {
      ...DeviceRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
fragment DeviceRow on Device {
  id
  name
  serialNumber
  platform
  modelName
  osVersion
  lastSeenAt
  enrollment {
    status
    supervised
  }
  workflow {
    id
    name
  }
  deployment {
    status
    counts {
      total
      installed
      removed
      failed
    }
  }
}`);

export const DeviceCount = /* #__PURE__ */ typed<DeviceCountQuery, DeviceCountQueryVariables>(`query DeviceCount($filter: DeviceFilter) {
  devices(first: 1, filter: $filter) {
    totalCount
  }
}`);

export const DevicePage = /* #__PURE__ */ typed<DevicePageQuery, DevicePageQueryVariables>(`query DevicePage($by: DeviceBy!, $commands: Int = 20) {
  device(by: $by) {
    ...DeviceRow
    uuid
    udid
    model
    buildVersion
    push {
      hasToken
      nextPushAt
    }
    commands(first: $commands) {
      nodes {
        ...CommandRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    information {
      asOf
      values
    }
    deployment {
      changedAt
      items(first: 50) {
        nodes {
          kind
          identifier
          status
          reason
        }
      }
    }
    installedProfiles(first: 50) {
      nodes {
        identifier
        displayName
        isManaged
      }
    }
  }
}
fragment DeviceRow on Device {
  id
  name
  serialNumber
  platform
  modelName
  osVersion
  lastSeenAt
  enrollment {
    status
    supervised
  }
  workflow {
    id
    name
  }
  deployment {
    status
    counts {
      total
      installed
      removed
      failed
    }
  }
}
fragment CommandRow on Command {
  id
  requestType
  status
  queuedAt
  sentAt
  answeredAt
  errorChain {
    code
    domain
    localizedDescription
    usEnglishDescription
  }
}`);

export const LiveDevices = /* #__PURE__ */ typed<LiveDevicesSubscription, LiveDevicesSubscriptionVariables>(`subscription LiveDevices($filter: DeviceFilter, $after: String) {
  deviceChanged(filter: $filter, after: $after) {
    cursor
    resync
    at
    change
    device {
      ...DeviceRow
    }
  }
}
fragment DeviceRow on Device {
  id
  name
  serialNumber
  platform
  modelName
  osVersion
  lastSeenAt
  enrollment {
    status
    supervised
  }
  workflow {
    id
    name
  }
  deployment {
    status
    counts {
      total
      installed
      removed
      failed
    }
  }
}`);

export const LiveCommands = /* #__PURE__ */ typed<LiveCommandsSubscription, LiveCommandsSubscriptionVariables>(`subscription LiveCommands($deviceIds: [ID!], $commandIds: [ID!], $after: String) {
  commandUpdated(deviceIds: $deviceIds, commandIds: $commandIds, after: $after) {
    cursor
    resync
    at
    status
    requestType
    reason
    command {
      ...CommandRow
    }
    device {
      id
      name
      serialNumber
    }
  }
}
fragment CommandRow on Command {
  id
  requestType
  status
  queuedAt
  sentAt
  answeredAt
  errorChain {
    code
    domain
    localizedDescription
    usEnglishDescription
  }
}`);

export const LivePushes = /* #__PURE__ */ typed<LivePushesSubscription, LivePushesSubscriptionVariables>(`subscription LivePushes($deviceIds: [ID!], $workflowId: ID, $after: String) {
  pushResult(deviceIds: $deviceIds, workflowId: $workflowId, after: $after) {
    cursor
    resync
    at
    status
    reason
    httpStatus
    attempts
    push {
      id
      status
    }
    device {
      id
      name
      serialNumber
    }
  }
}`);

export const LiveDeployments = /* #__PURE__ */ typed<LiveDeploymentsSubscription, LiveDeploymentsSubscriptionVariables>(`subscription LiveDeployments($deviceIds: [ID!], $workflowId: ID, $after: String) {
  deploymentProgress(
    deviceIds: $deviceIds
    workflowId: $workflowId
    after: $after
  ) {
    cursor
    resync
    at
    status
    counts {
      total
      installed
      pending
      sent
      failed
    }
    device {
      ...DeviceRow
    }
  }
}
fragment DeviceRow on Device {
  id
  name
  serialNumber
  platform
  modelName
  osVersion
  lastSeenAt
  enrollment {
    status
    supervised
  }
  workflow {
    id
    name
  }
  deployment {
    status
    counts {
      total
      installed
      removed
      failed
    }
  }
}`);

export const ProfileTable = /* #__PURE__ */ typed<ProfileTableQuery, ProfileTableQueryVariables>(`query ProfileTable($first: Int = 100, $after: String, $filter: CatalogFilter) {
  profiles(first: $first, after: $after, filter: $filter) {
    nodes {
      ...ProfileRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
fragment ProfileRow on Profile {
  id
  payloadIdentifier
  displayName
  revision
  size
  signed
  updatedAt
}`);

export const UploadProfile = /* #__PURE__ */ typed<UploadProfileMutation, UploadProfileMutationVariables>(`mutation UploadProfile($input: ProfileCreateInput!) {
  profileCreate(input: $input) {
    profile {
      ...ProfileRow
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment ProfileRow on Profile {
  id
  payloadIdentifier
  displayName
  revision
  size
  signed
  updatedAt
}`);

export const ReplaceProfile = /* #__PURE__ */ typed<ReplaceProfileMutation, ReplaceProfileMutationVariables>(`mutation ReplaceProfile($input: ProfileReplaceInput!) {
  profileReplace(input: $input) {
    profile {
      ...ProfileRow
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment ProfileRow on Profile {
  id
  payloadIdentifier
  displayName
  revision
  size
  signed
  updatedAt
}`);

export const Session = /* #__PURE__ */ typed<SessionQuery, SessionQueryVariables>(`query Session {
  viewer {
    name
    role
    permissions
    expiresAt
  }
  server {
    version
    features
    pushConfigured
    certificates {
      purpose
      subject
      daysLeft
    }
  }
}`);

export const EventCursor = /* #__PURE__ */ typed<EventCursorQuery, EventCursorQueryVariables>(`query EventCursor {
  server {
    eventCursor
  }
}`);

export const EventsSince = /* #__PURE__ */ typed<EventsSinceQuery, EventsSinceQueryVariables>(`query EventsSince($after: String, $first: Int = 100, $filter: EventFilter) {
  events(after: $after, first: $first, filter: $filter) {
    resync
    nodes {
      cursor
      at
      type
      data
      device {
        id
        name
        serialNumber
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`);

export const NestedWorkflows = /* #__PURE__ */ typed<NestedWorkflowsQuery, NestedWorkflowsQueryVariables>(`query NestedWorkflows($first: Int = 5, $after: String, $filter: CatalogFilter) {
  workflows(first: $first, after: $after, filter: $filter) {
    nodes {
      ...WorkflowParts
      rollout {
        total
        converged
        pending
        failed
      }
      effectiveProfiles {
        profile {
          id
          payloadIdentifier
        }
        path {
          id
          name
        }
      }
      includedWorkflows(first: 5) {
        nodes {
          ...WorkflowParts
          includedWorkflows(first: 5) {
            nodes {
              id
              name
            }
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
fragment WorkflowParts on Workflow {
  id
  name
  revision
  profiles(first: 20) {
    nodes {
      id
      payloadIdentifier
      displayName
    }
  }
  applications(first: 20) {
    nodes {
      id
      name
    }
  }
}`);

export const CreateWorkflow = /* #__PURE__ */ typed<CreateWorkflowMutation, CreateWorkflowMutationVariables>(`mutation CreateWorkflow($input: WorkflowCreateInput!) {
  workflowCreate(input: $input) {
    workflow {
      ...WorkflowParts
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment WorkflowParts on Workflow {
  id
  name
  revision
  profiles(first: 20) {
    nodes {
      id
      payloadIdentifier
      displayName
    }
  }
  applications(first: 20) {
    nodes {
      id
      name
    }
  }
}`);

export const AssignWorkflow = /* #__PURE__ */ typed<AssignWorkflowMutation, AssignWorkflowMutationVariables>(`mutation AssignWorkflow($input: DeviceAssignWorkflowInput!) {
  deviceAssignWorkflow(input: $input) {
    results {
      deviceId
      device {
        ...DeviceRow
      }
      error {
        code
        message
      }
    }
    userErrors {
      code
      message
      path
    }
  }
}
fragment DeviceRow on Device {
  id
  name
  serialNumber
  platform
  modelName
  osVersion
  lastSeenAt
  enrollment {
    status
    supervised
  }
  workflow {
    id
    name
  }
  deployment {
    status
    counts {
      total
      installed
      removed
      failed
    }
  }
}`);
