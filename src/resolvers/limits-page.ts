import { isInterfaceType, isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql';
import { OPTIONS } from '../config/index.js';
import {
  bulkCost,
  HEAVY,
  LIMITS,
  MAX_BULK,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_TOKEN,
  MAX_SOCKET_OPERATIONS,
  MAX_SUBSCRIPTIONS,
} from './limits.js';
import { DEFAULT_PAGE, MAX_PAGE } from './plumbing/connection.js';
import { MAX_NODES, TOTAL_COUNT_COST } from './plumbing/cost.js';
import { MAX_DOCUMENT_LENGTH, MAX_TOKENS, MAX_VALIDATION_ERRORS } from './plumbing/documents.js';
import { MAX_BODY } from './plumbing/http.js';
import { MAX_REMEMBERED, MAX_REMEMBERED_SIZE } from './plumbing/persisted.js';
import { MAX_MESSAGE } from './plumbing/socket-options.js';
import { ANONYMOUS_PER_MINUTE, MUTATION_FACTOR } from './plumbing/rate-limit.js';

type Row = readonly [what: string, limit: string, code: string];

const number = (value: number): string => value.toLocaleString('en-US');
const mebibytes = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
const kibibytes = (bytes: number): string => `${bytes / 1024} KiB`;
const COMPLEX = 'QUERY_TOO_COMPLEX';

/** The page of every limit of the GraphQL doors and of how cost is counted, made from the code that enforces them. */
export function limitsPage(schema: GraphQLSchema): string {
  return `# Limits of the GraphQL API

The same for HTTP, WebSocket and Server-Sent Events. What is refused is refused before anything runs, with \`extensions.code\` and a
sentence that names the limit; a refused operation costs nothing, and closes no connection but where
this says so. \`server { limits { … } }\` tells the numbers of a server, \`rateLimit { cost limit remaining resetAt }\` what an operation cost. This page is generated; a test keeps it so.

## One request

${table(['what', 'limit', 'code'], requestRows())}

A field may be inside itself only where this says so, and the fields of connections in between do not count:

${table(
  ['field', 'times'],
  Object.entries(LIMITS.selfReference).map(([field, times]) => [`\`${field}\``, String(times)]),
)}

## Time

${table(['what', 'default', 'code'], timeRows())}

When the time of an operation is over its answer is the one error \`TIMEOUT\` (HTTP 503), at once. No further statement is sent to the
database; MySQL and MariaDB end the one that is running (\`KILL QUERY\`). A transaction is kept whole or rolled back whole; of a mutation
with several fields the earlier ones may be done. A query whose client hangs up is stopped likewise; a mutation goes on. SQLite works
inside the server and cannot be interrupted: a statement that is running is finished first.

## Cost

An operation is weighed with its real variables before it runs. ${number(LIMITS.maxCost)} points are the most one may cost.

- A field costs 1 point. Below a connection it counts once for each object of the page: \`first\` or \`last\`, or ${DEFAULT_PAGE} when neither is given.
- Below another list of objects it counts ${LIMITS.listSize} times, or as often as the longest list among the arguments is long (\`nodes(ids:)\`).
- \`edges\`, \`nodes\`, \`node\`, \`pageInfo\` and what is in it cost nothing. \`totalCount\` costs ${TOTAL_COUNT_COST}. The sum is rounded up.
- Introspection costs nothing here; its depth is limited.
- An operation that comes to more than ${number(MAX_NODES)} fields, fragments written out, is refused before it is counted to the end.

These fields weigh something else:

${table(['field', 'points'], weightRows(schema))}

## Rate

Each token may spend ${number(OPTIONS.GRAPHQL_POINTS_PER_MINUTE.fallback)} points a minute (\`POMONA_GRAPHQL_POINTS_PER_MINUTE\`; 0 counts none), on all transports together. The
minute begins with the first operation; when it is over all points are back.

- A query is charged its cost, at least 1.
- A mutation is charged ${MUTATION_FACTOR} times its cost.
- A subscription is charged its cost once, when it begins. Its events are free.
- Operations without a token are counted by address: ${ANONYMOUS_PER_MINUTE} a minute.

Over it: \`RATE_LIMITED\`, by HTTP with 429 and \`Retry-After\` (seconds). \`extensions.details\` has \`cost\`, \`limit\`, \`remaining\`, \`resetAt\` and
\`retryAfterSeconds\`. Each process counts for itself.
`;
}

function requestRows(): Row[] {
  return [
    ['Body, at `/graphql`', mebibytes(MAX_BODY), 'PAYLOAD_TOO_LARGE'],
    ['Body, at `/graphql/stream`', kibibytes(MAX_MESSAGE), 'PAYLOAD_TOO_LARGE'],
    ['Message on a socket', kibibytes(MAX_MESSAGE), 'the socket closes with 1009'],
    ['Document', `${number(MAX_DOCUMENT_LENGTH)} characters`, 'PAYLOAD_TOO_LARGE'],
    ['Tokens of a document', number(MAX_TOKENS), 'GRAPHQL_PARSE_FAILED'],
    ['Validation errors told', number(MAX_VALIDATION_ERRORS), 'GRAPHQL_VALIDATION_FAILED'],
    ['Depth: fields in fields', number(LIMITS.maxDepth), 'QUERY_TOO_DEEP'],
    ['Depth: lists in lists', number(LIMITS.maxListDepth), 'QUERY_TOO_DEEP'],
    [
      'A field inside itself',
      `${LIMITS.maxSelfReferentialDepth - 1} times, unless listed below`,
      'QUERY_TOO_DEEP',
    ],
    ['Cost', `${number(LIMITS.maxCost)} points`, COMPLEX],
    ['Aliases in a document', number(LIMITS.maxAliases), COMPLEX],
    ['Directives in a document', number(LIMITS.maxDirectives), COMPLEX],
    ['Fields of Mutation in one operation', number(LIMITS.maxMutations), COMPLEX],
    ['Lists and objects in variables', `${LIMITS.maxVariableDepth} deep`, 'BAD_USER_INPUT'],
    ['Objects of a page', number(MAX_PAGE), 'BAD_USER_INPUT'],
    ['Devices or commands one mutation names', number(MAX_BULK), 'BAD_USER_INPUT'],
    [
      'Documents remembered by hash',
      `${number(MAX_REMEMBERED)}, ${mebibytes(MAX_REMEMBERED_SIZE)} together`,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['Operations under way on one socket', number(MAX_SOCKET_OPERATIONS), 'RATE_LIMITED'],
    ['Subscriptions under way in the process', number(MAX_SUBSCRIPTIONS), 'RATE_LIMITED'],
    ['Sockets, and event streams, of one token', number(MAX_CONNECTIONS_PER_TOKEN), 'RATE_LIMITED'],
    ['Sockets, and as many event streams, of the process', number(MAX_CONNECTIONS), '503'],
  ];
}

function timeRows(): Row[] {
  const query = `${OPTIONS.GRAPHQL_QUERY_TIMEOUT_SECONDS.fallback} s`;
  return [
    ['A query (`POMONA_GRAPHQL_QUERY_TIMEOUT_SECONDS`)', query, 'TIMEOUT'],
    [
      'A mutation, all its fields together (`POMONA_GRAPHQL_MUTATION_TIMEOUT_SECONDS`)',
      `${OPTIONS.GRAPHQL_MUTATION_TIMEOUT_SECONDS.fallback} s`,
      'TIMEOUT',
    ],
    ['What a subscription tells of one event (as a query)', query, 'TIMEOUT'],
  ];
}

/** Every field whose weight is not the usual. Throws for a rule that this page could not explain. */
function weightRows(schema: GraphQLSchema): string[][] {
  const rows: string[][] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if ((!isObjectType(type) && !isInterfaceType(type)) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const weight: unknown = field.extensions['complexity'];
      if (weight !== undefined) rows.push([`\`${type.name}.${field.name}\``, explained(weight)]);
    }
  }
  return rows.sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
}

function explained(weight: unknown): string {
  if (weight === HEAVY) return `${HEAVY}: it brings a whole document, or one that is kept compressed`;
  if (typeof weight === 'number') return String(weight);
  if (weight === bulkCost)
    return '10, and what is selected in it for each 100 devices or commands that its input names, at least once';
  throw new Error('A field is weighed by a rule that the page of limits does not explain.');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
