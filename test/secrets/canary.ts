import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import {
  buildSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLOutputType,
} from 'graphql';
import type { Store } from '../support/databases.js';

/** Something that must be found nowhere: its name, and its bytes as its owner has them. */
export interface Canary {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Long enough that it is nowhere by chance. */
const LEAST_BYTES = 12;

/** The forms in which a secret could lie somewhere: as it is, hexadecimal, base64 and base64url, wherever in a text it stands. */
export function formsOf({ name, bytes }: Canary): Buffer[] {
  if (bytes.length < LEAST_BYTES) throw new Error(`${name} is too short to be looked for`);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The letters at either end hold bits of what stands beside it.
    return text.slice(before === 0 ? 0 : before + 1, -1);
  });
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const texts = new Set([hex, hex.toUpperCase(), ...base64, ...base64url]);
  return [bytes, ...[...texts].map((text) => Buffer.from(text, 'latin1'))];
}

/** The canaries that are in a haystack, each with the place. */
export function sightings(place: string, haystack: Buffer, canaries: readonly Canary[]): string[] {
  const found = seen(haystack, canaries);
  return canaries.filter((canary) => found.has(canary)).map(({ name }) => `${name} in ${place}`);
}

/** One pass for all forms of all canaries, by their first three bytes: logs of a database have a hundred megabytes. */
function seen(haystack: Buffer, canaries: readonly Canary[]): Set<Canary> {
  const forms = canaries.flatMap((canary) => formsOf(canary).map((form) => ({ canary, form })));
  const byHead = Map.groupBy(forms, ({ form }) => form.readUIntBE(0, 3));
  const heads = new Uint8Array(1 << 24);
  for (const head of byHead.keys()) heads[head] = 1;
  const found = new Set<Canary>();
  let head = 0;
  for (let end = 0; end < haystack.length; end += 1) {
    head = ((head << 8) | haystack[end]!) & 0xffffff;
    if (heads[head] === 0 || end < 2) continue;
    for (const { canary, form } of byHead.get(head) ?? [])
      if (haystack.subarray(end - 2, end - 2 + form.length).equals(form)) found.add(canary);
  }
  return found;
}

/** The parts of a private key that only its owner knows. */
export function partsOf(
  name: string,
  key: { export(options: { format: 'jwk' }): Record<string, unknown> },
): Canary[] {
  const jwk = key.export({ format: 'jwk' });
  return ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((part) => {
    const value = jwk[part];
    return typeof value === 'string'
      ? [{ name: `${name} (${part})`, bytes: Buffer.from(value, 'base64url') }]
      : [];
  });
}

/** Every file in which the store of a test keeps anything, with the logs of the database. None when its server is elsewhere. */
export async function databaseFiles(store: Store): Promise<string[]> {
  if (store.url === undefined)
    return readdirSync(store.dataDir)
      .filter((one) => one.startsWith('pomona.sqlite'))
      .map((one) => join(store.dataDir, one));
  const connection = await mysql.createConnection(store.url);
  try {
    const [[{ home }]] = (await connection.query('SELECT @@datadir AS home')) as unknown as [
      [{ home: string }],
    ];
    if (!existsSync(home)) return [];
    const [tables] = (await connection.query('SHOW TABLES')) as unknown as [Record<string, string>[]];
    const names = tables.flatMap((row) => Object.values(row));
    // Writes what is only in memory, and holds it until the connection ends.
    await connection.query(`FLUSH TABLES ${names.join(', ')} FOR EXPORT`);
    await connection.query('UNLOCK TABLES');
    const schema = new URL(store.url).pathname.slice(1);
    const own = readdirSync(join(home, schema)).map((one) => join(home, schema, one));
    const shared = readdirSync(home).map((one) => join(home, one));
    return [...own, ...shared.filter((one) => statSync(one).isFile())];
  } finally {
    await connection.end();
  }
}

/** What of these is in which of the files. */
export function sightingsIn(files: readonly string[], canaries: readonly Canary[]): string[] {
  return files.flatMap((file) => sightings(file, readFileSync(file), canaries));
}

/** One operation for each field of Query that needs no argument, asking for every leaf down to a depth, no type inside itself. */
export function everyQuery(sdl: string, depth: number): Map<string, string> {
  const query = buildSchema(sdl).getQueryType();
  const queries = Object.values(query?.getFields() ?? {})
    .filter((field) => !field.args.some(isRequiredArgument))
    .map((field): [string, string] => [
      field.name,
      `query Every_${field.name} { ${asked(field, depth, ['Query'])} }`,
    ]);
  return new Map(queries);
}

function asked(field: GraphQLField<unknown, unknown>, depth: number, within: readonly string[]): string {
  const first = field.args.some(({ name }) => name === 'first') ? '(first: 3)' : '';
  return `${field.name}${first}${selection(field.type, depth, within)}`;
}

function selection(type: GraphQLOutputType, depth: number, within: readonly string[]): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return ' { __typename }';
  const inside = [...within, named.name];
  const fields = Object.values(named.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .filter(
      (field) =>
        isLeafType(getNamedType(field.type)) ||
        (depth > 0 && !inside.includes(getNamedType(field.type).name)),
    );
  return ` { __typename ${fields.map((field) => asked(field, depth - 1, inside)).join(' ')} }`;
}
