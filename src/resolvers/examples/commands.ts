import type { Example } from './example.js';

export const COMMAND_EXAMPLES: readonly Example[] = [
  {
    name: 'command-types',
    query: `# What can be sent, with each parameter's type and where it applies: enough to draw a form.
query CommandTypes {
  commandTypes(platform: MACOS) {
    requestType
    platforms { platform introduced supervised }
    keys { key type required values default }
  }
}
`,
  },
  {
    name: 'send-command',
    query: `# Ask devices about themselves. Watch the answers with the subscription commandUpdated.
mutation SendCommand($deviceIds: [ID!]!) {
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
    name: 'send-raw-command',
    query: `# Any command, also one newer than this server: the Command dictionary as a property list, in base64.
mutation SendRawCommand($deviceIds: [ID!]!, $plist: Base64!) {
  commandSend(input: { deviceIds: $deviceIds, plist: $plist }) {
    results { device { name } command { id requestType status } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "deviceIds": [], "plist": "" }`,
  },
  {
    name: 'command-history',
    query: `# What was sent to all devices, newest first, and what failed.
query CommandHistory($after: String) {
  commands(first: 20, after: $after, filter: { statuses: [ERROR, FORMAT_ERROR, EXPIRED] }) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id
      requestType
      status
      device { name serialNumber }
      queuedAt
      answeredAt
      errorChain { domain code usEnglishDescription }
    }
  }
}
`,
  },
  {
    name: 'cancel-commands',
    query: `# Withdraw commands that no device has answered yet.
mutation CancelCommands($commandIds: [ID!]!) {
  commandCancel(input: { commandIds: $commandIds }) {
    results { commandId command { status } error { code message } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "commandIds": [] }`,
  },
];
