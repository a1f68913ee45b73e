import type { Example } from './example.js';

export const CATALOG_EXAMPLES: readonly Example[] = [
  {
    name: 'workflows',
    query: `# A workflow with the workflows it includes, and what all of it comes down to.
query Workflows {
  workflows(first: 5) {
    nodes {
      id
      name
      revision
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
    name: 'profiles-and-applications',
    query: `# What workflows are made of.
query ProfilesAndApplications($search: String) {
  profiles(first: 50, filter: { search: $search }) {
    nodes { id payloadIdentifier displayName payloadTypes revision signed updatedAt }
  }
  applications(first: 50, filter: { search: $search }) {
    nodes { id name manifestUrl itunesStoreId bundleIdentifier }
  }
}
`,
  },
  {
    name: 'upload-profile',
    query: `# A .mobileconfig as base64: \`base64 -w0 wifi.mobileconfig\`.
mutation UploadProfile($content: Base64!) {
  profileCreate(input: { content: $content }) {
    profile { id payloadIdentifier displayName payloadTypes }
    userErrors { code message path }
  }
}
`,
    variables: `{ "content": "" }`,
  },
  {
    name: 'replace-profile',
    query: `# A new revision. Every device that has the profile is brought up to it.
mutation ReplaceProfile($id: ID!, $content: Base64!, $expectedRevision: Int) {
  profileReplace(input: { id: $id, content: $content, expectedRevision: $expectedRevision }) {
    profile { id revision updatedAt }
    userErrors { code message path }
  }
}
`,
    variables: `{ "id": "", "content": "", "expectedRevision": 1 }`,
  },
  {
    name: 'add-application',
    query: `# An application from a manifest of your own, or from the App Store by itunesStoreId.
mutation AddApplication($name: String!, $manifestUrl: String!) {
  applicationCreate(input: { name: $name, manifestUrl: $manifestUrl }) {
    application { id name manifestUrl }
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "Reader", "manifestUrl": "https://files.example.org/reader.plist" }`,
  },
  {
    name: 'nest-workflows',
    query: `# A workflow that includes others. A cycle is refused, with the way round spelled out.
mutation NestWorkflows($name: String!, $profileIds: [ID!], $includedWorkflowIds: [ID!]) {
  workflowCreate(
    input: { name: $name, profileIds: $profileIds, includedWorkflowIds: $includedWorkflowIds }
  ) {
    workflow {
      id
      includedWorkflows { nodes { name } }
      effectiveProfiles { profile { payloadIdentifier } path { name } }
    }
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "Every Mac", "profileIds": [], "includedWorkflowIds": [] }`,
  },
  {
    name: 'edit-workflow',
    query: `# Edit a workflow; expectedRevision tells of an edit that came between. Devices follow by themselves.
mutation EditWorkflow($id: ID!, $expectedRevision: Int, $profileIds: [ID!]) {
  workflowUpdate(input: { id: $id, expectedRevision: $expectedRevision, profileIds: $profileIds }) {
    workflow { id revision rollout { total converged pending failed } }
    userErrors { code message path }
  }
}
`,
    variables: `{ "id": "", "expectedRevision": 1, "profileIds": [] }`,
  },
];
