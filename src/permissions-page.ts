import { isEnumType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { permissionOf } from './resolvers/requires.js';
import { COMMAND_ROUTES } from './rest/neighbours/routes.js';
import type { Route } from './rest/route.js';
import { OPERATIONS } from './rest/routes.js';
import { PERMISSIONS, rolesWith, scopeWith, type Permission } from './services/access.js';
import { DESTRUCTIVE } from './services/commands/destructive.js';
import { SECRET_ANSWERS } from './services/commands/secret-answers.js';

/** One thing that can be asked of the API, and the permission without which it is refused. */
export interface PermissionEntry {
  readonly door: 'Query' | 'Mutation' | 'Subscription' | 'REST';
  /** `Query.devices`, `GET /management/v1/devices`. */
  readonly name: string;
  readonly permission: Permission;
}

/** Every root field, subscription and REST route, as they are served: each states its permission where it is declared. */
export function permissionTable(schema: GraphQLSchema): PermissionEntry[] {
  return [
    ...fieldsOf('Query', schema.getQueryType()),
    ...fieldsOf('Mutation', schema.getMutationType()),
    ...fieldsOf('Subscription', schema.getSubscriptionType()),
    ...routesOf('/management/v1', OPERATIONS),
    ...routesOf('/mdm/commands', COMMAND_ROUTES),
  ];
}

function fieldsOf(
  door: Exclude<PermissionEntry['door'], 'REST'>,
  type: GraphQLObjectType | null | undefined,
): PermissionEntry[] {
  return Object.values(type?.getFields() ?? {})
    .map((field) => ({ door, name: `${door}.${field.name}`, permission: permissionOf(field) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function routesOf(prefix: string, routes: readonly Route[]): PermissionEntry[] {
  return routes.map(({ method, path, permission }) => {
    const address = path === '/' ? prefix : `${prefix}${path}`;
    return { door: 'REST', name: `${method} ${address}`, permission };
  });
}

/** The page of who may do what, made from the table. */
export function permissionsPage(schema: GraphQLSchema): string {
  const table = permissionTable(schema);
  const section = (title: string, door: PermissionEntry['door']): string =>
    `## ${title}\n\n| what | permission |\n| --- | --- |\n${rowsOf(table, door)}\n`;
  return [
    HEAD,
    `| permission | roles, or scope | what it is |\n| --- | --- | --- |\n${permissionRows(schema)}\n`,
    SCOPES,
    section('Queries', 'Query'),
    section('Mutations', 'Mutation'),
    section('Subscriptions', 'Subscription'),
    section('REST', 'REST'),
    BY_OBJECT,
    `${Object.entries(DESTRUCTIVE).map(destructiveRow).join('\n')}\n`,
    OPEN,
  ].join('\n');
}

function rowsOf(table: readonly PermissionEntry[], door: PermissionEntry['door']): string {
  return table
    .filter((entry) => entry.door === door)
    .map(({ name, permission }) => `| \`${name}\` | ${permission} |`)
    .join('\n');
}

/** The descriptions are those of the schema's enum, each without the name it begins with. */
function permissionRows(schema: GraphQLSchema): string {
  const type = schema.getType('Permission');
  const values = isEnumType(type) ? type.getValues() : [];
  return PERMISSIONS.map((permission) => {
    const described = values.find(({ value }) => value === permission)?.description ?? '';
    const scope = scopeWith(permission);
    const holders = scope === undefined ? rolesWith(permission).join(', ') : `the scope ${scope}`;
    return `| \`${permission}\` | ${holders} | ${described.replace(`${permission}: `, '')} |`;
  }).join('\n');
}

function destructiveRow([requestType, what]: [string, string]): string {
  return `| \`${requestType}\` | ${what} |`;
}

const HEAD = `# Who may do what

An API token has a role (VIEWER, OPERATOR, ADMIN) and may have scopes (SECRETS, DESTRUCTIVE). Both give it permissions, and
everything that can be asked names the one it needs. This page is generated from where they are declared (\`npm run docs\`); a test
keeps it so. Without a token everything below is \`UNAUTHENTICATED\`, without the permission \`FORBIDDEN\`: by REST with 401 and 403, in
GraphQL as the error of the field.
`;

const SCOPES = `No role has a scope by itself, and a token made without \`scopes\` has none. The token of the first start and
\`POMONA_ADMIN_TOKEN\` have both. A token gives others only scopes that it has itself; a VIEWER cannot have DESTRUCTIVE. Tokens made
before there were scopes kept what they could do: an ADMIN or OPERATOR has both, a VIEWER none. (SECRETS shows them the tokens of
devices as well, which no API showed before. They could have had a device send its unlock token, and read the answer.)
`;

const BY_OBJECT = `## What depends on the object

Decided by the services, once they know what it is about:

| what | permission |
| --- | --- |
| \`Command.request\`, \`Command.payload\` | secrets.read, or null |
| \`Command.result\` of ${[...SECRET_ANSWERS].map((type) => `\`${type}\``).join(', ')} | secrets.read, or null |
| \`Device.securityInfo\`: FileVault's personal recovery key in it | secrets.read, or left out |
| \`Profile.content\`; \`payload_data\` and \`profile_data\` of REST | secrets.read, or null; in REST left out |
| \`push_magic\`, \`token\` and \`unlock_token\` of a device in REST. Who is shown an unlock token is noted in the log | secrets.read, or left out |
| \`GET /mdm/commands/:udid/next\`: what the command carries | secrets.read, or left out |
| \`node\` and \`nodes\` with the id of an API token | tokens.write |
| \`apiTokenCreate\` with a scope | the scope itself |
| Sending one of the commands below, whatever it is sent by: name, property list, mutation of its own, or REST | commands.destructive |

Destructive commands:

| command | what it does |
| --- | --- |`;

const OPEN = `## What needs no token

The introspection of the schema and \`/schema.graphql\`; \`/graphiql\`; \`/management/v1/openapi.json\` and
\`/management/v1/docs\`; \`/healthz\`, \`/readyz\` and \`/_version\`. \`/metrics\` and \`/_metrics\` take \`read\`, unless
\`POMONA_METRICS_PUBLIC\` says otherwise. Devices prove who they are by their certificates (\`/mdm/checkin\`, \`/mdm/connect\`).
`;
