import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { insertRows, type Database, type Transaction } from '../../database/index.js';
import { Workflow } from '../../entities/workflow.js';
import { PomonaError } from '../../errors.js';
import type { Page, PageRequest } from '../page.js';
import { findPage, type OrderColumn } from '../paging.js';
import type { Catalog } from './catalog.js';
import { stale, type AffectedDevices } from './profiles.js';
import { resolveNamed, type NamedMembers } from './named-members.js';
import type { CatalogSnapshot, WorkflowMembers } from './snapshot.js';
import { checkMembers } from './workflow-members.js';

export interface WorkflowFields {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly profileUuids?: readonly string[] | undefined;
  readonly applicationUuids?: readonly string[] | undefined;
  readonly includedUuids?: readonly string[] | undefined;
}

/** A workflow whose members are named by whatever they are known by. */
export interface NamedWorkflowFields extends NamedMembers {
  readonly name: string;
  readonly description?: string | null | undefined;
}

const BY_NAME: readonly OrderColumn[] = [{ expression: 'row.name', descending: false }];

/** Workflows: ordered profiles, applications and included workflows. Edits take the lock of the catalogue, so that two at once cannot make a cycle. */
export class Workflows {
  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly affected: AffectedDevices,
    private readonly now: Clock,
  ) {}

  /** Throws INVALID, CONFLICT (name), CYCLE. */
  create(fields: WorkflowFields): Promise<Workflow> {
    return this.database.transaction(async (tx) => this.#create(tx, await this.catalog.lock(tx), fields));
  }

  /**
   * As `create`, with members named by whatever they are known by. Applications with an unknown manifest URL are added
   * with the workflow: all of it is kept, or nothing. Throws INVALID for names that are not known, or disagree.
   */
  createNamed(fields: NamedWorkflowFields): Promise<Workflow> {
    return this.database.transaction(async (tx) => {
      const named = await resolveNamed(tx, await this.catalog.lock(tx), fields, this.now());
      return this.#create(tx, named.catalog, {
        name: fields.name,
        description: fields.description,
        ...named.members,
      });
    });
  }

  /**
   * Changes what is given and leaves the rest. Every device that has the workflow, directly or by inclusion, is brought up to it.
   * Throws NOT_FOUND, INVALID, CONFLICT, CYCLE with the path spelled, STALE_REVISION.
   */
  update(uuid: string, fields: Partial<WorkflowFields>, expectedRevision?: number): Promise<Workflow> {
    return this.database.transaction(async (tx) =>
      this.#update(tx, await this.catalog.lock(tx), uuid, fields, expectedRevision),
    );
  }

  /** As `update`, with members as in `createNamed`. */
  updateNamed(uuid: string, fields: Partial<NamedWorkflowFields>): Promise<Workflow> {
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      mustHave(before, uuid);
      const named = await resolveNamed(tx, before, fields, this.now());
      return this.#update(tx, named.catalog, uuid, {
        name: fields.name,
        description: fields.description,
        ...named.members,
      });
    });
  }

  /** Throws NOT_FOUND, or IN_USE while a device has it or a workflow includes it. */
  delete(uuid: string): Promise<Workflow> {
    return this.database.transaction(async (tx) => {
      const before = await this.catalog.lock(tx);
      const workflow = mustHave(before, uuid);
      refuseIncluded(before, workflow);
      await refuseAssigned(tx, workflow);
      await refuseEnrolling(tx, workflow);
      for (const table of ['workflow_profiles', 'workflow_applications', 'workflow_includes']) {
        await tx.run(`DELETE FROM ${table} WHERE workflow_uuid = ?`, [uuid]);
      }
      await tx.manager.delete(Workflow, { uuid });
      await this.catalog.changed(tx);
      return workflow;
    });
  }

  async get(uuid: string): Promise<Workflow | undefined> {
    return (await this.catalog.current()).workflows.get(uuid);
  }

  async findByName(name: string): Promise<Workflow | undefined> {
    return [...(await this.catalog.current()).workflows.values()].find((workflow) => workflow.name === name);
  }

  list(page: PageRequest): Promise<Page<Workflow>> {
    return findPage(this.database.manager, Workflow, page, BY_NAME);
  }

  async #create(tx: Transaction, before: CatalogSnapshot, fields: WorkflowFields): Promise<Workflow> {
    const now = new Date(this.now());
    const workflow = Object.assign(new Workflow(), {
      uuid: uuidv7(),
      name: checkedName(before, fields.name, undefined),
      description: checkedDescription(fields.description ?? null),
      revision: 1,
      createdAt: now,
      updatedAt: now,
    });
    const members = checkMembers(before, workflow, { ...noMembers, ...defined(fields) });
    await tx.manager.insert(Workflow, workflow);
    await writeMembers(tx, workflow.uuid, members);
    await this.catalog.changed(tx);
    return workflow;
  }

  async #update(
    tx: Transaction,
    before: CatalogSnapshot,
    uuid: string,
    fields: Partial<WorkflowFields>,
    expectedRevision?: number,
  ): Promise<Workflow> {
    const current = mustHave(before, uuid);
    if (expectedRevision !== undefined && expectedRevision !== current.revision)
      throw stale('workflow', current.revision);
    const workflow = Object.assign(new Workflow(), current, {
      name: fields.name === undefined ? current.name : checkedName(before, fields.name, uuid),
      description:
        fields.description === undefined ? current.description : checkedDescription(fields.description),
      revision: current.revision + 1,
      updatedAt: new Date(this.now()),
    });
    const members = checkMembers(before, workflow, { ...before.members(uuid), ...defined(fields) });
    await tx.manager.update(Workflow, { uuid }, workflow);
    await writeMembers(tx, uuid, members);
    await this.catalog.changed(tx);
    await this.affected.mark(tx, before.dependents([uuid]));
    return workflow;
  }
}

const noMembers: WorkflowMembers = { profileUuids: [], applicationUuids: [], includedUuids: [] };

function defined(fields: Partial<WorkflowFields>): Partial<WorkflowMembers> {
  const { profileUuids, applicationUuids, includedUuids } = fields;
  return {
    ...(profileUuids === undefined ? {} : { profileUuids }),
    ...(applicationUuids === undefined ? {} : { applicationUuids }),
    ...(includedUuids === undefined ? {} : { includedUuids }),
  };
}

async function writeMembers(tx: Transaction, uuid: string, members: WorkflowMembers): Promise<void> {
  const lists = [
    ['workflow_profiles', 'profile_uuid', members.profileUuids],
    ['workflow_applications', 'application_uuid', members.applicationUuids],
    ['workflow_includes', 'included_uuid', members.includedUuids],
  ] as const;
  for (const [table, column, uuids] of lists) {
    await tx.run(`DELETE FROM ${table} WHERE workflow_uuid = ?`, [uuid]);
    const rows = uuids.map((member, position) => [uuid, position, member]);
    await insertRows(tx, `INSERT INTO ${table}`, ['workflow_uuid', 'position', column], rows);
  }
}

function checkedName(catalog: CatalogSnapshot, given: string, except: string | undefined): string {
  const name = given.trim();
  if (name === '' || name.length > 255) {
    throw new PomonaError('INVALID', 'A workflow needs a name of 1 to 255 characters.', { path: ['name'] });
  }
  for (const other of catalog.workflows.values()) {
    if (other.name !== name || other.uuid === except) continue;
    throw new PomonaError('CONFLICT', `There already is a workflow named "${name}" (${other.uuid}).`, {
      path: ['name'],
      details: { uuid: other.uuid },
    });
  }
  return name;
}

function checkedDescription(description: string | null): string | null {
  if (description !== null && description.length > 1024) {
    throw new PomonaError('INVALID', 'The description may have 1,024 characters at most.', {
      path: ['description'],
    });
  }
  return description;
}

function mustHave(catalog: CatalogSnapshot, uuid: string): Workflow {
  const workflow = catalog.workflows.get(uuid);
  if (workflow === undefined) throw new PomonaError('NOT_FOUND', `There is no workflow ${uuid}.`);
  return workflow;
}

function refuseIncluded(catalog: CatalogSnapshot, workflow: Workflow): void {
  const names = catalog.includedBy(workflow.uuid).map((uuid) => catalog.workflows.get(uuid)?.name ?? uuid);
  if (names.length === 0) return;
  const list = names.map((name) => `"${name}"`).join(', ');
  throw new PomonaError(
    'IN_USE',
    `The workflow "${workflow.name}" is included by ${list}. Take it out there first.`,
    {
      details: { workflows: names },
    },
  );
}

async function refuseAssigned(tx: Transaction, workflow: Workflow): Promise<void> {
  const [row] = await tx.query<{ count: number | string }>(
    'SELECT COUNT(*) AS count FROM devices WHERE workflow_uuid = ?',
    [workflow.uuid],
  );
  const count = Number(row?.count ?? 0);
  if (count === 0) return;
  throw new PomonaError(
    'IN_USE',
    `The workflow "${workflow.name}" is assigned to ${count} device(s). Assign them another first.`,
    {
      details: { devices: count },
    },
  );
}

async function refuseEnrolling(tx: Transaction, workflow: Workflow): Promise<void> {
  const rows = await tx.query<{ name: string }>(
    'SELECT name FROM enrollment_profiles WHERE workflow_uuid = ? AND revoked_at IS NULL ORDER BY uuid LIMIT 10',
    [workflow.uuid],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  throw new PomonaError(
    'IN_USE',
    `The workflow "${workflow.name}" is given to devices that enrol by ${names.map((name) => `"${name}"`).join(', ')}. Change or revoke that first.`,
    { details: { enrollmentProfiles: names } },
  );
}
