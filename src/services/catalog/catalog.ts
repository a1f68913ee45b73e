import type { Database, Transaction } from '../../database/index.js';
import { lockClause } from '../../database/index.js';
import { apart } from '../../deadline.js';
import { Application } from '../../entities/application.js';
import { Profile } from '../../entities/profile.js';
import { Workflow, WorkflowApplication, WorkflowInclude, WorkflowProfile } from '../../entities/workflow.js';
import { CatalogSnapshot, type WorkflowMembers } from './snapshot.js';

type Reader = Pick<Database, 'manager'>;
type Mutable = { -readonly [Key in keyof WorkflowMembers]: string[] };

const REVISION = 'SELECT revision FROM catalog_state WHERE id = 1';

/**
 * The catalogue (profiles, applications, workflows) as an immutable snapshot in memory, keyed by a revision that every
 * writer moves in its own transaction. Reading it costs one small statement; only a changed revision loads it anew. So
 * several processes never serve a stale graph, and nesting of any depth costs no further statement.
 */
export class Catalog {
  #cached: CatalogSnapshot | undefined;
  #loading: { revision: number; snapshot: Promise<CatalogSnapshot> } | undefined;

  constructor(private readonly database: Database) {}

  /** The snapshot that holds now, for reading. */
  async current(): Promise<CatalogSnapshot> {
    const revision = await readRevision(this.database, '');
    if (this.#cached?.revision === revision) return this.#cached;
    if (this.#loading?.revision === revision) return this.#loading.snapshot;
    // Others will wait for it as well.
    const loading = { revision, snapshot: apart(() => this.#load(revision)) };
    this.#loading = loading;
    try {
      return await loading.snapshot;
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  /** The snapshot that holds until the transaction ends: editors of the catalogue wait for it, and it for them. */
  during(tx: Transaction): Promise<CatalogSnapshot> {
    return this.#underLock(tx, tx.dialect === 'sqlite' ? '' : ' LOCK IN SHARE MODE');
  }

  /** Takes the lock of the catalogue for an edit: one editor at a time. Returns what holds before the edit. */
  lock(tx: Transaction): Promise<CatalogSnapshot> {
    return this.#underLock(tx, lockClause(tx.dialect));
  }

  /** Moves the revision: every process reads the catalogue anew. To be called in each transaction that edits it. */
  async changed(tx: Transaction): Promise<void> {
    await tx.run('UPDATE catalog_state SET revision = revision + 1 WHERE id = 1');
  }

  /** Under the lock nothing moves, and this transaction has edited nothing yet: what is read may be kept. */
  async #underLock(tx: Transaction, clause: string): Promise<CatalogSnapshot> {
    const revision = await readRevision(tx, clause);
    if (this.#cached?.revision === revision) return this.#cached;
    const snapshot = await readAll(tx, revision);
    this.#cached = snapshot;
    return snapshot;
  }

  /** A reader without a lock may mix two revisions; what it read counts only if nothing moved meanwhile. */
  async #load(revision: number): Promise<CatalogSnapshot> {
    const snapshot = await readAll(this.database, revision);
    const after = await readRevision(this.database, '');
    if (after !== revision) return this.#load(after);
    this.#cached = snapshot;
    return snapshot;
  }
}

async function readRevision(reader: Pick<Database, 'query'>, lock: string): Promise<number> {
  const [row] = await reader.query<{ revision: number | string }>(REVISION + lock);
  return Number(row?.revision ?? 0);
}

async function readAll({ manager }: Reader, revision: number): Promise<CatalogSnapshot> {
  const profiles = await manager.find(Profile);
  const applications = await manager.find(Application);
  const workflows = await manager.find(Workflow);
  const members = new Map<string, Mutable>(
    workflows.map(({ uuid }) => [uuid, { profileUuids: [], applicationUuids: [], includedUuids: [] }]),
  );
  for (const row of await manager.find(WorkflowProfile, { order: { position: 'ASC' } })) {
    members.get(row.workflowUuid)?.profileUuids.push(row.profileUuid);
  }
  for (const row of await manager.find(WorkflowApplication, { order: { position: 'ASC' } })) {
    members.get(row.workflowUuid)?.applicationUuids.push(row.applicationUuid);
  }
  for (const row of await manager.find(WorkflowInclude, { order: { position: 'ASC' } })) {
    members.get(row.workflowUuid)?.includedUuids.push(row.includedUuid);
  }
  return new CatalogSnapshot(revision, byUuid(profiles), byUuid(applications), byUuid(workflows), members);
}

function byUuid<T extends { uuid: string }>(records: readonly T[]): Map<string, T> {
  return new Map(records.map((record) => [record.uuid, record]));
}
