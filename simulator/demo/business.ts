import type { GraphqlClient } from './graphql.js';

/** What is made for devices from Apple, once. */
export interface Business {
  readonly accountId: string;
  readonly orgName: string;
}

/**
 * Connects the server with Apple Business Manager: an account, whose certificate goes to Apple, and the server token that comes
 * back.
 * @param tokenFor the portal: the `.p7m` file for a certificate
 */
export async function connectApple(
  client: GraphqlClient,
  tokenFor: (certificatePem: string) => Buffer,
): Promise<Business> {
  const { depAccountCreate } = await client.run<{
    depAccountCreate: { depAccount: { id: string; certificate: string } };
  }>(
    'mutation ($input: DepAccountCreateInput!) { depAccountCreate(input: $input) { depAccount { id certificate } userErrors { message } } }',
    { input: { name: 'Orchard' } },
  );
  const { id, certificate } = depAccountCreate.depAccount;
  const { depAccountTokenUpload } = await client.run<{
    depAccountTokenUpload: { depAccount: { orgName: string } };
  }>(
    'mutation ($input: DepAccountTokenUploadInput!) { depAccountTokenUpload(input: $input) { depAccount { orgName } userErrors { message } } }',
    { input: { id, token: tokenFor(certificate).toString('base64') } },
  );
  return { accountId: id, orgName: depAccountTokenUpload.depAccount.orgName };
}

/** One profile for Setup Assistant, and one rule: every device is given it, and the workflow. */
export async function giveToAll(client: GraphqlClient, workflowId: string): Promise<void> {
  const { enrollmentProfileCreate } = await client.run<{
    enrollmentProfileCreate: { enrollmentProfile: { id: string } };
  }>(
    'mutation ($input: EnrollmentProfileCreateInput!) { enrollmentProfileCreate(input: $input) { enrollmentProfile { id } userErrors { message } } }',
    { input: { name: 'From Apple', organization: 'Orchard', servesAutomatedEnrollment: true } },
  );
  const { depProfileCreate } = await client.run<{ depProfileCreate: { depProfile: { id: string } } }>(
    'mutation ($input: DepProfileCreateInput!) { depProfileCreate(input: $input) { depProfile { id } userErrors { message } } }',
    {
      input: {
        name: 'Sales devices',
        enrollmentProfileId: enrollmentProfileCreate.enrollmentProfile.id,
        setup: {
          awaitDeviceConfigured: true,
          isMdmRemovable: false,
          skipSetupItems: ['Siri', 'Diagnostics'],
        },
      },
    },
  );
  await client.run(
    'mutation ($input: DepRuleCreateInput!) { depRuleCreate(input: $input) { depRule { id } userErrors { message } } }',
    { input: { name: 'Everything is for Sales', profileId: depProfileCreate.depProfile.id, workflowId } },
  );
}

/** Asks Apple what there is, now; the clock would within minutes. */
export async function syncNow(client: GraphqlClient, accountId: string): Promise<void> {
  await client.run(
    'mutation ($id: ID!) { depAccountSync(input: { id: $id }) { depAccount { id } userErrors { message } } }',
    { id: accountId },
  );
}

/** An enrolment profile that gives devices the workflow. Returns its link. */
export async function createLink(client: GraphqlClient, workflowId: string, uses: number): Promise<string> {
  const data = await client.run<{ enrollmentProfileCreate: { link: string } }>(
    'mutation ($input: EnrollmentProfileCreateInput!) { enrollmentProfileCreate(input: $input) { link userErrors { message } } }',
    { input: { name: 'By link', organization: 'Orchard', workflowId, usesLeft: uses } },
  );
  return data.enrollmentProfileCreate.link;
}
