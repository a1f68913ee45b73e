import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '../../clock.js';
import { updateRows, type Database, type Transaction } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { DepProfile, DepRule } from '../../entities/dep-profile.js';
import { PomonaError } from '../../errors.js';
import type { Catalog } from '../catalog/catalog.js';
import { PATTERN_FIELDS, type Patterns } from './matching.js';
import { lockRules, moveRevision } from './state.js';

/** What a rule says. */
export interface DepRuleFields {
  readonly name: string;
  readonly accountUuid: string | null;
  readonly patterns: Patterns;
  readonly profileUuid: string;
  readonly workflowUuid: string | null;
}

export interface DepRuleChanges extends Partial<DepRuleFields> {
  /** Its new place among the rules, from 0. */
  readonly position?: number | undefined;
}

const MOST_RULES = 500;

/** Which devices are given which profile and workflow. Few, in order; the first that is about a device counts. */
export class DepRules {
  /** Told when a rule changed: devices have to be judged anew. */
  onChanged: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly catalog: Catalog,
    private readonly now: Clock,
  ) {}

  /** In their order. */
  list(): Promise<DepRule[]> {
    return this.database.manager.find(DepRule, { order: { position: 'ASC', uuid: 'ASC' } });
  }

  get(uuid: string): Promise<DepRule | null> {
    return this.database.manager.findOneBy(DepRule, { uuid });
  }

  /** Adds a rule, last or at a place. Throws INVALID, naming the field. */
  create(fields: DepRuleFields, position?: number): Promise<DepRule> {
    return this.#edit(async (tx, rules) => {
      if (rules.length >= MOST_RULES)
        throw new PomonaError('INVALID', `There are ${MOST_RULES} rules already.`);
      await this.#check(tx, fields);
      const at = new Date(this.now());
      const made = Object.assign(new DepRule(), checked(fields), {
        uuid: uuidv7(),
        createdAt: at,
        updatedAt: at,
      });
      const ordered = [...rules];
      ordered.splice(position ?? rules.length, 0, made);
      made.position = ordered.indexOf(made);
      await tx.manager.insert(DepRule, made);
      await renumber(tx, ordered);
      return made;
    });
  }

  /** Changes what is given. Throws NOT_FOUND, INVALID. */
  update(uuid: string, { position, ...given }: DepRuleChanges): Promise<DepRule> {
    return this.#edit(async (tx, rules) => {
      const before = mustHave(rules, uuid);
      const fields = { ...before, patterns: before.patterns as Patterns, ...given };
      await this.#check(tx, fields);
      const changed = { ...checked(fields), updatedAt: new Date(this.now()) };
      await tx.manager.update(DepRule, { uuid }, changed);
      const rule = Object.assign(before, changed);
      if (position !== undefined) {
        const ordered = rules.filter((one) => one !== rule);
        ordered.splice(position, 0, rule);
        await renumber(tx, ordered);
      }
      return rule;
    });
  }

  /** Throws NOT_FOUND. Devices keep the profile they have until another rule is about them. */
  delete(uuid: string): Promise<DepRule> {
    return this.#edit(async (tx, rules) => {
      const rule = mustHave(rules, uuid);
      await tx.manager.delete(DepRule, { uuid });
      await renumber(
        tx,
        rules.filter((one) => one !== rule),
      );
      return rule;
    });
  }

  async #edit(edit: (tx: Transaction, rules: DepRule[]) => Promise<DepRule>): Promise<DepRule> {
    return this.database.transaction(async (tx) => {
      await lockRules(tx);
      const rules = await tx.manager.find(DepRule, { order: { position: 'ASC', uuid: 'ASC' } });
      const rule = await edit(tx, rules);
      await moveRevision(tx);
      tx.afterCommit(() => this.onChanged());
      return rule;
    });
  }

  async #check(tx: Transaction, { profileUuid, workflowUuid, accountUuid }: DepRuleFields): Promise<void> {
    if ((await tx.manager.countBy(DepProfile, { uuid: profileUuid })) === 0)
      throw invalid('profileUuid', `There is no DEP profile ${profileUuid}.`);
    if (accountUuid !== null && (await tx.manager.countBy(DepAccount, { uuid: accountUuid })) === 0)
      throw invalid('accountUuid', `There is no DEP account ${accountUuid}.`);
    if (workflowUuid !== null && !(await this.catalog.during(tx)).workflows.has(workflowUuid))
      throw invalid('workflowUuid', `There is no workflow ${workflowUuid}.`);
  }
}

function checked({ name, accountUuid, patterns, profileUuid, workflowUuid }: DepRuleFields): DepRuleFields {
  const words = name.trim();
  if (words === '' || words.length > 255)
    throw invalid('name', 'A rule needs a name of 1 to 255 characters.');
  return { name: words, accountUuid, patterns: checkedPatterns(patterns), profileUuid, workflowUuid };
}

function checkedPatterns(patterns: Patterns): Patterns {
  const entries = PATTERN_FIELDS.flatMap((field) => {
    const pattern = patterns[field]?.trim();
    if (pattern === undefined || pattern === '') return [];
    if (pattern.length > 255)
      throw new PomonaError('INVALID', `The pattern for ${field} has more than 255 characters.`, {
        path: ['patterns', field],
      });
    return [[field, pattern] as const];
  });
  return Object.fromEntries(entries);
}

async function renumber(tx: Transaction, rules: readonly DepRule[]): Promise<void> {
  const moved = [...rules.entries()].filter(([position, rule]) => rule.position !== position);
  const rows = moved.map(([position, { uuid }]) => ({ key: uuid, set: { position } }));
  await updateRows(tx, { table: 'dep_rules', keyColumn: 'uuid' }, rows);
  for (const [position, rule] of moved) rule.position = position;
}

function mustHave(rules: readonly DepRule[], uuid: string): DepRule {
  const rule = rules.find((one) => one.uuid === uuid);
  if (rule === undefined) throw new PomonaError('NOT_FOUND', `There is no DEP rule ${uuid}.`);
  return rule;
}

function invalid(field: string, message: string): PomonaError {
  return new PomonaError('INVALID', message, { path: [field] });
}
