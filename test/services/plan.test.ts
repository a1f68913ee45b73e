import { describe, expect, it } from 'vitest';
import { ItemStatus, SubjectKind } from '../../src/entities/enums.js';
import type { EffectiveItem } from '../../src/services/catalog/effective-set.js';
import { plan, type CurrentItem } from '../../src/services/deployments/plan.js';

const wanted = (revision: string, subjectUuid = 's'): EffectiveItem => ({
  kind: SubjectKind.PROFILE,
  subjectUuid,
  identifier: `id.${subjectUuid}`,
  revision,
  path: ['w'],
});

const current = (status: ItemStatus, rest: Partial<CurrentItem> = {}): CurrentItem => ({
  uuid: 'i',
  kind: SubjectKind.PROFILE,
  subjectUuid: 's',
  identifier: 'id.s',
  position: 0,
  wantedRevision: 'r1',
  knownRevision: null,
  status,
  commandUuid: 'c',
  ...rest,
});

const actions = (want: EffectiveItem[], have: CurrentItem[]): string[] =>
  plan(want, have).map((change) => change.action);

describe('What is wanted', () => {
  it('is installed in order when the device has nothing', () => {
    const changes = plan([wanted('r1', 'a'), wanted('r1', 'b')], []);
    expect(
      changes.map(({ action, wanted: item, position }) => [action, item?.subjectUuid, position]),
    ).toEqual([
      ['INSTALL', 'a', 0],
      ['INSTALL', 'b', 1],
    ]);
  });

  it.each([ItemStatus.PENDING, ItemStatus.SENT, ItemStatus.INSTALLED, ItemStatus.FAILED])(
    'changes nothing while %s',
    (status) => {
      expect(actions([wanted('r1')], [current(status)])).toEqual([]);
    },
  );

  it('is sent when it waits without a command', () => {
    expect(actions([wanted('r1')], [current(ItemStatus.PENDING, { commandUuid: null })])).toEqual([
      'INSTALL',
    ]);
  });

  it.each([
    ItemStatus.PENDING,
    ItemStatus.SENT,
    ItemStatus.INSTALLED,
    ItemStatus.FAILED,
    ItemStatus.REMOVING,
    ItemStatus.REMOVED,
  ])('is installed anew in a newer revision while %s', (status) => {
    expect(actions([wanted('r2')], [current(status)])).toEqual(['INSTALL']);
  });

  it('is kept when the device still has it and the newer one was not sent yet', () => {
    const pending = current(ItemStatus.PENDING, { wantedRevision: 'r2', knownRevision: 'r1' });
    expect(actions([wanted('r1')], [pending])).toEqual(['KEEP']);
  });

  it('is installed again when a removal may have taken it', () => {
    const removing = current(ItemStatus.REMOVING, { wantedRevision: null, knownRevision: 'r1' });
    expect(actions([wanted('r1')], [removing])).toEqual(['INSTALL']);
  });
});

describe('What is no longer wanted', () => {
  it.each([
    ['installed', current(ItemStatus.INSTALLED, { knownRevision: 'r1' }), ['REMOVE']],
    ['on its way, and may be there', current(ItemStatus.SENT), ['REMOVE']],
    ['failed over an older revision', current(ItemStatus.FAILED, { knownRevision: 'r0' }), ['REMOVE']],
    ['waiting, never sent', current(ItemStatus.PENDING), ['FORGET']],
    ['failed, never there', current(ItemStatus.FAILED), ['FORGET']],
    ['being removed', current(ItemStatus.REMOVING, { wantedRevision: null, knownRevision: 'r1' }), []],
    [
      'to be removed again (retry)',
      current(ItemStatus.REMOVING, { wantedRevision: null, knownRevision: 'r1', commandUuid: null }),
      ['REMOVE'],
    ],
    ['removed', current(ItemStatus.REMOVED, { wantedRevision: null }), []],
    [
      'removed, then installed by a late command',
      current(ItemStatus.REMOVED, { wantedRevision: null, knownRevision: 'unknown' }),
      ['REMOVE'],
    ],
    ['impossible to remove', current(ItemStatus.FAILED, { wantedRevision: null, knownRevision: 'r1' }), []],
  ])('%s', (_case, item, expected) => {
    expect(actions([], [item])).toEqual(expected);
  });

  it('goes after what comes, so that a device never lacks both', () => {
    const old = current(ItemStatus.INSTALLED, { subjectUuid: 'old', knownRevision: 'r1' });
    expect(actions([wanted('r1', 'new')], [old])).toEqual(['INSTALL', 'REMOVE']);
  });
});
