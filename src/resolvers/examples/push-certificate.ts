import type { Example } from './example.js';

export const PUSH_CERTIFICATE_EXAMPLES: readonly Example[] = [
  {
    name: 'push-certificate-request',
    query: `# The first step to a push certificate: a key that stays in the server, and what to ask Apple with.
mutation PushCertificateRequest($commonName: String!, $email: String!, $apiKey: String!) {
  pushCertificateRequest(input: { commonName: $commonName, email: $email }) {
    pushCertificate { id status csrPem appleRequest mdmcertRequest(apiKey: $apiKey) }
    userErrors { code message path }
  }
}
`,
    variables: `{ "commonName": "Orchard", "email": "admin@example.org", "apiKey": "" }`,
  },
  {
    name: 'push-certificates',
    query: `# The push certificates: those of the past, the one that was uploaded last, and open requests.
query PushCertificates {
  pushCertificates(first: 20) {
    nodes { id status topic subject serialNumber notAfter createdAt uploadedAt endedAt }
  }
}
`,
  },
];
