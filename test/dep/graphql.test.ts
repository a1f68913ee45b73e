import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { openDoors, type Doors } from './doors.js';

const DAY = 24 * 60 * 60_000;

onBothDatabases('accounts at Apple, by GraphQL', (name) => {
  let doors: Doors;
  beforeEach(async () => {
    doors = await openDoors(name);
  });
  afterEach(() => doors.stop());

  const create = async (accountName = 'Orchard'): Promise<Json> =>
    (
      await doors.mutate(
        'depAccountCreate',
        { name: accountName },
        'depAccount { id uuid status certificate }',
      )
    ).depAccount;
  const account = async (id: string, selection: string): Promise<Json> =>
    (
      await doors.server.data(`query ($id: ID!) { depAccount(by: { id: $id }) { ${selection} } }`, {
        id,
      })
    ).depAccount;

  it('go from a certificate to a token to devices', async () => {
    const made = await create();
    expect(made.status).toBe('NEW');
    expect(new X509Certificate(made.certificate).subject).toContain('Pomona Orchard');
    expect(await doors.refused('depAccountSync', { id: made.id })).toMatchObject([
      { code: 'FEATURE_NOT_AVAILABLE', message: expect.stringContaining('depAccountTokenUpload') },
    ]);
    const token = doors.fake.token(doors.apple, made.certificate, 200).toString('utf8');
    const { depAccount } = await doors.mutate(
      'depAccountTokenUpload',
      { id: made.id, token },
      'depAccount { status orgName serverName tokenDaysLeft failure { code } syncing deviceCount }',
    );
    expect(depAccount).toEqual({
      status: 'READY',
      orgName: 'Example Organisation',
      serverName: 'Pomona',
      tokenDaysLeft: 199,
      failure: null,
      syncing: false,
      deviceCount: 0,
    });
    for (const serial of ['A1', 'A2', 'A3']) doors.apple.devices.add(serial);
    const synced = await doors.mutate(
      'depAccountSync',
      { id: made.id },
      'started counts { fetched added modified deleted } depAccount { deviceCount syncedAt }',
    );
    expect(synced).toMatchObject({
      started: false,
      counts: { fetched: 3, added: 3, modified: 0, deleted: 0 },
      depAccount: { deviceCount: 3, syncedAt: expect.any(String) },
    });
    const again = await doors.mutate(
      'depAccountSync',
      { id: made.id, anew: true },
      'counts { fetched added }',
    );
    expect(again.counts).toMatchObject({ fetched: 3, added: 0 });
  });

  it('never show a key or a token', async () => {
    await doors.account();
    const { __type } = await doors.server.data('{ __type(name: "DepAccount") { fields { name } } }');
    const fields = __type.fields.map((field: Json) => field.name);
    expect(fields.filter((field: string) => /key|secret|sealed|token$|lease|cursor/i.test(field))).toEqual(
      [],
    );
  });

  it('take the token as base64 of the file, too, and refuse what is none, and a token of another organization', async () => {
    const id = await doors.account();
    const { certificate } = await account(id, 'certificate');
    const refusal = async (token: string): Promise<Json> =>
      (await doors.refused('depAccountTokenUpload', { id, token }))[0];
    expect(await refusal('hello world!')).toMatchObject({ code: 'INVALID', path: ['input', 'token'] });
    expect(await refusal('')).toMatchObject({ code: 'INVALID', path: ['input', 'token'] });
    const stranger = doors.fake.addServer('Other');
    const another = doors.fake.token(stranger, certificate).toString('base64');
    expect(await refusal(another)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('force'),
      path: ['input', 'token'],
    });
    const forced = await doors.mutate(
      'depAccountTokenUpload',
      { id, token: another, force: true },
      'depAccount { serverName }',
    );
    expect(forced.depAccount.serverName).toBe('Other');
  });

  it('say in words what Apple refuses, and since when', async () => {
    const id = await doors.account();
    doors.apple.termsUnsigned = true;
    const since = Date.now();
    expect(await doors.refused('depAccountSync', { id })).toMatchObject([
      { code: 'UPSTREAM_REFUSED', message: expect.stringContaining('terms') },
    ]);
    const blocked = await account(id, 'status failure { code message since }');
    expect(blocked).toMatchObject({ status: 'BLOCKED', failure: { code: 'TERMS_NOT_SIGNED' } });
    expect(Math.abs(Date.parse(blocked.failure.since) - since)).toBeLessThan(DAY / 24);
    doors.apple.termsUnsigned = false;
    await doors.settle(id);
    expect(await account(id, 'status failure { code }')).toEqual({ status: 'READY', failure: null });
  });

  it('are listed, renamed with their revision, and found by id, uuid and node', async () => {
    const [one, two] = [await create('One'), await create('Two')];
    const { depAccounts } = await doors.server.data(
      '{ depAccounts(first: 1) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }',
    );
    expect(depAccounts).toMatchObject({
      totalCount: 2,
      nodes: [{ name: 'One' }],
      pageInfo: { hasNextPage: true },
    });
    const next = await doors.server.data(
      'query ($after: String) { depAccounts(after: $after) { nodes { name } } }',
      { after: depAccounts.pageInfo.endCursor },
    );
    expect(next.depAccounts.nodes).toEqual([{ name: 'Two' }]);
    const rename = { id: one.id, name: 'First', expectedRevision: 1 };
    await doors.mutate('depAccountUpdate', rename, 'depAccount { revision }');
    expect(await doors.refused('depAccountUpdate', rename)).toMatchObject([{ code: 'STALE_REVISION' }]);
    expect(await doors.refused('depAccountUpdate', { id: one.id, name: 'Two' })).toMatchObject([
      { code: 'CONFLICT', path: ['input', 'name'] },
    ]);
    const found = await doors.server.data(
      'query ($id: ID!, $uuid: UUID!) { node(id: $id) { id ... on DepAccount { name } } depAccount(by: { uuid: $uuid }) { name } }',
      { id: one.id, uuid: two.uuid },
    );
    expect(found).toEqual({ node: { id: one.id, name: 'First' }, depAccount: { name: 'Two' } });
  });

  it('are deleted: not while a rule or devices need them; devices and their history stay', async () => {
    const id = await doors.account();
    doors.apple.devices.add('A1');
    await doors.settle(id);
    const profileId = await doors.profile('Standard');
    const { depRule } = await doors.mutate(
      'depRuleCreate',
      { name: 'All', accountId: id, profileId },
      'depRule { id }',
    );
    expect(await doors.refused('depAccountDelete', { id, force: true })).toMatchObject([
      { code: 'IN_USE', message: expect.stringContaining('1 rules') },
    ]);
    await doors.mutate('depRuleDelete', { id: depRule.id }, 'deletedDepRuleId');
    expect(await doors.refused('depAccountDelete', { id })).toMatchObject([
      { code: 'IN_USE', message: expect.stringContaining('1 devices'), path: ['input', 'force'] },
    ]);
    const gone = await doors.mutate('depAccountDelete', { id, force: true }, 'deletedDepAccountId');
    expect(gone.deletedDepAccountId).toBe(id);
    const after = await doors.server.data(
      `{ depAccounts { nodes { id } } depDevices { nodes { serialNumber } }
         devices { nodes { serialNumber dep { removedAt account { id } } } } }`,
    );
    expect(after).toEqual({
      depAccounts: { nodes: [] },
      depDevices: { nodes: [] },
      devices: { nodes: [{ serialNumber: 'A1', dep: { removedAt: expect.any(String), account: null } }] },
    });
    // Another account for the same server knows them again.
    await doors.settle(await doors.account('Again'));
    const again = await doors.server.data(
      '{ depDevices { nodes { account { name } } } devices { totalCount } }',
    );
    expect(again).toEqual({
      depDevices: { nodes: [{ account: { name: 'Again' } }] },
      devices: { totalCount: 1 },
    });
  });

  it('are the affair of administrators; operators sync', async () => {
    const id = await doors.account();
    const operator = await doors.token('OPERATOR');
    const mutation = 'mutation { depAccountCreate(input: { name: "x" }) { userErrors { code } } }';
    const { errors } = await doors.server.graphql(mutation, {}, operator);
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await doors.refused('depAccountSync', { id }, operator)).toEqual([]);
  });
});
