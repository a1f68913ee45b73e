import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { useWorld } from '../graphql/world.js';

const SELECTION = `enrollmentProfile {
  id servesAutomatedEnrollment allowsReenrollment minimumOsVersions { ios ipados macos tvos visionos watchos }
} userErrors { code message path }`;
const CREATE = `mutation ($input: EnrollmentProfileCreateInput!) { it: enrollmentProfileCreate(input: $input) { ${SELECTION} } }`;
const UPDATE = `mutation ($input: EnrollmentProfileUpdateInput!) { it: enrollmentProfileUpdate(input: $input) { ${SELECTION} } }`;

onBothDatabases('Automated enrolment in GraphQL', (name) => {
  const world = useWorld(name);
  const ask = async (query: string, input: Json): Promise<Json> =>
    (await world.server.data(query, { input })).it;

  it('is off until it is asked for', async () => {
    const { enrollmentProfile } = await ask(CREATE, { name: 'Plain' });
    expect(enrollmentProfile).toMatchObject({
      servesAutomatedEnrollment: false,
      allowsReenrollment: false,
      minimumOsVersions: null,
    });
  });

  it('is asked for, changed in part, and taken back', async () => {
    const made = await ask(CREATE, {
      name: 'Classroom',
      servesAutomatedEnrollment: true,
      allowsReenrollment: true,
      minimumOsVersions: { ios: ' 18.1 ', macos: '15', tvos: '' },
    });
    const minimumOsVersions = {
      ios: '18.1',
      ipados: null,
      macos: '15',
      tvos: null,
      visionos: null,
      watchos: null,
    };
    const all = { servesAutomatedEnrollment: true, allowsReenrollment: true, minimumOsVersions };
    expect(made).toMatchObject({ userErrors: [], enrollmentProfile: all });
    const { id } = made.enrollmentProfile;
    const renamed = await ask(UPDATE, { id, name: 'Class' });
    expect(renamed.enrollmentProfile).toMatchObject(all);
    const off = { servesAutomatedEnrollment: false, allowsReenrollment: false, minimumOsVersions: null };
    const taken = await ask(UPDATE, { id, ...off });
    expect(taken).toMatchObject({ userErrors: [], enrollmentProfile: off });
  });

  it.each<[Json, string[]]>([
    [{ minimumOsVersions: { ios: 'latest' } }, ['input', 'minimumOsVersions', 'ios']],
    [{ minimumOsVersions: { macos: '15.' } }, ['input', 'minimumOsVersions', 'macos']],
    [{ minimumOsVersions: { watchos: '1.2.3.4.5' } }, ['input', 'minimumOsVersions', 'watchos']],
    [{ minimumOsVersions: { visionos: '99999' } }, ['input', 'minimumOsVersions', 'visionos']],
  ])('refuses %j', async (fields, path) => {
    const refused = await ask(CREATE, { name: 'n', ...fields });
    expect(refused).toMatchObject({ enrollmentProfile: null, userErrors: [{ code: 'INVALID', path }] });
  });

  it('tells which serial number enrols by another profile', async () => {
    const serials = { servesAutomatedEnrollment: true, allowedSerialNumbers: ['C02TWICE'] };
    const { enrollmentProfile } = await ask(CREATE, { name: 'First', ...serials });
    const refused = await ask(CREATE, { name: 'Second', ...serials });
    expect(refused.userErrors).toMatchObject([
      {
        code: 'CONFLICT',
        path: ['input', 'allowedSerialNumbers'],
        message: expect.stringContaining('C02TWICE'),
      },
    ]);
    const { id } = enrollmentProfile;
    expect((await ask(UPDATE, { id, allowedSerialNumbers: [] })).userErrors).toEqual([]);
    expect((await ask(CREATE, { name: 'Second', ...serials })).userErrors).toEqual([]);
  });
});
