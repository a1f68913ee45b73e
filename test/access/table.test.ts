import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import type { GraphQLField } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { Role, Scope } from '../../src/entities/enums.js';
import { createLog } from '../../src/log.js';
import { permissionsPage, permissionTable, type PermissionEntry } from '../../src/permissions-page.js';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';
import { commandRoutes } from '../../src/rest/neighbours/routes.js';
import { restRoutes } from '../../src/rest/routes.js';
import { permissionsOf, PERMISSIONS, type Grant, type Permission } from '../../src/services/access.js';
import { ADMIN } from '../support/principal.js';
import { useWorld } from '../graphql/world.js';

const schema = buildPomonaSchema();
const TABLE = permissionTable(schema);
const rest = TABLE.filter(({ door }) => door === 'REST');

/** Mutations that only tell what would be. */
const PREVIEWS = new Set(['Mutation.workflowPlan']);
/** What is read with more than `read`. */
const GUARDED: Record<string, Permission> = {
  'Query.apiTokens': 'tokens.write',
};

describe('the permission table', () => {
  it('is the page docs/permissions.md (npm run docs)', () => {
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionsPage(schema));
  });

  it('has every root field of the schema, once', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
    );
    const listed = TABLE.filter(({ door }) => door !== 'REST').map(({ name }) => name);
    expect(listed.sort()).toEqual(fields.sort());
  });

  it('lets nothing be changed by who may only read, and nothing be read by who may only write', () => {
    const reads = ({ name }: PermissionEntry): boolean =>
      /^(Query|Subscription|GET)\b/.test(name) || PREVIEWS.has(name);
    const wrong = TABLE.filter((entry) =>
      reads(entry) ? entry.permission !== (GUARDED[entry.name] ?? 'read') : entry.permission === 'read',
    );
    expect(wrong).toEqual([]);
  });

  it('has one holder at least for every permission, and says which in the page', () => {
    const page = permissionsPage(schema);
    for (const permission of PERMISSIONS) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${permission}\` |`));
      expect(row).toMatch(/ADMIN|the scope (SECRETS|DESTRUCTIVE)/);
      expect(row?.split('|')[3]?.trim()).not.toBe('');
    }
  });
});

describe('roles and scopes', () => {
  const everyday: Permission[] = ['read', 'catalog.write', 'devices.write', 'devices.push', 'commands.write'];
  it.each<[Grant, Permission[]]>([
    [{ role: Role.VIEWER, scopes: [] }, ['read']],
    [{ role: Role.VIEWER, scopes: [Scope.SECRETS] }, ['read', 'secrets.read']],
    // Cannot be made; should one be there all the same, it is good for nothing.
    [{ role: Role.VIEWER, scopes: [Scope.DESTRUCTIVE] }, ['read']],
    [{ role: Role.OPERATOR, scopes: [] }, everyday],
    [{ role: Role.OPERATOR, scopes: [Scope.DESTRUCTIVE] }, [...everyday, 'commands.destructive']],
    [{ role: Role.ADMIN, scopes: [] }, [...everyday, 'tokens.write', 'certificates.write']],
    [{ role: Role.ADMIN, scopes: [Scope.DESTRUCTIVE, Scope.SECRETS] }, [...PERMISSIONS]],
  ])('%j → %j', (grant, permissions) => {
    expect(permissionsOf(grant)).toEqual(permissions);
  });
});

/** What describes the API is for everyone. */
const OPEN = /^(GET|HEAD) \/management\/v1\/(openapi\.json|docs)/;

/** A caller who has every permission but this. */
function without(permission: Permission): Grant | undefined {
  if (permission === 'secrets.read') return { role: Role.ADMIN, scopes: [Scope.DESTRUCTIVE] };
  if (permission === 'commands.destructive') return { role: Role.ADMIN, scopes: [Scope.SECRETS] };
  if (permission === 'tokens.write' || permission === 'certificates.write')
    return { role: Role.OPERATOR, scopes: [...ADMIN.scopes] };
  return permission === 'read' ? undefined : { role: Role.VIEWER, scopes: [Scope.SECRETS] };
}

describe('every root field', () => {
  const fieldOf = ({ door, name }: PermissionEntry): GraphQLField<unknown, unknown> => {
    const root = {
      Query: schema.getQueryType(),
      Mutation: schema.getMutationType(),
      Subscription: schema.getSubscriptionType(),
      REST: undefined,
    }[door];
    return root!.getFields()[name.split('.')[1]!]!;
  };

  it.each(TABLE.filter(({ door }) => door !== 'REST'))('$name needs $permission', (entry) => {
    const field = fieldOf(entry);
    expect(field.description).toContain(`Needs the permission ${entry.permission}.`);
    const ask = (principal: object | undefined): unknown =>
      (entry.door === 'Subscription' ? field.subscribe : field.resolve)?.(
        undefined,
        {},
        { principal, services: {} },
        undefined as never,
      );
    expect(() => ask(undefined)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    const stranger = without(entry.permission);
    if (stranger === undefined) return;
    expect(() => ask({ ...ADMIN, ...stranger })).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining(entry.permission) }),
    );
  });
});

describe('every REST route', () => {
  const world = useWorld('sqlite');
  const tokens = new Map<Permission, string>();
  beforeAll(async () => {
    for (const permission of new Set(rest.map((entry) => entry.permission))) {
      const grant = without(permission);
      if (grant !== undefined) tokens.set(permission, await world.token(grant.role, [...grant.scopes]));
    }
  });

  const call = async (name: string, token?: string): Promise<{ status: number; text: string }> => {
    const [method = '', path = ''] = name.split(' ');
    const address = path.replaceAll(/:[a-z]+/gi, '00000000-0000-4000-8000-000000000000');
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(world.server.url + address, { method, headers });
    return { status: response.status, text: await response.text() };
  };

  it.each(rest)('$name is closed without a token, and open to who has $permission', async ({ name }) => {
    expect(await call(name)).toMatchObject({ status: 401 });
    expect([401, 403, 405]).not.toContain((await call(name, world.server.token)).status);
  });

  const restricted = rest.filter(({ permission }) => permission !== 'read');
  it.each(restricted)('$name is refused to who has all but $permission', async ({ name, permission }) => {
    const refused = await call(name, tokens.get(permission));
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([403, 'FORBIDDEN']);
    expect(refused.text).toContain(permission);
  });

  it('is in the table: what else is registered is no route, or open to all', async () => {
    const app = fastify();
    const registered = new Set<string>();
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) registered.add(`${one} ${url}`);
    });
    const door = { services: world.server.app.services, log: createLog('silent') };
    await app.register(restRoutes(door), { prefix: '/management/v1' });
    await app.register(commandRoutes(door), { prefix: '/mdm/commands' });
    await app.close();
    const listed = new Set(rest.map(({ name }) => name));
    for (const { name } of rest) expect(registered).toContain(name);
    for (const name of registered) {
      if (listed.has(name) || listed.has(name.replace(/^HEAD/, 'GET'))) continue;
      const expected = OPEN.test(name) ? 200 : 405;
      expect([name, (await call(name, world.server.token)).status]).toEqual([name, expected]);
    }
  });
});
