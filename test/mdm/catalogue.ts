import type { DeploymentItem } from '../../src/entities/deployment.js';
import type { WorkflowFields } from '../../src/services/catalog/workflows.js';
import { profile } from '../simulator/kit.js';
import type { Mdm } from './kit.js';

/** A profile of the catalogue, as its tests speak of it. */
export interface MadeProfile {
  readonly uuid: string;
  readonly identifier: string;
}

let made = 0;

/** Profiles, applications and workflows with names of their own, and what became of them on a device. */
export class Catalogue {
  constructor(private readonly mdm: Mdm) {}

  async profile(): Promise<MadeProfile> {
    const identifier = `org.example.profile${(made += 1)}`;
    const { uuid } = await this.mdm.services.profiles.create({
      content: profile(identifier, { uuid: `${identifier}-1` }),
    });
    return { uuid, identifier };
  }

  profiles(count: number): Promise<MadeProfile[]> {
    return Promise.all(Array.from({ length: count }, () => this.profile()));
  }

  /** The profile in a new revision, known by `PayloadUUID`. */
  async replace({ uuid, identifier }: MadeProfile, payloadUuid: string): Promise<void> {
    await this.mdm.services.profiles.replace(uuid, { content: profile(identifier, { uuid: payloadUuid }) });
  }

  async application(manifestUrl = `https://example.com/${(made += 1)}.plist`): Promise<string> {
    return (await this.mdm.services.applications.create({ name: `Application ${(made += 1)}`, manifestUrl }))
      .uuid;
  }

  async workflow(fields: Omit<WorkflowFields, 'name'> = {}): Promise<string> {
    return (await this.mdm.services.workflows.create({ name: `Workflow ${(made += 1)}`, ...fields })).uuid;
  }

  /** A workflow of some new profiles. */
  async workflowOf(count: number): Promise<{ workflow: string; profiles: MadeProfile[] }> {
    const profiles = await this.profiles(count);
    return { workflow: await this.workflow({ profileUuids: profiles.map(({ uuid }) => uuid) }), profiles };
  }

  assign(deviceUuid: string, workflow: string | null): Promise<unknown> {
    return this.mdm.services.deployments.assign([deviceUuid], workflow);
  }

  items(deviceUuid: string): Promise<DeploymentItem[]> {
    return this.mdm.services.deployments.itemsOf([deviceUuid]);
  }

  async itemStatuses(deviceUuid: string): Promise<string[]> {
    return (await this.items(deviceUuid)).map(({ status }) => status);
  }

  async status(deviceUuid: string): Promise<string | undefined> {
    return (await this.mdm.services.deployments.getMany([deviceUuid]))[0]?.status;
  }

  /** Resolves once this many commands wait for the device: edits reach devices in the background. */
  untilQueued(deviceUuid: string, count: number): Promise<void> {
    return this.mdm.until(async () => (await this.mdm.queueOf(deviceUuid)).length === count);
  }
}
