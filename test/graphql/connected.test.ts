import { once } from 'node:events';
import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { SocketClient } from '../support/socket-client.js';
import { useWorld } from './world.js';

const CREATE = `mutation ($input: ApiTokenCreateInput!) {
  apiTokenCreate(input: $input) { token apiToken { id uuid } userErrors { message } }
}`;

onBothDatabases('a connection', (name) => {
  const world = useWorld(name);
  const made = async (expiresAt?: Date) => {
    const input = { name: 'short', role: 'VIEWER', ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
    const { apiTokenCreate } = await world.server.data(CREATE, { input });
    return apiTokenCreate as { token: string; apiToken: { id: string; uuid: string } };
  };
  const closeOf = async (client: SocketClient): Promise<number> => {
    const [code] = (await once(client.socket, 'close')) as [number];
    return code;
  };

  it('that is idle is closed when its token expires, 4403', async () => {
    const expiresAt = new Date(Date.now() + 700);
    const { token } = await made(expiresAt);
    const client = await world.socket(token);
    client.start('subscription { commandUpdated { status } }');
    expect(await closeOf(client)).toBe(4403);
    expect(Date.now() - expiresAt.getTime()).toBeGreaterThanOrEqual(0);
    expect(Date.now() - expiresAt.getTime()).toBeLessThan(1_000);
    await expect(world.socket(token)).rejects.toThrow('4403');
  });

  it('that is idle is closed at once when its token is revoked here; others stay', async () => {
    const { token, apiToken } = await made();
    const [client, other] = [await world.socket(token), await world.socket()];
    const response = await fetch(`${world.server.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ query: 'subscription { commandUpdated { status } }' }),
    });
    const closed = closeOf(client);
    const began = performance.now();
    await world.server.app.services.tokens.revoke(apiToken.uuid);
    expect(await closed).toBe(4403);
    const text = await response.text();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(text).toContain('UNAUTHENTICATED');
    expect(text).toMatch(/event: complete\ndata: ?\n\n$/);
    expect(await other.start('{ viewer { name } }').data()).toBeTruthy();
  });

  it('is closed within seconds when another process revokes its token, or changes what it may do', async () => {
    const tokens = [await made(), await made()];
    const clients = await Promise.all(tokens.map(({ token }) => world.socket(token)));
    const closed = Promise.all(clients.map(closeOf));
    const { database } = world.server.app;
    const [revoked, changed] = tokens.map(({ apiToken }) => apiToken.uuid);
    const statements: string[] = [];
    database.onStatement = (sql) => void (/FROM api_tokens WHERE uuid IN/.test(sql) && statements.push(sql));
    await database.run('UPDATE api_tokens SET revoked_at = ? WHERE uuid = ?', [Date.now(), revoked!]);
    await database.run(`UPDATE api_tokens SET role = 'OPERATOR' WHERE uuid = ?`, [changed!]);
    expect(await closed).toEqual([4403, 4403]);
    database.onStatement = undefined;
    // One statement at a time for all that are connected.
    expect(statements.length).toBeLessThanOrEqual(2);
  });

  it('of a token beyond its hundredth is refused with 1013, until one is closed', async () => {
    const { token } = await made();
    const clients = await Promise.all(Array.from({ length: 100 }, () => world.socket(token)));
    await expect(world.socket(token)).rejects.toThrow('1013');
    const answer = await fetch(`${world.server.url}/graphql/stream?query={viewer{name}}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    expect(answer.status).toBe(429);
    await answer.text();
    await clients[0]!.close();
    await expect
      .poll(() =>
        world.socket(token).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    for (const client of clients) client.socket.terminate();
  });
});
