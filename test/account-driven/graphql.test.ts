import { expect, it } from 'vitest';
import { useWorld } from '../graphql/world.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';

const SELECTION =
  'enrollmentProfile { id name accountDriven revision } link userErrors { code path message }';
const CREATE = `mutation ($input: EnrollmentProfileCreateInput!) { it: enrollmentProfileCreate(input: $input) { ${SELECTION} } }`;
const UPDATE = `mutation ($input: EnrollmentProfileUpdateInput!) { it: enrollmentProfileUpdate(input: $input) { ${SELECTION} } }`;

onBothDatabases('Enrollment profiles for people who sign in, in GraphQL', (name) => {
  const world = useWorld(name);
  const ask = async (query: string, input: Json): Promise<Json> =>
    (await world.server.data(query, { input })).it;
  const marked = async (): Promise<Json> => {
    const { enrollmentProfiles } = await world.server.data(
      '{ enrollmentProfiles(first: 100) { nodes { name accountDriven } } }',
    );
    return enrollmentProfiles.nodes.filter(({ accountDriven }: Json) => accountDriven !== null);
  };

  it('there is one of each kind, without a link', async () => {
    const first = await ask(CREATE, { name: 'First', accountDriven: 'BYOD' });
    expect(first).toMatchObject({ enrollmentProfile: { accountDriven: 'BYOD' }, link: null, userErrors: [] });
    await ask(CREATE, { name: 'Devices', accountDriven: 'ADDE' });
    await ask(CREATE, { name: 'Second', accountDriven: 'BYOD' });
    expect(await marked()).toEqual([
      { name: 'Devices', accountDriven: 'ADDE' },
      { name: 'Second', accountDriven: 'BYOD' },
    ]);
    const id = first.enrollmentProfile.id;
    expect(await ask(UPDATE, { id, name: 'First again' })).toMatchObject({
      enrollmentProfile: { accountDriven: null },
    });
    const linked = await ask(UPDATE, { id, newLink: true });
    expect(linked.link).toMatch(/\/enroll\/[\w-]{43}$/);
    expect(await ask(UPDATE, { id, accountDriven: 'ADDE', newLink: true })).toMatchObject({ link: null });
    expect(await ask(UPDATE, { id, accountDriven: null })).toMatchObject({
      enrollmentProfile: { accountDriven: null },
    });
  });

  it.each<[Json]>([
    [{ accountDriven: 'BYOD', isDefault: true }],
    [{ accountDriven: 'BYOD', allowedSerialNumbers: ['C02ABC'] }],
    [{ accountDriven: 'ADDE', returnToService: true }],
  ])('are refused when that could not be: %j', async (fields) => {
    expect(await ask(CREATE, { name: 'No', ...fields })).toMatchObject({
      enrollmentProfile: null,
      userErrors: [{ code: 'INVALID', path: ['input', 'accountDriven'] }],
    });
  });

  it('of several that are marked at the same moment one is', async () => {
    const names = ['A', 'B', 'C', 'D'];
    const made = await Promise.all(names.map((title) => ask(CREATE, { name: title, accountDriven: 'BYOD' })));
    const codes = made.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code));
    expect(codes.every((code) => code === 'CONFLICT')).toBe(true);
    expect((await marked()).filter(({ accountDriven }: Json) => accountDriven === 'BYOD')).toHaveLength(1);
  });
});
