import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../support/server.js';
import { ADMIN_TOKEN } from '../support/server.js';
import { closeDevices } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { newKey, ScepClient, someKey } from '../scep-door/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { DAY, habit, hashOf, linked, OPTIONS, type Linked } from '../renewal/kit.js';

onBothDatabases('Identity certificates by GraphQL', (name) => {
  const mdm = useMdm(name, { ...OPTIONS, ADMIN_TOKEN });
  let one: Linked;
  let other: Linked;
  beforeAll(async () => {
    [one, other] = [await linked(mdm), await linked(mdm)];
    await new ScepClient(mdm).identity(someKey());
  });
  afterAll(closeDevices);

  async function ask(
    query: string,
    variables: Record<string, unknown> = {},
    token = ADMIN_TOKEN,
  ): Promise<Json> {
    const response = await fetch(`${mdm.app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }
  const data = async (query: string, variables: Record<string, unknown> = {}): Promise<Json> => {
    const answer = await ask(query, variables);
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  const idOf = async ({ uuid }: Linked): Promise<string> =>
    (await data('query ($uuid: UUID!) { device(by: { uuid: $uuid }) { id } }', { uuid })).device.id;
  const found = async (filter: Record<string, unknown>): Promise<Json[]> =>
    (
      await data(
        'query ($filter: IdentityCertificateFilter) { identityCertificates(first: 50, filter: $filter) { nodes { sha256 status } } }',
        { filter },
      )
    ).identityCertificates.nodes;
  const REVOKE = `mutation ($input: IdentityCertificateRevokeInput!) {
    identityCertificateRevoke(input: $input) { revoked { sha256 status revokedAt device { id } } userErrors { code message path } }
  }`;
  const RENEW = `mutation ($deviceIds: [ID!]!) {
    deviceRenewIdentity(input: { deviceIds: $deviceIds }) {
      results { deviceId command { requestType source status } error { code } } userErrors { code path }
    }
  }`;

  it('shows one by id, hash and node, with its device, profile and PEM', async () => {
    const sha256 = hashOf(one.device.identity);
    const fields = `id sha256 serial subject status notBefore notAfter daysLeft issuedAt revokedAt pem
      device { id } enrollmentProfile { uuid } renewalOf { id }`;
    const { identityCertificate: shown } = await data(
      `query ($sha256: String!) { identityCertificate(by: { sha256: $sha256 }) { ${fields} } }`,
      { sha256: sha256.toUpperCase() },
    );
    expect(shown).toMatchObject({
      sha256,
      status: 'BOUND',
      daysLeft: 89,
      revokedAt: null,
      pem: one.device.identity.certPem,
      device: { id: await idOf(one) },
      enrollmentProfile: { uuid: one.profileUuid },
      renewalOf: null,
    });
    const again = await data(
      `query ($id: ID!) { identityCertificate(by: { id: $id }) { ${fields} } node(id: $id) { ... on IdentityCertificate { ${fields} } } }`,
      { id: shown.id },
    );
    expect([again.identityCertificate, again.node]).toEqual([shown, shown]);
    const none = await data('{ identityCertificate(by: { sha256: "00" }) { id } }');
    expect(none.identityCertificate).toBeNull();
  });

  it('lists them newest first, page by page, and finds them by status, device, end and number', async () => {
    const first = await data(
      '{ identityCertificates(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { status } } }',
    );
    expect(first.identityCertificates).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(first.identityCertificates.nodes.map(({ status }: Json) => status)).toEqual(['ISSUED', 'BOUND']);
    const after = first.identityCertificates.pageInfo.endCursor;
    const next = await data(
      'query ($after: String) { identityCertificates(first: 2, after: $after) { pageInfo { hasNextPage } nodes { sha256 } } }',
      { after },
    );
    expect(next.identityCertificates).toEqual({
      pageInfo: { hasNextPage: false },
      nodes: [{ sha256: hashOf(one.device.identity) }],
    });
    expect(await found({ statuses: ['ISSUED'] })).toHaveLength(1);
    expect(await found({ statuses: ['BOUND', 'ISSUED'] })).toHaveLength(3);
    expect(await found({ statuses: [] })).toEqual([]);
    const ofOne = [{ sha256: hashOf(one.device.identity), status: 'BOUND' }];
    expect(await found({ deviceId: await idOf(one) })).toEqual(ofOne);
    const colons = ofOne[0]!.sha256
      .toUpperCase()
      .replaceAll(/..(?=.)/g, '$&:')
      .slice(0, 29);
    expect(await found({ search: colons })).toEqual(ofOne);
    const { identityCertificate } = await data(
      'query ($sha256: String!) { identityCertificate(by: { sha256: $sha256 }) { serial } }',
      ofOne[0],
    );
    expect(await found({ search: identityCertificate.serial.toUpperCase() })).toEqual(ofOne);
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ expiresBefore: new Date(mdm.now() + 80 * DAY * 1_000) })).toEqual([]);
    expect(await found({ expiresBefore: new Date(mdm.now() + 91 * DAY * 1_000) })).toHaveLength(3);
  });

  it('shows those of many devices in as many statements as those of one', async () => {
    const query = `query ($n: Int!) { devices(first: $n) { nodes { identityCertificates(first: 2) { totalCount nodes { sha256 device { id } enrollmentProfile { name } renewalOf { sha256 } } } } } }`;
    const counted = async (n: number): Promise<number> => {
      let statements = 0;
      mdm.app.database.onStatement = (sql) =>
        void (statements += /FROM .?(devices|identities|issued_certificates|enrollment_profiles)/.test(sql)
          ? 1
          : 0);
      const { devices } = await data(query, { n });
      mdm.app.database.onStatement = undefined;
      expect(devices.nodes.map(({ identityCertificates }: Json) => identityCertificates.totalCount)).toEqual(
        Array(n).fill(1),
      );
      return statements;
    };
    expect(await counted(2)).toBe(await counted(1));
  });

  it('renews now: one command, which waits and is not sent twice', async () => {
    const ids = [await idOf(one), await idOf(other), 'nonsense'];
    const { deviceRenewIdentity: first } = await data(RENEW, { deviceIds: ids });
    expect(first.results.map(({ command, error }: Json) => [command?.requestType, error?.code])).toEqual([
      ['InstallProfile', undefined],
      ['InstallProfile', undefined],
      [undefined, 'BAD_USER_INPUT'],
    ]);
    expect(first.userErrors).toMatchObject([{ path: ['input', 'deviceIds', '2'] }]);
    await data(RENEW, { deviceIds: ids.slice(0, 1) });
    expect(await mdm.queueOf(one.uuid)).toHaveLength(1);
    habit(other.device, { scep: { key: newKey() } });
    await other.device.connect();
    const [renewed, former] = await found({ deviceId: await idOf(other) });
    expect([renewed.status, former.status]).toEqual(['BOUND', 'RETIRING']);
    const { identityCertificate } = await data(
      'query ($sha256: String!) { identityCertificate(by: { sha256: $sha256 }) { renewalOf { sha256 } enrollmentProfile { uuid } } }',
      renewed,
    );
    expect(identityCertificate).toEqual({
      renewalOf: { sha256: former.sha256 },
      enrollmentProfile: { uuid: other.profileUuid },
    });
  });

  it('revokes the whole lineage, says what, and the device door refuses it from then on', async () => {
    const [renewed, former] = await found({ deviceId: await idOf(other) });
    expect((await other.device.idle()).status).toBe(200);
    const { identityCertificateRevoke: done } = await data(REVOKE, { input: { sha256: former.sha256 } });
    expect(done.userErrors).toEqual([]);
    expect(
      done.revoked.map(({ sha256, status, device }: Json) => [sha256, status, device.id]).toSorted(),
    ).toEqual([renewed, former].map(({ sha256 }) => [sha256, 'REVOKED', expect.any(String)]).toSorted());
    expect((await other.device.idle()).status).toBe(400);
    expect(await found({ statuses: ['REVOKED'] })).toHaveLength(2);
    const again = await data(REVOKE, { input: { sha256: former.sha256 } });
    expect(again.identityCertificateRevoke).toEqual({ revoked: [], userErrors: [] });
    for (const [input, code] of [
      [{ sha256: 'ff'.repeat(32) }, 'NOT_FOUND'],
      [{ sha256: 'ff' }, 'BAD_USER_INPUT'],
      [{}, 'BAD_USER_INPUT'],
      [{ sha256: 'ff', id: 'x' }, 'BAD_USER_INPUT'],
    ] as const) {
      const refused = await data(REVOKE, { input });
      expect(refused.identityCertificateRevoke).toMatchObject({ revoked: null, userErrors: [{ code }] });
    }
  });

  it('lets operators renew, and admins alone revoke', async () => {
    const token = async (role: string): Promise<string> =>
      (await data(`mutation { apiTokenCreate(input: { name: "${role}", role: ${role} }) { token } }`))
        .apiTokenCreate.token;
    const [operator, viewer] = [await token('OPERATOR'), await token('VIEWER')];
    const [revoke, renew] = [{ input: { sha256: 'ff' } }, { deviceIds: [await idOf(one)] }];
    const codes = async (query: string, variables: Record<string, unknown>, as: string) =>
      (await ask(query, variables, as)).errors?.[0].extensions.code;
    expect([await codes(REVOKE, revoke, operator), await codes(REVOKE, revoke, viewer)]).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    expect([await codes(RENEW, renew, operator), await codes(RENEW, renew, viewer)]).toEqual([
      undefined,
      'FORBIDDEN',
    ]);
  });

  it('tells what has ended and what was archived', async () => {
    mdm.advance(91 * DAY);
    expect(await found({ statuses: ['EXPIRED'] })).toHaveLength(2);
    expect(await found({ statuses: ['BOUND', 'ISSUED', 'STAGED', 'RETIRING', 'ARCHIVED'] })).toEqual([]);
  });
});
