import { describe, expect, it } from 'vitest';
import { Application } from '../../src/entities/application.js';
import { Profile } from '../../src/entities/profile.js';
import { Workflow } from '../../src/entities/workflow.js';
import { effectiveSet, findCycle } from '../../src/services/catalog/effective-set.js';
import { CatalogSnapshot, type WorkflowMembers } from '../../src/services/catalog/snapshot.js';

const named = <T extends object>(
  kind: new () => T,
  names: readonly string[],
  rest: (name: string) => object,
): Map<string, T> =>
  new Map(names.map((name) => [name, Object.assign(new kind(), { uuid: name, name }, rest(name))]));

/** `{ Sales: 'p1 a1 >Office' }`: profiles p…, applications a…, inclusions >… */
function catalogOf(workflows: Record<string, string>): CatalogSnapshot {
  const words = Object.values(workflows).flatMap((text) => text.split(' '));
  const members = new Map<string, WorkflowMembers>(
    Object.entries(workflows).map(([name, text]) => {
      const all = text.split(' ').filter((word) => word !== '');
      const starting = (letter: string): string[] => all.filter((word) => word.startsWith(letter));
      return [
        name,
        {
          profileUuids: starting('p'),
          applicationUuids: starting('a'),
          includedUuids: starting('>').map((word) => word.slice(1)),
        },
      ];
    }),
  );
  return new CatalogSnapshot(
    1,
    named(
      Profile,
      words.filter((word) => word.startsWith('p')),
      (name) => ({ payloadIdentifier: `id.${name}`, currentRevisionUuid: `r.${name}` }),
    ),
    named(
      Application,
      words.filter((word) => word.startsWith('a')),
      () => ({ bundleIdentifier: null, revision: 3 }),
    ),
    named(Workflow, Object.keys(workflows), () => ({})),
    members,
  );
}

const profilesOf = (workflows: Record<string, string>, of: string): string[] =>
  effectiveSet(catalogOf(workflows), of).profiles.map((item) => item.subjectUuid);

describe('The effective set of a workflow', () => {
  it('has included workflows first, in order, depth first, then its own', () => {
    expect(
      profilesOf({ Sales: 'p1 >Office >Lab', Office: 'p2 >Base', Lab: 'p3', Base: 'p4 p5' }, 'Sales'),
    ).toEqual(['p4', 'p5', 'p2', 'p3', 'p1']);
  });

  it('keeps the first occurrence of a profile or application', () => {
    expect(profilesOf({ Sales: 'p1 p2 >Office', Office: 'p2 p3' }, 'Sales')).toEqual(['p2', 'p3', 'p1']);
  });

  it('enters a workflow that is reached twice only once', () => {
    expect(
      profilesOf({ Top: '>Left >Right', Left: 'p1 >Base', Right: 'p2 >Base', Base: 'p3' }, 'Top'),
    ).toEqual(['p3', 'p1', 'p2']);
  });

  it('tells each item by its revision and the inclusions it came by', () => {
    const { profiles, applications } = effectiveSet(
      catalogOf({ Sales: 'a1 >Office', Office: 'p1' }),
      'Sales',
    );
    expect(profiles).toEqual([
      {
        kind: 'PROFILE',
        subjectUuid: 'p1',
        identifier: 'id.p1',
        revision: 'r.p1',
        path: ['Sales', 'Office'],
      },
    ]);
    expect(applications).toEqual([
      { kind: 'APPLICATION', subjectUuid: 'a1', identifier: null, revision: '3', path: ['Sales'] },
    ]);
  });

  it('is empty for a workflow that is not there', () => {
    expect(effectiveSet(catalogOf({}), 'Nothing')).toEqual({ profiles: [], applications: [] });
  });
});

describe('A cycle of inclusions', () => {
  const edges = (graph: Record<string, string[]>) => (uuid: string) => graph[uuid] ?? [];

  it.each([
    [{ A: ['A'] }, ['A', 'A']],
    [{ A: ['B'], B: ['A'] }, ['A', 'B', 'A']],
    [{ A: ['X', 'B'], X: [], B: ['C'], C: ['D', 'A'], D: [] }, ['A', 'B', 'C', 'A']],
  ])('is spelled from the workflow back to itself: %j', (graph, cycle) => {
    expect(findCycle('A', edges(graph))).toEqual(cycle);
  });

  it('is not seen where two ways lead to one workflow', () => {
    expect(findCycle('A', edges({ A: ['B', 'C'], B: ['D'], C: ['D'], D: [] }))).toBeUndefined();
  });
});

it('An edit concerns the workflow and all that include it, at whatever distance', () => {
  const catalog = catalogOf({ Top: '>Mid', Mid: '>Base', Base: 'p1', Other: 'p1' });
  expect([...catalog.dependents(['Base'])].sort()).toEqual(['Base', 'Mid', 'Top']);
  expect(
    catalog
      .usersOf('profileUuids', 'p1')
      .map((workflow) => workflow.name)
      .sort(),
  ).toEqual(['Base', 'Other']);
});
