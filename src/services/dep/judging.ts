import type { Clock } from '../../clock.js';
import { claimClause, updateRows, type Database, type Transaction } from '../../database/index.js';
import type { DepDevice } from '../../entities/dep-device.js';
import { DepAssignmentStatus, DepChoice } from '../../entities/dep-enums.js';
import { DepProfile, DepRule } from '../../entities/dep-profile.js';
import type { Deployments } from '../deployments/deployments.js';
import type { DepDefinitions } from './definitions.js';
import { compileRules, firstRule, type CompiledRule, type Judged } from './matching.js';
import { currentRevision } from './state.js';

const AT_ONCE = 500;

/** What was tried and is tried again by itself: judging does not hurry it. */
const WAITING: ReadonlySet<string> = new Set([
  DepAssignmentStatus.THROTTLED,
  DepAssignmentStatus.FAILED,
  DepAssignmentStatus.NOT_ACCESSIBLE,
]);

type Row = Judged &
  Pick<
    DepDevice,
    | 'deviceUuid'
    | 'choice'
    | 'wantedProfileUuid'
    | 'ruleUuid'
    | 'givenWorkflowUuid'
    | 'appleProfileUuid'
    | 'assignment'
  > & { readonly assignDueAt: number | string | null; readonly workflowUuid: string | null };

/** All rules and profiles, as of a revision. */
interface Rulebook {
  readonly revision: number;
  readonly rules: readonly CompiledRule[];
  readonly profiles: readonly DepProfile[];
}

/**
 * Holds devices against the rules: which profile and workflow each shall have. Driven by what is, not by what happened: a
 * device is judged whenever Apple told something of it, or a rule or profile was edited since it was judged.
 */
export class DepJudging {
  #book: Rulebook | undefined;

  constructor(
    private readonly database: Database,
    private readonly definitions: DepDefinitions,
    private readonly deployments: Pick<Deployments, 'assignIn'>,
    private readonly now: Clock,
  ) {}

  /** Judges a batch; several processes may, each takes devices that no other has. @returns how many */
  judgeBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const book = await this.#read(tx);
      const rows = await this.#claim(tx, book.revision);
      if (rows.length === 0) return 0;
      const defined = await this.definitions.known(tx, book.profiles);
      await this.#choose(tx, rows, book, defined);
      await this.#giveWorkflows(tx, rows, book);
      return rows.length;
    });
  }

  async #read(tx: Transaction): Promise<Rulebook> {
    const revision = await currentRevision(tx);
    if (this.#book?.revision === revision) return this.#book;
    const rules = compileRules(await tx.manager.find(DepRule));
    const profiles = await tx.manager.find(DepProfile);
    this.#book = { revision, rules, profiles };
    return this.#book;
  }

  #claim(tx: Transaction, revision: number): Promise<Row[]> {
    return tx.query<Row>(
      `SELECT d.device_uuid AS deviceUuid, d.account_uuid AS accountUuid, d.serial_number AS serialNumber, d.model AS model,
              d.description AS description, d.color AS color, d.asset_tag AS assetTag, d.os AS os, d.device_family AS deviceFamily,
              d.choice AS choice, d.wanted_profile_uuid AS wantedProfileUuid, d.rule_uuid AS ruleUuid,
              d.given_workflow_uuid AS givenWorkflowUuid, d.apple_profile_uuid AS appleProfileUuid, d.assignment AS assignment,
              d.assign_due_at AS assignDueAt,
              (SELECT v.workflow_uuid FROM devices v WHERE v.uuid = d.device_uuid) AS workflowUuid
         FROM dep_devices d WHERE d.judged_revision < ? AND d.removed_at IS NULL
        ORDER BY d.judged_revision LIMIT ${AT_ONCE}${claimClause(tx.dialect)}`,
      [revision],
    );
  }

  async #choose(
    tx: Transaction,
    rows: readonly Row[],
    book: Rulebook,
    defined: ReadonlyMap<string, string>,
  ): Promise<void> {
    const updates = rows.map((row) => {
      const rule = firstRule(book.rules, row);
      const manual = row.choice === DepChoice.MANUAL;
      const wanted = manual ? row.wantedProfileUuid : (rule?.profileUuid ?? null);
      const set = {
        rule_uuid: rule?.uuid ?? null,
        choice: manual ? DepChoice.MANUAL : rule === undefined ? null : DepChoice.RULE,
        wanted_profile_uuid: wanted,
        judged_revision: book.revision,
        ...this.#assignment(row, wanted, defined),
      };
      return { key: row.deviceUuid, set };
    });
    await updateRows(tx, { table: 'dep_devices', keyColumn: 'device_uuid' }, updates);
  }

  #assignment(row: Row, wanted: string | null, defined: ReadonlyMap<string, string>) {
    const due = row.assignDueAt === null ? null : Number(row.assignDueAt);
    if (wanted === null) {
      // Somebody took the profile away by hand, and Apple has not been told yet.
      if (row.choice === DepChoice.MANUAL && row.appleProfileUuid !== null)
        return { assignment: DepAssignmentStatus.PENDING, assign_due_at: due ?? this.now() };
      return { assignment: DepAssignmentStatus.NONE, assign_due_at: null };
    }
    const apple = defined.get(`${wanted} ${row.accountUuid}`);
    if (apple !== undefined && apple === row.appleProfileUuid)
      return { assignment: DepAssignmentStatus.ASSIGNED, assign_due_at: null };
    const waits = wanted === row.wantedProfileUuid && WAITING.has(row.assignment) && due !== null;
    if (waits) return { assignment: row.assignment, assign_due_at: due };
    return { assignment: DepAssignmentStatus.PENDING, assign_due_at: this.now() };
  }

  /** A rule gives its workflow to devices that have none, and takes along those that have the one it gave before. */
  async #giveWorkflows(tx: Transaction, rows: readonly Row[], book: Rulebook): Promise<void> {
    const given = new Map<string, string[]>();
    for (const row of rows) {
      const workflow = firstRule(book.rules, row)?.workflowUuid ?? null;
      if (workflow === null || workflow === row.givenWorkflowUuid) continue;
      if (row.workflowUuid !== null && row.workflowUuid !== row.givenWorkflowUuid) continue;
      const devices = given.get(workflow);
      if (devices === undefined) given.set(workflow, [row.deviceUuid]);
      else devices.push(row.deviceUuid);
    }
    for (const [workflow, devices] of given) await this.#give(tx, workflow, devices);
  }

  async #give(tx: Transaction, workflowUuid: string, deviceUuids: readonly string[]): Promise<void> {
    if (!(await this.deployments.assignIn(tx, deviceUuids, workflowUuid))) return;
    await tx.run(
      `UPDATE dep_devices SET given_workflow_uuid = ? WHERE device_uuid IN (${deviceUuids.map(() => '?').join(', ')})`,
      [workflowUuid, ...deviceUuids],
    );
  }
}
