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

/** An enrolment profile that gives devices the workflow. Returns its link. */
export async function createLink(client: GraphqlClient, workflowId: string, uses: number): Promise<string> {
  const data = await client.run<{ enrollmentProfileCreate: { link: string } }>(
    'mutation ($input: EnrollmentProfileCreateInput!) { enrollmentProfileCreate(input: $input) { link userErrors { message } } }',
    { input: { name: 'Sales devices', organization: 'Pomona Demo', workflowId, usesLeft: uses } },
  );
  return data.enrollmentProfileCreate.link;
}

interface Told {
  device: { serialNumber: string } | null;
  status: string;
}

/** Prints what happens, line by line, from real subscriptions; calls `converged` for each device that has everything. */
export function narrate(
  client: GraphqlClient,
  print: (line: string) => void,
  converged: (device: string) => void,
): () => void {
  const line = (device: string | undefined, what: string): void =>
    print(`  ${(device ?? '?').padEnd(14)} ${what}`);
  const stops = [
    client.subscribe<{ pushResult: Told }>(
      'subscription { pushResult { status device { serialNumber } } }',
      ({ pushResult }) => line(pushResult.device?.serialNumber, `push ${pushResult.status.toLowerCase()}`),
    ),
    client.subscribe<{ commandUpdated: Told & { command: { requestType: string } | null } }>(
      'subscription { commandUpdated { status device { serialNumber } command { requestType } } }',
      ({ commandUpdated }) =>
        line(
          commandUpdated.device?.serialNumber,
          `${commandUpdated.command?.requestType ?? 'command'} ${commandUpdated.status.toLowerCase()}`,
        ),
    ),
    client.subscribe<{ deploymentProgress: Told }>(
      'subscription { deploymentProgress { status device { serialNumber } } }',
      ({ deploymentProgress }) => {
        if (deploymentProgress.status !== 'CONVERGED') return;
        line(deploymentProgress.device?.serialNumber, '✔ has everything its workflow wants');
        converged(deploymentProgress.device?.serialNumber ?? '');
      },
    ),
  ];
  return () => stops.forEach((stop) => stop());
}
