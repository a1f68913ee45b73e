import { toGlobalId } from '../../src/resolvers/plumbing/global-id.js';
import type { Mdm } from '../mdm/kit.js';
import type { GraphqlAnswer, Json } from '../support/server.js';

export const ADMIN_TOKEN = 'idempotency-admin-token-0123456789';
const RESULTS: Readonly<Record<string, string>> = {
  commandSend: 'deviceId command { id uuid } error { code message path }',
  devicePush: 'deviceId push { id uuid } error { code message path }',
  deviceAssignWorkflow: 'deviceId device { workflow { id } } error { code message path }',
  deploymentRetry: 'deviceId retried error { code message path }',
  deviceRestart: 'deviceId command { id uuid } error { code message path }',
  deviceRefresh: 'deviceId commands { uuid } error { code message path }',
};

/** One mutation over HTTP, at any process, with any token. Returns its payload. */
export async function mutate(at: string, field: string, input: object, token = ADMIN_TOKEN): Promise<Json> {
  const answer = await post(at, field, input, token);
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data.it;
}

export async function post(
  at: string,
  field: string,
  input: object,
  token = ADMIN_TOKEN,
): Promise<GraphqlAnswer> {
  const Input = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${Input}!) {
    it: ${field}(input: $input) { results { ${RESULTS[field]} } userErrors { code message path } }
  }`;
  const response = await fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
}

export const deviceId = (uuid: string): string => toGlobalId('Device', uuid);
export const newKey = (): string => crypto.randomUUID();

/** How many rows of a table are a device's. */
export async function countOf(mdm: Mdm, table: string, uuid: string): Promise<number> {
  const [row] = await mdm.query<{ n: number | string }>(
    `SELECT COUNT(*) AS n FROM ${table} WHERE device_uuid = ?`,
    [uuid],
  );
  return Number(row?.n);
}

export async function keysKept(mdm: Mdm): Promise<number> {
  return Number(
    (await mdm.query<{ n: number | string }>('SELECT COUNT(*) AS n FROM idempotency_keys'))[0]?.n,
  );
}
