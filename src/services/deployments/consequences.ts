import type { Clock } from '../../clock.js';
import { lockClause, updateRows, type SqlValue, type Transaction } from '../../database/index.js';
import type { CommandError } from '../../entities/command.js';
import { CommandStatus, ItemStatus, SubjectKind } from '../../entities/enums.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Answer, AnswerConsequence } from '../commands/outcomes.js';
import { loadItems, loadTargets, type DeviceItem } from './records.js';
import type { Settling } from './settling.js';

/** Applies what devices answered to what we believe they have: the item follows the answer of the command that carries it. */
export class DeploymentConsequences implements AnswerConsequence {
  constructor(
    private readonly settling: Settling,
    private readonly catalog: Catalog,
    private readonly now: Clock,
  ) {}

  async apply(tx: Transaction, answers: readonly Answer[]): Promise<readonly string[]> {
    const carrying = answers.filter((answer) => answer.command.itemUuid !== null);
    await this.#endSetup(tx, answers);
    if (carrying.length === 0) return [];
    const deviceUuids = [...new Set(carrying.map((answer) => answer.deviceUuid))].sort();
    const byDevice = await loadItems(tx, deviceUuids, lockClause(tx.dialect));
    const items = new Map([...byDevice.values()].flat().map((item) => [item.uuid, item]));
    const updates = carrying.flatMap((answer) => {
      const item = items.get(answer.command.itemUuid ?? '');
      return item === undefined || item.commandUuid !== answer.command.uuid ? [] : [{ answer, item }];
    });
    await updateRows(
      tx,
      { table: 'deployment_items', keyColumn: 'uuid' },
      updates.map(({ answer, item }) => ({ key: item.uuid, set: this.#after(answer, item) })),
    );
    await this.#learnBundleIdentifiers(tx, updates);
    return this.settling.refresh(tx, await loadTargets(tx, deviceUuids), false);
  }

  #after(answer: Answer, item: DeviceItem): Record<string, SqlValue> {
    const acknowledged = answer.status === CommandStatus.ACKNOWLEDGED;
    const removing = item.wantedRevision === null;
    const done = removing ? ItemStatus.REMOVED : ItemStatus.INSTALLED;
    return {
      status: acknowledged ? done : ItemStatus.FAILED,
      known_revision: acknowledged ? item.wantedRevision : item.knownRevision,
      identifier: answer.finding.bundleIdentifier ?? item.identifier,
      reason: acknowledged ? null : reasonOf(answer).slice(0, 1024),
      command_uuid: null,
      changed_at: this.now(),
    };
  }

  /** The first device to install an application teaches all the others what it is called. */
  async #learnBundleIdentifiers(
    tx: Transaction,
    updates: readonly { answer: Answer; item: DeviceItem }[],
  ): Promise<void> {
    const learnt = new Map<string, string>();
    for (const { answer, item } of updates) {
      const identifier = answer.finding.bundleIdentifier;
      if (item.kind === SubjectKind.APPLICATION && item.identifier === null && identifier !== undefined)
        learnt.set(item.subjectUuid, identifier);
    }
    let changed = 0;
    for (const [uuid, identifier] of learnt) {
      const result = await tx.run(
        'UPDATE applications SET bundle_identifier = ? WHERE uuid = ? AND bundle_identifier IS NULL',
        [identifier, uuid],
      );
      changed += result.affected;
    }
    if (changed > 0) await this.catalog.changed(tx);
  }

  /** DeviceConfigured was carried out: the device has left Setup Assistant. */
  async #endSetup(tx: Transaction, answers: readonly Answer[]): Promise<void> {
    const done = answers.filter(
      ({ command, status }) =>
        command.requestType === 'DeviceConfigured' && status === CommandStatus.ACKNOWLEDGED,
    );
    if (done.length === 0) return;
    await tx.run(
      `UPDATE devices SET awaiting_configuration = 0, awaiting_until = NULL WHERE uuid IN (${done.map(() => '?').join(', ')})`,
      done.map((answer) => answer.deviceUuid),
    );
  }
}

/** The device's own words: the topmost entry of its ErrorChain. */
function reasonOf(answer: Answer): string {
  if (answer.status === CommandStatus.FORMAT_ERROR)
    return 'The device could not read the command (CommandFormatError).';
  const top: CommandError | undefined = answer.errors[0];
  const words = top?.usEnglishDescription ?? top?.localizedDescription;
  const code = top?.domain == null ? '' : ` (${top.domain} ${top.code ?? ''})`;
  return `${words ?? 'The device refused without saying why.'}${code}`;
}
