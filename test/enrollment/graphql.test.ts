import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { useWorld } from '../graphql/world.js';

const SELECTION = `enrollmentProfile {
  id uuid name state workflow { name } allowedSerialNumbers organization accessRights includesAuthority isDefault
  expiresAt usesLeft usedCount revokedAt revision createdAt updatedAt linkMadeAt
} link userErrors { code message path }`;
const CREATE = `mutation ($input: EnrollmentProfileCreateInput!) { it: enrollmentProfileCreate(input: $input) { ${SELECTION} } }`;
const UPDATE = `mutation ($input: EnrollmentProfileUpdateInput!) { it: enrollmentProfileUpdate(input: $input) { ${SELECTION} query { server { version } } } }`;
const REVOKE = `mutation ($input: EnrollmentProfileRevokeInput!) {
  it: enrollmentProfileRevoke(input: $input) { enrollmentProfile { id state revokedAt } userErrors { code message path } }
}`;

onBothDatabases('Enrollment profiles in GraphQL', (name) => {
  const world = useWorld(name);
  const ask = async (query: string, input: Json): Promise<Json> =>
    (await world.server.data(query, { input })).it;

  it('are made with a link, shown, listed and found again without it', async () => {
    const workflowId = await world.workflow('Reception');
    const made = await ask(CREATE, {
      name: ' Reception ',
      workflowId,
      allowedSerialNumbers: [' c02abc ', 'C02ABC', 'C02DEF'],
      organization: 'Orchard',
      accessRights: 3,
      usesLeft: 2,
      includesAuthority: true,
      expiresAt: '2999-01-01T00:00:00.000Z',
    });
    expect(made).toMatchObject({
      userErrors: [],
      link: expect.stringMatching(/\/enroll\/[\w-]{43}$/),
      enrollmentProfile: {
        name: 'Reception',
        state: 'USABLE',
        workflow: { name: 'Reception' },
        allowedSerialNumbers: ['C02ABC', 'C02DEF'],
        organization: 'Orchard',
        accessRights: 3,
        includesAuthority: true,
        isDefault: false,
        usesLeft: 2,
        usedCount: 0,
        revision: 1,
        revokedAt: null,
      },
    });
    const { id, uuid } = made.enrollmentProfile;
    const found = await world.server.data(
      `query ($id: ID!, $uuid: UUID!) {
        one: enrollmentProfile(by: { id: $id }) { name } two: enrollmentProfile(by: { uuid: $uuid }) { id }
        node(id: $id) { ... on EnrollmentProfile { name } }
        enrollmentProfiles(first: 10) { totalCount nodes { id state workflow { name } } }
      }`,
      { id, uuid },
    );
    expect(found).toMatchObject({
      one: { name: 'Reception' },
      two: { id },
      node: { name: 'Reception' },
      enrollmentProfiles: {
        totalCount: 1,
        nodes: [{ id, state: 'USABLE', workflow: { name: 'Reception' } }],
      },
    });
  });

  it.each<[Json, string]>([
    [{ name: ' ' }, 'name'],
    [{ name: 'n'.repeat(256) }, 'name'],
    [{ name: 'n', organization: 'o'.repeat(256) }, 'organization'],
    [{ name: 'n', accessRights: 0 }, 'accessRights'],
    [{ name: 'n', accessRights: 8192 }, 'accessRights'],
    [{ name: 'n', accessRights: 2 }, 'accessRights'],
    [{ name: 'n', accessRights: 128 }, 'accessRights'],
    [{ name: 'n', usesLeft: -1 }, 'usesLeft'],
    [{ name: 'n', usesLeft: 0 }, 'usesLeft'],
    [{ name: 'n', allowedSerialNumbers: ['C02 ABC'] }, 'allowedSerialNumbers'],
    [{ name: 'n', allowedSerialNumbers: [''] }, 'allowedSerialNumbers'],
    [{ name: 'n', expiresAt: '2001-01-01T00:00:00.000Z' }, 'expiresAt'],
    [
      {
        name: 'n',
        workflowId: Buffer.from('Workflow:00000000-0000-7000-8000-000000000000').toString('base64url'),
      },
      'workflowId',
    ],
  ])('refuses %j', async (input, field) => {
    const { enrollmentProfile, link, userErrors } = await ask(CREATE, input);
    expect([enrollmentProfile, link]).toEqual([null, null]);
    expect(userErrors).toMatchObject([{ code: 'INVALID', path: ['input', field] }]);
  });

  it('are changed in part, with a revision to go by; a new link only when asked for', async () => {
    const made = await ask(CREATE, { name: 'Before', usesLeft: 5, organization: 'Orchard' });
    const { id } = made.enrollmentProfile;
    const renamed = await ask(UPDATE, { id, name: 'After', expectedRevision: 1 });
    expect(renamed).toMatchObject({
      link: null,
      enrollmentProfile: { name: 'After', usesLeft: 5, organization: 'Orchard', revision: 2 },
      query: { server: { version: expect.any(String) } },
    });
    expect((await ask(UPDATE, { id, name: 'Late', expectedRevision: 1 })).userErrors).toMatchObject([
      { code: 'STALE_REVISION', path: ['input', 'expectedRevision'] },
    ]);
    const cleared = await ask(UPDATE, { id, usesLeft: null, organization: null, newLink: true });
    expect(cleared.enrollmentProfile).toMatchObject({ usesLeft: null, organization: null, revision: 3 });
    expect(cleared.link).not.toBe(made.link);
    expect((await fetch(made.link)).status).toBe(404);
  });

  it('are revoked for good', async () => {
    const { enrollmentProfile, link } = await ask(CREATE, { name: 'Short' });
    const { id } = enrollmentProfile;
    expect(await ask(REVOKE, { id })).toMatchObject({
      enrollmentProfile: { id, state: 'REVOKED' },
      userErrors: [],
    });
    expect((await ask(REVOKE, { id })).userErrors).toEqual([]);
    expect((await ask(UPDATE, { id, newLink: true })).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect((await fetch(link)).status).toBe(410);
    const missing = Buffer.from('EnrollmentProfile:00000000-0000-7000-8000-000000000000').toString(
      'base64url',
    );
    expect((await ask(REVOKE, { id: missing })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('are made by who may write devices, and read by all', async () => {
    const viewer = await world.token('VIEWER');
    const refused = await world.server.graphql(CREATE, { input: { name: 'No' } }, viewer);
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const read = await world.server.graphql('{ enrollmentProfiles { nodes { name } } }', {}, viewer);
    expect(read.errors).toBeUndefined();
  });

  it('two that are made the default one at the same time: one is', async () => {
    const made = await Promise.all(
      ['A', 'B', 'C', 'D'].map((title) => ask(CREATE, { name: title, isDefault: true })),
    );
    const codes = made.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code));
    expect(codes.every((code) => code === 'CONFLICT')).toBe(true);
    const { enrollmentProfiles } = await world.server.data(
      '{ enrollmentProfiles(first: 100) { nodes { isDefault } } }',
    );
    expect(enrollmentProfiles.nodes.filter(({ isDefault }: Json) => isDefault)).toHaveLength(1);
  });
});
