import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { mobileconfig, useWorld } from './world.js';

onBothDatabases('the catalogue', (name) => {
  const world = useWorld(name);

  it('keeps profiles: created, found by any name, replaced, refused with reasons, deleted', async () => {
    const id = await world.profile('org.example.wifi');
    const create =
      'mutation ($input: ProfileCreateInput!) { profileCreate(input: $input) { profile { id } userErrors { code message path } } }';
    const again = await world.server.data(create, {
      input: { content: mobileconfig('org.example.wifi').toString('base64') },
    });
    expect(again.profileCreate).toMatchObject({
      profile: null,
      userErrors: [{ code: 'CONFLICT', path: ['input', 'content'] }],
    });
    const rubbish = await world.server.data(create, {
      input: { content: Buffer.from('rubbish').toString('base64') },
    });
    expect(rubbish.profileCreate.userErrors[0]).toMatchObject({ code: 'INVALID' });

    const replace = `mutation ($input: ProfileReplaceInput!) {
      profileReplace(input: $input) { profile { revision } userErrors { code path } query { profile(by: { payloadIdentifier: "org.example.wifi" }) { revision content } } }
    }`;
    const next = mobileconfig('org.example.wifi', '5C2E7C0A-0000-4000-8000-000000000002').toString('base64');
    const replaced = await world.server.data(replace, { input: { id, content: next, expectedRevision: 1 } });
    expect(replaced.profileReplace).toEqual({
      profile: { revision: 2 },
      userErrors: [],
      query: { profile: { revision: 2, content: next } },
    });
    const stale = await world.server.data(replace, { input: { id, content: next, expectedRevision: 1 } });
    expect(stale.profileReplace.userErrors).toEqual([
      { code: 'STALE_REVISION', path: ['input', 'expectedRevision'] },
    ]);

    const byAll = `query ($id: ID!) { node(id: $id) { id ... on Profile { uuid payloadTypes workflows { totalCount } } } }`;
    const { node } = await world.server.data(byAll, { id });
    expect(node).toMatchObject({
      id,
      payloadTypes: ['com.apple.webClip.managed'],
      workflows: { totalCount: 0 },
    });
    const { profile } = await world.server.data(
      'query ($uuid: UUID!) { profile(by: { uuid: $uuid }) { id } }',
      {
        uuid: node.uuid.toUpperCase(),
      },
    );
    expect(profile).toEqual({ id });

    const workflow = await world.workflow('Holds wifi', { profileIds: [id] });
    const remove =
      'mutation ($id: ID!) { profileDelete(input: { id: $id }) { deletedProfileId userErrors { code message } } }';
    expect((await world.server.data(remove, { id })).profileDelete.userErrors[0]).toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('"Holds wifi"'),
    });
    await world.server.data(
      'mutation ($id: ID!) { workflowDelete(input: { id: $id }) { deletedWorkflowId } }',
      { id: workflow },
    );
    expect((await world.server.data(remove, { id })).profileDelete).toEqual({
      deletedProfileId: id,
      userErrors: [],
    });
    expect((await world.server.data(byAll, { id })).node).toBeNull();
  });

  it('keeps applications: exactly one source, changed and taken away', async () => {
    const id = await world.application('Editor');
    const update = `mutation ($input: ApplicationUpdateInput!) {
      applicationUpdate(input: $input) { application { name manifestUrl itunesStoreId revision } userErrors { code path } }
    }`;
    const moved = await world.server.data(update, {
      input: { id, manifestUrl: null, itunesStoreId: 361309726 },
    });
    expect(moved.applicationUpdate.application).toEqual({
      name: 'Editor',
      manifestUrl: null,
      itunesStoreId: 361309726,
      revision: 2,
    });
    const both = await world.server.data(update, {
      input: { id, manifestUrl: 'https://example.org/a.plist' },
    });
    expect(both.applicationUpdate).toEqual({
      application: null,
      userErrors: [{ code: 'INVALID', path: ['input', 'manifestUrl'] }],
    });
    const remove =
      'mutation ($id: ID!) { applicationDelete(input: { id: $id }) { deletedApplicationId userErrors { code } } }';
    expect((await world.server.data(remove, { id })).applicationDelete).toEqual({
      deletedApplicationId: id,
      userErrors: [],
    });
    expect((await world.server.data(remove, { id })).applicationDelete.userErrors).toEqual([
      { code: 'NOT_FOUND' },
    ]);
    const foreign = Buffer.from(
      Buffer.from(id, 'base64url').toString().replace('Application', 'Profile'),
    ).toString('base64url');
    const wrong = await world.server.data(remove, { id: foreign });
    expect(wrong.applicationDelete.userErrors).toEqual([{ code: 'BAD_USER_INPUT' }]);
  });

  it('nests workflows: in order, flattened with the path, a cycle refused with its path spelled', async () => {
    const [p1, p2, p3] = [
      await world.profile('org.example.n1'),
      await world.profile('org.example.n2'),
      await world.profile('org.example.n3'),
    ];
    const app = await world.application('Nested app');
    const inner = await world.workflow('Inner', { profileIds: [p2, p1], applicationIds: [app] });
    const middle = await world.workflow('Middle', { profileIds: [p1], includedWorkflowIds: [inner] });
    const outer = await world.workflow('Outer', { profileIds: [p3], includedWorkflowIds: [middle, inner] });
    const query = `query ($id: ID!) {
      workflow(by: { id: $id }) {
        profiles { edges { position node { payloadIdentifier } } }
        includedWorkflows { nodes { name includedWorkflows { nodes { name applications { nodes { name } } } } includedBy { nodes { name } } } }
        effectiveProfiles { profile { payloadIdentifier } path { name } }
        effectiveApplications { application { name } path { name } }
        devices { totalCount nodes { id } }
        rollout { total converged pending failed }
      }
    }`;
    const { workflow } = await world.server.data(query, { id: outer });
    const profile = (identifier: string, ...path: string[]) => ({
      profile: { payloadIdentifier: identifier },
      path: path.map((title) => ({ name: title })),
    });
    expect(workflow).toEqual({
      profiles: { edges: [{ position: 0, node: { payloadIdentifier: 'org.example.n3' } }] },
      includedWorkflows: {
        nodes: [
          {
            name: 'Middle',
            includedWorkflows: {
              nodes: [{ name: 'Inner', applications: { nodes: [{ name: 'Nested app' }] } }],
            },
            includedBy: { nodes: [{ name: 'Outer' }] },
          },
          {
            name: 'Inner',
            includedWorkflows: { nodes: [] },
            includedBy: { nodes: expect.arrayContaining([{ name: 'Middle' }, { name: 'Outer' }]) },
          },
        ],
      },
      effectiveProfiles: [
        profile('org.example.n2', 'Outer', 'Middle', 'Inner'),
        profile('org.example.n1', 'Outer', 'Middle', 'Inner'),
        profile('org.example.n3', 'Outer'),
      ],
      effectiveApplications: [
        {
          application: { name: 'Nested app' },
          path: [{ name: 'Outer' }, { name: 'Middle' }, { name: 'Inner' }],
        },
      ],
      devices: { totalCount: 0, nodes: [] },
      rollout: { total: 0, converged: 0, pending: 0, failed: 0 },
    });

    const update = `mutation ($input: WorkflowUpdateInput!) {
      workflowUpdate(input: $input) { workflow { name revision } userErrors { code message path } }
    }`;
    const cycle = await world.server.data(update, { input: { id: inner, includedWorkflowIds: [outer] } });
    expect(cycle.workflowUpdate).toEqual({
      workflow: null,
      userErrors: [
        {
          code: 'CYCLE',
          message: 'A workflow cannot include itself: "Inner" → "Outer" → "Middle" → "Inner".',
          path: ['input', 'includedWorkflowIds'],
        },
      ],
    });
    const twice = await world.server.data(update, { input: { id: inner, profileIds: [p1, p1] } });
    expect(twice.workflowUpdate.userErrors).toMatchObject([
      { code: 'INVALID', path: ['input', 'profileIds', '1'] },
    ]);
    const renamed = await world.server.data(update, {
      input: { id: inner, name: 'Inmost', expectedRevision: 1 },
    });
    expect(renamed.workflowUpdate).toEqual({ workflow: { name: 'Inmost', revision: 2 }, userErrors: [] });
  });

  it('pages, searches and orders', async () => {
    for (const letter of ['a', 'b', 'c', 'd', 'e']) await world.workflow(`Paged ${letter}`);
    const query = `query ($after: String, $before: String, $first: Int, $last: Int, $direction: OrderDirection! = ASC) {
      workflows(first: $first, after: $after, last: $last, before: $before, filter: { search: "pAGED" }, orderBy: { field: NAME, direction: $direction }) {
        totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    const names = (data: { workflows: { nodes: { name: string }[] } }) =>
      data.workflows.nodes.map((node) => node.name.at(-1)).join('');
    const one = await world.server.data(query, { first: 2 });
    expect([names(one), one.workflows.totalCount, one.workflows.pageInfo.hasNextPage]).toEqual([
      'ab',
      5,
      true,
    ]);
    const two = await world.server.data(query, { first: 2, after: one.workflows.pageInfo.endCursor });
    expect(names(two)).toBe('cd');
    expect(
      names(await world.server.data(query, { last: 2, before: two.workflows.pageInfo.startCursor })),
    ).toBe('ab');
    expect(names(await world.server.data(query, { first: 2, direction: 'DESC' }))).toBe('ed');
    const foreign = await world.server.graphql(query, {
      first: 2,
      after: one.workflows.pageInfo.endCursor,
      direction: 'DESC',
    });
    expect(foreign.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    const twoNames = await world.server.graphql(
      '{ workflow(by: { name: "Paged a", uuid: "018f3c6e-5b7a-7cc3-9d5e-0b6f0a1c2d3e" }) { id } }',
    );
    expect(twoNames.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', inputPath: ['by'] } });
  });

  it('refuses what nests too deep or costs too much, before any work', async () => {
    const nested = (depth: number): string =>
      depth === 0 ? '{ nodes { id } }' : `{ nodes { includedWorkflows(first: 1) ${nested(depth - 1)} } }`;
    const four = await world.server.graphql(`{ workflows(first: 1) ${nested(4)} }`);
    expect(four.errors).toBeUndefined();
    const five = await world.server.graphql(`{ workflows(first: 1) ${nested(5)} }`);
    expect(five.errors?.[0]?.extensions['code']).toBe('QUERY_TOO_DEEP');
    const circle =
      '{ devices(first: 1) { nodes { workflow { devices(first: 1) { nodes { workflow { name } } } } } } }';
    expect((await world.server.graphql(circle)).errors?.[0]?.extensions['code']).toBe('QUERY_TOO_DEEP');
    const wide = '{ devices(first: 100) { nodes { commands(first: 100) { nodes { id uuid status } } } } }';
    expect((await world.server.graphql(wide)).errors?.[0]?.extensions['code']).toBe('QUERY_TOO_COMPLEX');
  });
});
