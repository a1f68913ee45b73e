import type { Example } from './example.js';

export const LIVE_EXAMPLES: readonly Example[] = [
  {
    name: 'live-commands',
    query: `# Commands as they are queued, sent and answered.
subscription LiveCommands($after: String) {
  commandUpdated(after: $after) {
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
  {
    name: 'live-pushes',
    query: `# What APNs says of each push.
subscription LivePushes($after: String) {
  pushResult(after: $after) {
    cursor
    at
    resync
    status
    reason
    httpStatus
    device { name }
  }
}
`,
  },
  {
    name: 'live-deployments',
    query: `# Devices on their way to their workflows.
subscription LiveDeployments($after: String) {
  deploymentProgress(after: $after) {
    cursor
    at
    resync
    status
    counts { total installed failed }
    device { name }
    workflow { name }
  }
}
`,
  },
  {
    name: 'live-devices',
    query: `# Devices as they enrol, check out, and tell about themselves.
subscription LiveDevices($after: String) {
  deviceChanged(after: $after) {
    cursor
    at
    resync
    device { id name serialNumber osVersion enrollment { status } }
  }
}
`,
  },
  {
    name: 'events-since',
    query: `# What happened while you were away: read on with after: endCursor, then subscribe with after: endCursor.
query EventsSince($after: String) {
  events(first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { at type data device { name } }
  }
}
`,
  },
];
