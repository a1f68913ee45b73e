import type { Example } from './example.js';

export const SERVER_EXAMPLES: readonly Example[] = [
  {
    name: 'who-am-i',
    query: `# Who you are, what you may do, and how the server is.
query WhoAmI {
  viewer { name role permissions expiresAt }
  server {
    version
    features
    eventCursor
    certificates { purpose subject notAfter daysLeft }
    limits { defaultPageSize maxPageSize maxCost maxDepth maxBulk }
  }
}
`,
  },
  {
    name: 'doctor',
    query: `# Whether the server can do its work, and what to do where it cannot.
query Doctor {
  server {
    certificates { purpose subject notAfter daysLeft }
    apiTokensExpiring
    doctor {
      healthy
      checkedAt
      checks { name status message fix durationMs }
    }
  }
}
`,
  },
  {
    name: 'api-tokens',
    query: `# The keys to this API, and when each was last used.
query ApiTokens {
  apiTokens(first: 50) {
    nodes { id name role createdAt expiresAt revokedAt lastUsedAt }
  }
}
`,
  },
  {
    name: 'create-api-token',
    query: `# A key for a script or a dashboard. It is shown this once.
mutation CreateApiToken($name: String!, $role: Role!) {
  apiTokenCreate(input: { name: $name, role: $role }) {
    apiToken { id name role }
    token
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "wall dashboard", "role": "VIEWER" }`,
  },
];
