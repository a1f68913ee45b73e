import type { Example } from './example.js';

export const ENROLLMENT_EXAMPLES: readonly Example[] = [
  {
    name: 'identity-certificates',
    query: `# Identity certificates that end before a day, with the devices they speak for.
query IdentityCertificates($before: DateTime) {
  identityCertificates(first: 20, filter: { statuses: [BOUND, STAGED, EXPIRED], expiresBefore: $before }) {
    nodes {
      id sha256 serial status notAfter daysLeft
      device { id name serialNumber }
      renewalOf { sha256 }
    }
  }
}
`,
    variables: `{ "before": "2030-01-01T00:00:00Z" }`,
  },
  {
    name: 'enrollment-link',
    query: `# A link by which devices enrol; one that does is given the workflow. The link is shown this once.
mutation EnrollmentLink($name: String!, $workflowId: ID, $allowedSerialNumbers: [String!]) {
  enrollmentProfileCreate(
    input: { name: $name, workflowId: $workflowId, allowedSerialNumbers: $allowedSerialNumbers }
  ) {
    enrollmentProfile { id state workflow { name } allowedSerialNumbers usesLeft }
    link
    userErrors { code message path }
  }
}
`,
    variables: `{ "name": "Reception", "workflowId": null, "allowedSerialNumbers": [] }`,
  },
  {
    name: 'enrollment-links',
    query: `# Every link that was made: whether it can be used, and how often it was.
query EnrollmentLinks {
  enrollmentProfiles(first: 20) {
    nodes { id name state isDefault workflow { name } expiresAt usesLeft usedCount createdAt }
  }
}
`,
  },
];
