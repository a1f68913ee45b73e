import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GraphqlClient } from './graphql.js';

const PROFILES = ['wifi', 'passcode', 'restrictions', 'web-clip', 'notifications'] as const;
type ProfileName = (typeof PROFILES)[number];

/** The sample profiles lie beside the sources; a build has them two folders further away. */
function sample(name: ProfileName): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const folder = here.includes('/dist/') ? '../../../simulator/profiles/' : '../profiles/';
  return readFileSync(`${here}${folder}${name}.mobileconfig`).toString('base64');
}

/** Uploads the sample profiles and an application, and nests three workflows: Base ⊂ Office ⊂ Sales. Returns the outermost. */
export async function buildWorkflows(client: GraphqlClient): Promise<string> {
  const profiles = new Map<ProfileName, string>();
  for (const name of PROFILES) profiles.set(name, await createProfile(client, sample(name)));
  const application = await createApplication(
    client,
    'Pomona Field Guide',
    'https://example.org/field-guide/manifest.plist',
  );
  const ids = (...names: ProfileName[]): string[] => names.map((name) => profiles.get(name) ?? '');
  const base = await createWorkflow(client, { name: 'Base', profileIds: ids('wifi', 'passcode') });
  const office = await createWorkflow(client, {
    name: 'Office',
    profileIds: ids('restrictions', 'notifications'),
    includedWorkflowIds: [base],
  });
  return createWorkflow(client, {
    name: 'Sales',
    profileIds: ids('web-clip'),
    applicationIds: [application],
    includedWorkflowIds: [office],
  });
}

async function createProfile(client: GraphqlClient, content: string): Promise<string> {
  const data = await client.run<{ profileCreate: { profile: { id: string } } }>(
    'mutation ($input: ProfileCreateInput!) { profileCreate(input: $input) { profile { id } userErrors { message } } }',
    { input: { content } },
  );
  return data.profileCreate.profile.id;
}

async function createApplication(client: GraphqlClient, name: string, manifestUrl: string): Promise<string> {
  const data = await client.run<{ applicationCreate: { application: { id: string } } }>(
    'mutation ($input: ApplicationCreateInput!) { applicationCreate(input: $input) { application { id } userErrors { message } } }',
    { input: { name, manifestUrl } },
  );
  return data.applicationCreate.application.id;
}

async function createWorkflow(client: GraphqlClient, input: Record<string, unknown>): Promise<string> {
  const data = await client.run<{ workflowCreate: { workflow: { id: string } } }>(
    'mutation ($input: WorkflowCreateInput!) { workflowCreate(input: $input) { workflow { id } userErrors { message } } }',
    { input },
  );
  return data.workflowCreate.workflow.id;
}
