import type { ExampleTab } from './plumbing/graphiql-page.js';

/** What the explorer opens with on the first visit. */
export const EXAMPLES: readonly ExampleTab[] = [
  {
    query: `# Devices, and how far each is with its workflow.
query Devices {
  viewer { name role permissions }
  devices(first: 20, orderBy: { field: NAME }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      name
      serialNumber
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
    query: `# A workflow with the workflows it includes, and what all of it comes down to.
query Workflows {
  workflows(first: 5) {
    nodes {
      id
      name
      rollout { total converged pending failed }
      profiles { nodes { payloadIdentifier displayName } }
      applications { nodes { name } }
      includedWorkflows(first: 5) {
        nodes {
          name
          includedWorkflows(first: 5) { nodes { name } }
        }
      }
      effectiveProfiles { profile { payloadIdentifier } path { name } }
    }
  }
}
`,
  },
  {
    query: `# Ask devices about themselves. Watch the answers with the next tab.
mutation Ask($deviceIds: [ID!]!) {
  commandSend(
    input: { deviceIds: $deviceIds, requestType: "DeviceInformation", parameters: { Queries: ["DeviceName", "OSVersion"] } }
  ) {
    results { device { name } command { id status } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "deviceIds": [] }`,
  },
  {
    query: `# Commands as they are queued, sent and answered.
subscription Commands {
  commandUpdated {
    cursor
    at
    resync
    status
    requestType
    device { name serialNumber }
    command { id result errorChain { usEnglishDescription } }
  }
}
`,
  },
];
