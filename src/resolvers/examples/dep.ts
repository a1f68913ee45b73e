import type { Example } from './example.js';

export const DEP_EXAMPLES: readonly Example[] = [
  {
    name: 'dep-account-create',
    query: `# The first step to Automated Device Enrollment: a certificate to upload in Apple Business Manager.
mutation DepAccountCreate($name: String!) {
  depAccountCreate(input: { name: $name }) {
    depAccount { id status certificate }
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "Orchard" }`,
  },
  {
    name: 'dep-accounts',
    query: `# The accounts at Apple Business Manager: whether they are in step with Apple, and what keeps them from it.
query DepAccounts {
  depAccounts(first: 20) {
    nodes {
      id name status syncing deviceCount
      orgName serverName tokenExpiresAt tokenDaysLeft
      syncedAt nextSyncAt failure { code message since }
    }
  }
}
`,
  },
  {
    name: 'dep-profile-create',
    query: `# What devices do in Setup Assistant: here they wait until they have what their workflow wants.
mutation DepProfileCreate($name: String!, $enrollmentProfileId: ID!) {
  depProfileCreate(
    input: {
      name: $name
      enrollmentProfileId: $enrollmentProfileId
      setup: {
        isSupervised: true
        isMandatory: true
        isMdmRemovable: false
        awaitDeviceConfigured: true
        skipSetupItems: ["AppleID", "Siri", "Diagnostics"]
      }
    }
  ) {
    depProfile { id name revision }
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "Office devices", "enrollmentProfileId": "" }`,
  },
  {
    name: 'dep-rule-create',
    query: `# Every iPad gets this DEP profile and this workflow, also those that are still in their box.
mutation DepRuleCreate($name: String!, $depProfileId: ID!, $workflowId: ID) {
  depRuleCreate(
    input: { name: $name, patterns: { deviceFamily: "iPad" }, profileId: $depProfileId, workflowId: $workflowId }
  ) {
    depRule { id position }
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "iPads", "depProfileId": "", "workflowId": null }`,
  },
  {
    name: 'dep-rules',
    query: `# The rules in their order: the first that is about a device counts.
query DepRules {
  depRules(first: 50) {
    nodes {
      id name position account { name }
      patterns { serialNumber model description color assetTag os deviceFamily }
      profile { id name deviceCount } workflow { name }
    }
  }
}
`,
  },
  {
    name: 'dep-devices',
    query: `# Devices of Apple Business Manager: what they shall have, and whether Apple has it.
query DepDevices($filter: DepDeviceFilter) {
  depDevices(first: 20, filter: $filter) {
    totalCount
    nodes {
      serialNumber model color assetTag assignment choice profileStatus
      profile { name } rule { name } account { name }
      device { id name enrollment { status } workflow { name } }
    }
  }
}
`,
    variables: `{ "filter": { "enrolled": false } }`,
  },
];
