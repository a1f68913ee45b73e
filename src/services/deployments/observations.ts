import type { Clock } from '../../clock.js';
import { lockClause, updateRows, type RowUpdate, type Transaction } from '../../database/index.js';
import { CommandStatus, ItemStatus, SubjectKind } from '../../entities/enums.js';
import type { Answer, AnswerConsequence } from '../commands/outcomes.js';
import { loadItems, type DeviceItem } from './records.js';
import type { Reconciler } from './reconcile.js';

/** A device that keeps losing what it acknowledged is asked this often; then a person has to look. */
const MOST_CORRECTIONS = 3;
/** An application is acknowledged before it is downloaded: only one missing for longer than this counts as missing. */
const APPLICATION_PATIENCE_MS = 30 * 60_000;

/** What a list says of one item, where it differs from what we believe. */
type Correction = Pick<DeviceItem, 'status' | 'knownRevision'> & { readonly missed: boolean };

/** Lets ProfileList and InstalledApplicationList correct what we believe a device has; what is missing is sent again. */
export class Observations implements AnswerConsequence {
  constructor(
    private readonly reconciler: Reconciler,
    private readonly now: Clock,
  ) {}

  async apply(tx: Transaction, answers: readonly Answer[]): Promise<readonly string[]> {
    const lists = answers.filter(
      ({ status, finding }) =>
        status === CommandStatus.ACKNOWLEDGED &&
        (finding.profiles !== undefined || finding.applications !== undefined),
    );
    if (lists.length === 0) return [];
    const items = await loadItems(
      tx,
      [...new Set(lists.map((list) => list.deviceUuid))].sort(),
      lockClause(tx.dialect),
    );
    const payloadUuids = await this.#payloadUuids(tx, [...items.values()].flat());
    const updates: RowUpdate[] = [];
    const devices = new Map<string, string>();
    for (const list of lists) {
      for (const item of items.get(list.deviceUuid) ?? []) {
        const correction = this.#correct(item, list, payloadUuids);
        if (correction === undefined) continue;
        updates.push(this.#update(item, correction));
        devices.set(list.deviceUuid, list.command.channelUuid);
      }
    }
    await updateRows(tx, { table: 'deployment_items', keyColumn: 'uuid' }, updates);
    if (devices.size > 0) await this.reconciler.run(tx, [...devices.keys()], false);
    return [...devices.values()];
  }

  #correct(
    item: DeviceItem,
    { finding }: Answer,
    payloadUuids: ReadonlyMap<string, string>,
  ): Correction | undefined {
    if (item.kind === SubjectKind.PROFILE && finding.profiles !== undefined) {
      return correctProfile(item, finding.profiles.get(item.identifier ?? ''), payloadUuids);
    }
    if (
      item.kind === SubjectKind.APPLICATION &&
      finding.applications !== undefined &&
      item.identifier !== null
    ) {
      const settledLongAgo = this.now() - item.changedAt > APPLICATION_PATIENCE_MS;
      return correctApplication(item, finding.applications.has(item.identifier), settledLongAgo);
    }
    return undefined;
  }

  #update(item: DeviceItem, correction: Correction): RowUpdate {
    const corrections = item.corrections + (correction.missed ? 1 : 0);
    const tired = correction.missed && corrections > MOST_CORRECTIONS;
    return {
      key: item.uuid,
      set: {
        status: tired ? ItemStatus.FAILED : correction.status,
        known_revision: correction.knownRevision,
        command_uuid: null,
        corrections,
        reason: tired ? `The device acknowledged it ${MOST_CORRECTIONS} times and does not have it.` : null,
        changed_at: this.now(),
      },
    };
  }

  /** Profile revision → the PayloadUUID a device would report for it. One statement. */
  async #payloadUuids(tx: Transaction, items: readonly DeviceItem[]): Promise<Map<string, string>> {
    const revisions = new Set(
      items.flatMap((item) => [item.knownRevision ?? [], item.wantedRevision ?? []].flat()),
    );
    if (revisions.size === 0) return new Map();
    const rows = await tx.query<{ uuid: string; payloadUuid: string }>(
      `SELECT uuid, payload_uuid AS payloadUuid FROM profile_revisions WHERE uuid IN (${[...revisions].map(() => '?').join(', ')})`,
      [...revisions],
    );
    return new Map(rows.map((row) => [row.uuid, row.payloadUuid]));
  }
}

/** @param reported the PayloadUUID of the profile with this identifier on the device; undefined when there is none */
function correctProfile(
  item: DeviceItem,
  reported: string | undefined,
  payloadUuids: ReadonlyMap<string, string>,
): Correction | undefined {
  const wanted = item.wantedRevision;
  const hasWanted = wanted !== null && reported !== undefined && reported === payloadUuids.get(wanted);
  switch (item.status) {
    case ItemStatus.INSTALLED:
      return hasWanted ? undefined : { status: ItemStatus.PENDING, knownRevision: null, missed: true };
    case ItemStatus.FAILED:
      return hasWanted
        ? { status: ItemStatus.INSTALLED, knownRevision: wanted, missed: false }
        : gone(item, reported === undefined);
    case ItemStatus.REMOVING:
      return gone(item, reported === undefined);
    case ItemStatus.PENDING:
    case ItemStatus.SENT:
    case ItemStatus.REMOVED:
      return undefined;
  }
}

function correctApplication(
  item: DeviceItem,
  present: boolean,
  settledLongAgo: boolean,
): Correction | undefined {
  if (item.status === ItemStatus.INSTALLED && !present && settledLongAgo) {
    return { status: ItemStatus.PENDING, knownRevision: null, missed: true };
  }
  return item.status === ItemStatus.REMOVING || item.status === ItemStatus.FAILED
    ? gone(item, !present)
    : undefined;
}

/** What was to be removed is not there (any more). */
function gone(item: DeviceItem, absent: boolean): Correction | undefined {
  return absent && item.wantedRevision === null
    ? { status: ItemStatus.REMOVED, knownRevision: null, missed: false }
    : undefined;
}
