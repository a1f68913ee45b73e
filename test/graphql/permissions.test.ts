import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/server.js';
import { useWorld } from './world.js';

describe('permissions', () => {
  const world = useWorld('sqlite');

  it('refuse every field to those without a token, but describe the schema to them', async () => {
    const { errors, data } = await world.server.graphql('{ viewer { name } }', {}, null);
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    const described = await world.server.graphql('{ __schema { queryType { name } } }', {}, null);
    expect(described.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  it('answer 401 to a token that does not work', async () => {
    const { status, errors } = await world.server.graphql(
      '{ viewer { name } }',
      {},
      'no-such-token-0123456789',
    );
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('take the token as a Basic password as well', async () => {
    const response = await fetch(`${world.server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`anyone:${ADMIN_TOKEN}`).toString('base64')}`,
      },
      body: JSON.stringify({ query: '{ viewer { role permissions } }' }),
    });
    expect(await response.json()).toMatchObject({
      data: { viewer: { role: 'ADMIN', permissions: expect.arrayContaining(['READ', 'TOKENS_WRITE']) } },
    });
  });

  it.each([
    ['VIEWER', '{ server { version } }', undefined],
    ['VIEWER', '{ apiTokens { nodes { name } } }', 'FORBIDDEN'],
    ['VIEWER', 'mutation { workflowCreate(input: { name: "w" }) { workflow { id } } }', 'FORBIDDEN'],
    ['VIEWER', 'mutation { devicePush(input: { deviceIds: [] }) { results { deviceId } } }', 'FORBIDDEN'],
    [
      'VIEWER',
      'mutation { commandCancel(input: { commandIds: [] }) { results { commandId } } }',
      'FORBIDDEN',
    ],
    [
      'VIEWER',
      'mutation { deploymentRetry(input: { deviceIds: [] }) { results { deviceId } } }',
      'FORBIDDEN',
    ],
    ['VIEWER', 'mutation { workflowPlan(input: { deviceIds: [] }) { results { deviceId } } }', undefined],
    ['OPERATOR', 'mutation { workflowCreate(input: { name: "w" }) { workflow { id } } }', undefined],
    [
      'OPERATOR',
      'mutation { commandCancel(input: { commandIds: [] }) { results { commandId } } }',
      undefined,
    ],
    ['OPERATOR', 'mutation { apiTokenCreate(input: { name: "t", role: ADMIN }) { token } }', 'FORBIDDEN'],
    ['ADMIN', '{ apiTokens { nodes { name } } }', undefined],
  ] as const)('%s: %s → %s', async (role, query, code) => {
    const { errors } = await world.server.graphql(query, {}, await world.token(role));
    expect(errors?.[0]?.extensions['code']).toBe(code);
  });

  it('hold for what a payload leads to', async () => {
    const query =
      'mutation { workflowCreate(input: { name: "x" }) { query { viewer { name } apiTokens { nodes { id } } } } }';
    const { errors } = await world.server.graphql(query, {}, await world.token('OPERATOR'));
    expect(errors?.map((error) => [error.path?.join('.'), error.extensions['code']])).toEqual([
      ['workflowCreate.query.apiTokens', 'FORBIDDEN'],
    ]);
  });

  it('hide from viewers what profiles carry', async () => {
    await world.profile('org.example.secret');
    const query = '{ profile(by: { payloadIdentifier: "org.example.secret" }) { size content } }';
    expect((await world.server.data(query)).profile.content).toMatch(/^PD94bWwg/);
    const { data } = await world.server.graphql(query, {}, await world.token('VIEWER'));
    expect(data.profile).toEqual({ size: expect.any(Number), content: null });
  });

  it('keep sockets out, let them in, and end them with their token', async () => {
    await expect(world.socket(null)).rejects.toThrow('4403');
    await expect(world.socket('no-such-token-0123456789')).rejects.toThrow('4403');
    const { createToken } = await world.server.data(
      'mutation { createToken: apiTokenCreate(input: { name: "short", role: VIEWER }) { token apiToken { id } } }',
    );
    const socket = await world.socket(createToken.token);
    const operation = socket.start('{ viewer { role } }');
    expect(await operation.data()).toEqual({ viewer: { role: 'VIEWER' } });
    expect(
      await socket.start('mutation { workflowDelete(input: { id: "x" }) { userErrors { code } } }').message(),
    ).toMatchObject({
      type: 'next',
      payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
    const revoke = 'mutation ($id: ID!) { apiTokenRevoke(input: { id: $id }) { apiToken { revokedAt } } }';
    const { apiTokenRevoke } = await world.server.data(revoke, { id: createToken.apiToken.id });
    expect(apiTokenRevoke.apiToken.revokedAt).not.toBeNull();
    const closed = new Promise<number>((resolve) => socket.socket.on('close', resolve));
    const ask = setInterval(() => socket.start('{ viewer { role } }'), 50);
    expect(await closed).toBe(4403);
    clearInterval(ask);
  });
});
