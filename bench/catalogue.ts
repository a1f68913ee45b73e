import { buildPlist } from '../src/apple/plist/index.js';
import type { Client } from './client.js';
import { graphql } from './graphql.js';

/** What `nested-query` asks for, in every workflow it meets. */
export const PROFILES_EACH = 6;
export const APPLICATIONS_EACH = 3;
export const INCLUDED_EACH = 2;
const WORKFLOWS_A_LEVEL = 10;
const LEVELS = 3;

/**
 * Makes a catalogue through GraphQL: three levels of workflows, each including two of the level below, each with profiles
 * and applications of its own choice.
 * @returns the ids of the topmost workflows
 */
export async function makeCatalogue(client: Client): Promise<string[]> {
  const profiles = await inTurn(60, (index) => createProfile(client, index));
  const applications = await inTurn(30, (index) => createApplication(client, index));
  let below: string[] = [];
  for (let level = LEVELS - 1; level >= 0; level -= 1) {
    const included = below;
    below = await inTurn(WORKFLOWS_A_LEVEL, (index) => {
      const at = level * WORKFLOWS_A_LEVEL + index;
      return createWorkflow(client, {
        name: `Workflow ${at}`,
        description: `Level ${level}`,
        profileIds: some(profiles, at * PROFILES_EACH, PROFILES_EACH),
        applicationIds: some(applications, at * APPLICATIONS_EACH, APPLICATIONS_EACH),
        includedWorkflowIds: some(included, index, included.length === 0 ? 0 : INCLUDED_EACH),
      });
    });
  }
  return below;
}

async function inTurn(count: number, make: (index: number) => Promise<string>): Promise<string[]> {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}

function some(all: readonly string[], from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => all[(from + index) % all.length] ?? '');
}

async function createProfile(client: Client, index: number): Promise<string> {
  const clip = {
    PayloadType: 'com.apple.webClip.managed',
    PayloadVersion: 1,
    PayloadIdentifier: `bench.profile.${index}.clip`,
    PayloadUUID: crypto.randomUUID(),
    Label: `Clip ${index}`,
    URL: 'https://example.com/',
    IsRemovable: true,
  };
  const profile = {
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: `bench.profile.${index}`,
    PayloadUUID: crypto.randomUUID(),
    PayloadDisplayName: `Profile ${index}`,
    PayloadContent: [clip],
  };
  const mutation = `mutation ($input: ProfileCreateInput!) { profileCreate(input: $input) { profile { id } userErrors { message } } }`;
  const { profileCreate } = await graphql<{ profileCreate: { profile: { id: string } } }>(client, mutation, {
    input: { content: buildPlist(profile).toString('base64') },
  });
  return profileCreate.profile.id;
}

async function createApplication(client: Client, index: number): Promise<string> {
  const mutation = `mutation ($input: ApplicationCreateInput!) { applicationCreate(input: $input) { application { id } userErrors { message } } }`;
  const { applicationCreate } = await graphql<{ applicationCreate: { application: { id: string } } }>(
    client,
    mutation,
    { input: { name: `Application ${index}`, manifestUrl: `https://example.com/${index}/manifest.plist` } },
  );
  return applicationCreate.application.id;
}

async function createWorkflow(client: Client, input: Record<string, unknown>): Promise<string> {
  const mutation = `mutation ($input: WorkflowCreateInput!) { workflowCreate(input: $input) { workflow { id } userErrors { message } } }`;
  const { workflowCreate } = await graphql<{ workflowCreate: { workflow: { id: string } } }>(
    client,
    mutation,
    {
      input,
    },
  );
  return workflowCreate.workflow.id;
}
