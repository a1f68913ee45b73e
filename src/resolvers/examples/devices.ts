import type { Example } from './example.js';

export const DEVICE_EXAMPLES: readonly Example[] = [
  {
    name: 'device-list',
    query: `# Devices, and how far each is with its workflow. Page on with after: endCursor.
query DeviceList($first: Int = 20, $after: String, $search: String) {
  devices(first: $first, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      name
      serialNumber
      platform
      osVersion
      lastSeenAt
      enrollment { status supervised }
      workflow { name }
      deployment { status counts { total installed failed } }
    }
  }
}
`,
  },
  {
    name: 'device-page',
    query: `# One device, found by its serial number: who it is, what it was asked and answered, what is on it.
query DevicePage($serialNumber: String!) {
  device(by: { serialNumber: $serialNumber }) {
    id
    udid
    name
    modelName
    osVersion
    lastSeenAt
    enrollment { status kind since supervised awaitingConfiguration }
    push { hasToken tokenUpdatedAt nextPushAt }
    information { asOf }
    installedProfiles(first: 20) { nodes { identifier displayName } }
    installedApplications(first: 20) { nodes { name identifier version } }
    queue(first: 10) { nodes { requestType status queuedAt } }
    commands(first: 10) {
      nodes { id requestType status queuedAt answeredAt errorChain { usEnglishDescription } }
    }
    pushes(first: 5) { nodes { status reason queuedAt settledAt } }
  }
}
`,
    variables: `{ "serialNumber": "C02XXXXXXXXX" }`,
  },
  {
    name: 'deployment-of-a-device',
    query: `# What a device should have against what it has: each item with its state, and why not.
query DeploymentOfADevice($serialNumber: String!) {
  device(by: { serialNumber: $serialNumber }) {
    deployment {
      status
      convergedAt
      workflow { name }
      counts { total installed failed }
      items(first: 50) {
        nodes { kind identifier status wantedRevision knownRevision reason command { status } }
      }
    }
  }
}
`,
    variables: `{ "serialNumber": "C02XXXXXXXXX" }`,
  },
  {
    name: 'assign-workflow',
    query: `# Give devices a workflow. Follow what comes of it with the subscription deploymentProgress.
mutation AssignWorkflow($deviceIds: [ID!]!, $workflowId: ID) {
  deviceAssignWorkflow(input: { deviceIds: $deviceIds, workflowId: $workflowId }) {
    results { deviceId device { name deployment { status } } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "deviceIds": [], "workflowId": null }`,
  },
  {
    name: 'plan-assignment',
    query: `# What assigning a workflow would do to these devices. Writes nothing.
mutation PlanAssignment($deviceIds: [ID!]!, $workflowId: ID) {
  workflowPlan(input: { deviceIds: $deviceIds, workflowId: $workflowId }) {
    results { deviceId enrolled changes { action kind identifier } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "deviceIds": [], "workflowId": null }`,
  },
  {
    name: 'push-devices',
    query: `# Wake devices. What APNs says of each push comes by the subscription pushResult.
mutation PushDevices($deviceIds: [ID!]!) {
  devicePush(input: { deviceIds: $deviceIds }) {
    results { deviceId push { id status } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "deviceIds": [] }`,
  },
];
