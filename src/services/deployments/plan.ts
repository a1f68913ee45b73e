import { ItemStatus, SubjectKind } from '../../entities/enums.js';
import type { EffectiveItem } from '../catalog/effective-set.js';

/** What is known of one item of one device, as far as planning needs it. */
export interface CurrentItem {
  readonly uuid: string;
  readonly kind: SubjectKind;
  readonly subjectUuid: string;
  readonly identifier: string | null;
  readonly position: number;
  readonly wantedRevision: string | null;
  readonly knownRevision: string | null;
  readonly status: ItemStatus;
  readonly commandUuid: string | null;
}

/**
 * INSTALL  the device has to be sent it (for the first time, or a newer revision).
 * REMOVE   the device has it, or may have it, and has to be told to remove it.
 * KEEP     the device has it already: what was under way is withdrawn.
 * FORGET   the device never got it: what was under way is withdrawn, nothing is sent.
 */
export type ChangeAction = 'INSTALL' | 'REMOVE' | 'KEEP' | 'FORGET';

export interface Change {
  readonly action: ChangeAction;
  readonly wanted: EffectiveItem | undefined;
  readonly current: CurrentItem | undefined;
  readonly position: number;
}

/**
 * The difference between what a device shall have and what is known of it. Pure: planning shows it, reconciling carries
 * it out. Installations come in the order of the effective set, removals after them. Nothing to do is an empty list, so
 * assigning twice changes nothing.
 */
export function plan(wanted: readonly EffectiveItem[], current: readonly CurrentItem[]): Change[] {
  const known = new Map(current.map((item) => [`${item.kind}:${item.subjectUuid}`, item]));
  const changes: Change[] = [];
  wanted.forEach((item, position) => {
    const key = `${item.kind}:${item.subjectUuid}`;
    const change = towards(item, known.get(key), position);
    if (change !== undefined) changes.push(change);
    known.delete(key);
  });
  for (const item of known.values()) {
    const change = away(item);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

function towards(
  wanted: EffectiveItem,
  current: CurrentItem | undefined,
  position: number,
): Change | undefined {
  const change = (action: ChangeAction): Change => ({ action, wanted, current, position });
  if (current === undefined) return change('INSTALL');
  const sameWish = current.wantedRevision === wanted.revision;
  if (sameWish && current.status === ItemStatus.PENDING && current.commandUuid === null)
    return change('INSTALL');
  if (sameWish) return undefined;
  // Back to what the device has. A removal or another revision that was already handed out may have undone it.
  const untouched = current.status === ItemStatus.PENDING || current.status === ItemStatus.INSTALLED;
  return change(untouched && current.knownRevision === wanted.revision ? 'KEEP' : 'INSTALL');
}

function away(current: CurrentItem): Change | undefined {
  const change = (action: ChangeAction): Change => ({
    action,
    wanted: undefined,
    current,
    position: current.position,
  });
  if (current.status === ItemStatus.REMOVED && current.knownRevision === null) return undefined;
  if (current.status === ItemStatus.REMOVING && current.commandUuid !== null) return undefined;
  // It failed to go and is still not wanted: told once; `retry` asks again.
  if (current.status === ItemStatus.FAILED && current.wantedRevision === null) return undefined;
  const mayBeThere = current.knownRevision !== null || current.status === ItemStatus.SENT;
  return change(mayBeThere ? 'REMOVE' : 'FORGET');
}

/** The RequestType of the command that carries a change out; null when none is sent. */
export function requestTypeOf({ action, wanted, current }: Change): string | null {
  if (action !== 'INSTALL' && action !== 'REMOVE') return null;
  const kind = wanted?.kind ?? current?.kind;
  const what = kind === SubjectKind.PROFILE ? 'Profile' : 'Application';
  return `${action === 'INSTALL' ? 'Install' : 'Remove'}${what}`;
}
