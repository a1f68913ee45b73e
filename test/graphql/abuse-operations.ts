/** An operation that must be refused, on whatever transport. */
export interface Abuse {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const nested = (field: string, levels: number, leaf = 'id'): string =>
  `${`${field} { nodes { `.repeat(levels)}${leaf}${' } }'.repeat(levels)}`;
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const workflow = (selection: string): string => `{ workflows(first: 1) { nodes { ${selection} } } }`;

function nestedObject(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

const SEND =
  'mutation ($p: JSON) { commandSend(input: { deviceIds: [], requestType: "DeviceLock", parameters: $p }) { results { deviceId } userErrors { code } } }';

const DEEP: readonly Abuse[] = [
  { name: 'workflows included in each other 20 deep', query: workflow(nested('includedWorkflows', 20)) },
  { name: 'the same, five deep', query: workflow(nested('includedWorkflows(first: 1)', 5)) },
  {
    name: 'the same through fragments',
    query: `${workflow('...F0')} ${times(12, (n) => `fragment F${n} on Workflow { includedWorkflows { nodes { ...F${n + 1} } } }`)} fragment F12 on Workflow { id }`,
  },
  {
    name: 'the same through inline fragments',
    query: workflow(`${'... on Workflow { includedWorkflows { nodes { '.repeat(8)}id${' } } }'.repeat(8)}`),
  },
  {
    name: 'the same under an alias for each level',
    query: workflow(`${times(8, (n) => `a${n}: includedWorkflows { nodes {`)} id ${'} }'.repeat(8)}`),
  },
  {
    name: 'the same below an interface',
    query: `query ($id: ID!) { node(id: $id) { ... on Workflow { ${nested('includedWorkflows', 9)} } } }`,
    variables: { id: 'V29ya2Zsb3c6MDE5YTAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw' },
  },
  { name: 'includers of includers', query: workflow(nested('includedBy', 9)) },
  {
    name: 'down and up again',
    query: workflow(
      `${'includedWorkflows { nodes { includedBy { nodes { '.repeat(6)}id${' } } } }'.repeat(6)}`,
    ),
  },
  {
    name: 'devices of the workflow of devices',
    query: `{ devices { nodes { ${'workflow { devices { nodes { '.repeat(6)}id${' } } }'.repeat(6)} } } }`,
  },
  {
    name: 'commands of the device of commands',
    query: `{ commands { nodes { ${'device { commands { nodes { '.repeat(6)}id${' } } }'.repeat(6)} } } }`,
  },
  {
    name: 'the query of a payload, again and again',
    query: `mutation { devicePush(input: { deviceIds: [] }) { query { devices { nodes { ${'workflow { devices { nodes { '.repeat(6)}id${' } } }'.repeat(6)} } } } } }`,
  },
  { name: 'braces without end', query: '{'.repeat(100_000) },
  {
    name: 'lists in lists of an argument',
    query: `{ nodes(ids: ${'['.repeat(5_000)}${']'.repeat(5_000)}) { id } }`,
  },
  {
    name: 'introspection of types of types',
    query: `{ __schema { types { ${'fields { type { '.repeat(12)}name${' } }'.repeat(12)} } } }`,
  },
  {
    name: 'ofType 40 deep',
    query: `{ __schema { types { ${'ofType { '.repeat(40)}name${' }'.repeat(40)} } } }`,
  },
  { name: 'variables 2,000 deep', query: SEND, variables: { p: nestedObject(2_000) } },
];

const WIDE: readonly Abuse[] = [
  { name: 'a thousand devices on a page', query: '{ devices(first: 1000) { nodes { id } } }' },
  { name: 'the last 101', query: '{ devices(last: 101) { nodes { id } } }' },
  { name: 'minus one', query: '{ devices(first: -1) { nodes { id } } }' },
  { name: 'none', query: '{ devices(first: 0) { nodes { id } } }' },
  { name: 'the first and the last', query: '{ devices(first: 1, last: 1) { nodes { id } } }' },
  { name: 'more than an Int', query: '{ devices(first: 99999999999) { nodes { id } } }' },
  { name: 'a page size that is text', query: '{ devices(first: "20") { nodes { id } } }' },
  {
    name: 'a hundred commands of a hundred devices, with everything',
    query:
      '{ devices(first: 100) { nodes { commands(first: 100) { nodes { id uuid status requestType device { id name } } } } } }',
  },
  {
    name: 'a hundred aliases of a list',
    query: `{ ${times(100, (n) => `a${n}: devices(first: 1) { nodes { id } }`)} }`,
  },
  { name: 'thirty-one aliases of a field', query: `{ viewer { ${times(31, (n) => `a${n}: name`)} } }` },
  {
    name: 'a hundred aliases of introspection',
    query: `{ ${times(100, (n) => `a${n}: __schema { types { name } }`)} }`,
  },
  {
    name: '100,000 ids at once',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 5_000 }, () => 'RGV2aWNlOng') },
  },
  {
    name: 'six mutations in one operation',
    query: `mutation { ${times(6, (n) => `a${n}: devicePush(input: { deviceIds: [] }) { results { deviceId } }`)} }`,
  },
  {
    name: 'fifty mutations in one operation',
    query: `mutation { ${times(50, (n) => `a${n}: devicePush(input: { deviceIds: [] }) { results { deviceId } }`)} }`,
  },
  {
    name: 'a command for 10,001 devices',
    query: `mutation ($ids: [ID!]!) { commandSend(input: { deviceIds: $ids, requestType: "RestartDevice" }) { results { deviceId command { id } } userErrors { code message } } }`,
    variables: { ids: Array.from({ length: 10_001 }, () => 'x') },
  },
  { name: 'a thousand unknown fields', query: `{ ${times(1_000, (n) => `field${n}`)} }` },
  {
    name: 'two subscriptions in one operation',
    query: 'subscription { deviceChanged { cursor } commandUpdated { cursor } }',
  },
];

const FRAGMENTS: readonly Abuse[] = [
  { name: 'a fragment in itself', query: '{ viewer { ...A } } fragment A on Viewer { name ...A }' },
  {
    name: 'two fragments in each other',
    query: '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
  },
  {
    name: 'a cycle through an inline fragment',
    query: '{ viewer { ...A } } fragment A on Viewer { ... on Viewer { ...A } }',
  },
  {
    name: 'fragments that double at each step',
    query: `${workflow('...F0')} ${times(25, (n) => `fragment F${n} on Workflow { ...F${n + 1} includedWorkflows { nodes { ...F${n + 1} } } }`)} fragment F25 on Workflow { id }`,
  },
  { name: 'a fragment that is not there', query: '{ viewer { ...Nowhere } }' },
  { name: 'a fragment that nobody uses', query: '{ viewer { name } } fragment Unused on Viewer { name }' },
  {
    name: 'two fragments of one name',
    query: '{ viewer { ...A } } fragment A on Viewer { name } fragment A on Viewer { role }',
  },
  { name: 'a fragment on the wrong type', query: '{ viewer { ...A } } fragment A on Device { name }' },
  { name: 'fields that cannot be merged', query: '{ viewer { a: name } viewer { a: role } }' },
];

const DIRECTIVES: readonly Abuse[] = [
  {
    name: 'fifty-one directives',
    query: `{ viewer { ${times(51, () => '... @include(if: true) { name }')} } }`,
  },
  {
    name: 'five thousand directives on a field',
    query: `{ viewer { name ${'@skip(if: false) '.repeat(5_000)} } }`,
  },
  { name: 'a thousand unknown directives', query: `{ viewer { name ${'@nowhere '.repeat(1_000)} } }` },
  { name: '@defer, which is not served', query: '{ viewer { ... @defer { name } } }' },
  { name: '@stream, which is not served', query: '{ devices { nodes @stream { id } } }' },
];

const SIZE: readonly Abuse[] = [
  { name: 'twenty thousand tokens', query: `{ viewer { ${'name '.repeat(20_000)} } }` },
  { name: 'a megabyte of fields', query: `{ viewer { ${'name '.repeat(200_000)} } }` },
  { name: 'a megabyte of comment', query: `# ${'x'.repeat(1_048_576)}\n{ viewer { name } }` },
  { name: 'a megabyte of commas', query: `{ viewer { name ${','.repeat(1_048_576)} } }` },
  { name: 'a name of 100,000 letters', query: `{ ${'a'.repeat(100_000)} }` },
  { name: 'a text of 100,000 letters for an id', query: `{ node(id: "${'a'.repeat(100_000)}") { id } }` },
  {
    name: 'ten megabytes of variables',
    query: SEND,
    variables: { p: { Message: 'x'.repeat(10 * 1024 * 1024) } },
  },
  {
    name: 'a hundred thousand keys in a variable',
    query: SEND,
    variables: { p: Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n])) },
  },
];

const WRONG: readonly Abuse[] = [
  { name: 'nothing', query: '' },
  { name: 'white space', query: ' \n ' },
  { name: 'no GraphQL', query: 'SELECT * FROM devices; --' },
  { name: 'NUL in the document', query: '{ viewer { name\u0000 } }' },
  { name: 'fragments alone', query: 'fragment A on Viewer { name }' },
  { name: 'a schema', query: 'type Query { a: Int }' },
  { name: 'two operations and no name', query: 'query A { viewer { name } } query B { viewer { role } }' },
  {
    name: 'an operation that is not there',
    query: 'query A { viewer { name } }',
    operationName: '__proto__',
  },
  {
    name: 'a variable of the wrong type',
    query: 'query ($n: Int) { devices(first: $n) { nodes { id } } }',
    variables: { n: { $gt: 0 } },
  },
  { name: 'a required variable left out', query: 'query ($id: ID!) { node(id: $id) { id } }' },
  { name: 'a variable that is not declared', query: '{ node(id: $id) { id } }' },
  { name: 'an enum value that is none', query: '{ devices(orderBy: { field: PASSWORD }) { nodes { id } } }' },
  { name: 'an input field that is none', query: '{ devices(filter: { where: "1=1" }) { nodes { id } } }' },
  { name: 'two ways to name a device', query: '{ device(by: { udid: "a", serialNumber: "b" }) { id } }' },
  { name: 'no way to name a device', query: '{ device(by: {}) { id } }' },
];

const FORGED: readonly Abuse[] = [
  { name: 'a cursor of our own making', query: '{ devices(after: "WzEsMl0") { nodes { id } } }' },
  { name: 'an empty cursor', query: '{ devices(after: "") { nodes { id } } }' },
  { name: 'a cursor with SQL', query: `{ devices(after: "' OR 1=1 --") { nodes { id } } }` },
  { name: 'an event cursor that is a number', query: '{ events(after: "1") { nodes { type } } }' },
  { name: 'an id that is no base64', query: '{ node(id: "%%%") { id } }' },
  { name: 'an id of an unknown kind', query: '{ node(id: "VXNlcjox") { id } }' },
  {
    name: 'an id of the wrong kind',
    query: '{ device(by: { id: "V29ya2Zsb3c6MDE5YTAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw" }) { id } }',
  },
  {
    name: 'an id with SQL in it',
    query: `{ device(by: { id: "${Buffer.from("Device:' OR 1=1 --").toString('base64url')}" }) { id } }`,
  },
  { name: 'a uuid that is none', query: '{ device(by: { uuid: "1 OR 1=1" }) { id } }' },
];

/** What strangers and mistaken programs send. Not one of them may be executed. */
export const ABUSES: readonly Abuse[] = [
  ...DEEP,
  ...WIDE,
  ...FRAGMENTS,
  ...DIRECTIVES,
  ...SIZE,
  ...WRONG,
  ...FORGED,
];
