import { ADMIN_TOKEN } from './bench.js';
import type { Client, Request } from './client.js';

/** A GraphQL request, ready to be sent as often as one likes. */
export function graphqlRequest(query: string, variables: Record<string, unknown> = {}): Request {
  const body = Buffer.from(JSON.stringify({ query, variables }));
  const headers = {
    authorization: `Bearer ${ADMIN_TOKEN}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  return { method: 'POST', path: '/graphql', headers, body };
}

/** Sends one operation. @throws when it has errors, in `errors` or in a payload's `userErrors` */
export async function graphql<T>(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const answer = (await client.send(graphqlRequest(query, variables))).toString('utf8');
  const { data, errors } = JSON.parse(answer) as { data: T; errors?: unknown };
  const refused = Object.values(data ?? {}).some((payload) => hasUserErrors(payload));
  if (errors !== undefined || refused) throw new Error(`GraphQL refused: ${answer.slice(0, 2_000)}`);
  return data;
}

function hasUserErrors(payload: unknown): boolean {
  const { userErrors } = (payload ?? {}) as { userErrors?: unknown[] };
  return userErrors !== undefined && userErrors.length > 0;
}

/** The global ids of all devices, by UDID. */
export async function deviceIds(client: Client): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const query = `query ($after: String) { devices(first: 100, after: $after) { nodes { id udid } pageInfo { endCursor hasNextPage } } }`;
  for (let after: string | null = null, more = true; more;) {
    const { devices }: { devices: DevicePage } = await graphql(client, query, { after });
    for (const { id, udid } of devices.nodes) ids.set(udid, id);
    ({ endCursor: after, hasNextPage: more } = devices.pageInfo);
  }
  return ids;
}

interface DevicePage {
  nodes: { id: string; udid: string }[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}
