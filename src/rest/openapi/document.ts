import { z } from 'zod';
import type { DocumentedAnswer, Operation } from '../operation.js';
import { commonAnswers, commonResponses } from './failures.js';
import { JsonSchemas, type JsonObject } from './json-schema.js';

const DESCRIPTION = `For scripts: what clients of MicroMDM's original management API rely on, on the same services as GraphQL.

Lists are bare arrays. What is not known is absent rather than null. Unknown fields are ignored; \`null\` and \`""\` are as good as absent. A method that an address does not have is answered 405, with \`Allow\`. \`HEAD\` works wherever \`GET\` does.`;

const TAGS = [
  { name: 'Devices', description: 'What is enrolled, or was.' },
  { name: 'Profiles', description: 'Configuration profiles that workflows install.' },
  {
    name: 'Workflows',
    description: 'What a device shall have: profiles, applications, other workflows.',
  },
  { name: 'Applications', description: 'Applications that workflows install.' },
];

const SECURITY_SCHEMES = {
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'Any user name; the API token is the password.',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'The API token.' },
};

export interface DocumentOptions {
  /** Where people reach the server, without a path. */
  readonly publicUrl: string;
  /** The path all operations are below. */
  readonly prefix: string;
  readonly version: string;
}

/** The OpenAPI 3.1 document of the operations: made of the very schemas that requests are checked by. */
export function openApiDocument(operations: readonly Operation[], o: DocumentOptions): JsonObject {
  const schemas = new JsonSchemas();
  const paths = pathsOf(schemas, operations, o.prefix);
  const responses = commonResponses(schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Pomona /management/v1', version: o.version, description: DESCRIPTION },
    servers: [{ url: o.publicUrl.replace(/\/$/, '') }],
    security: [{ basic: [] }, { bearer: [] }],
    tags: TAGS,
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, responses, schemas: schemas.named },
  };
}

function pathsOf(schemas: JsonSchemas, operations: readonly Operation[], prefix: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = prefix + operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: operationObject(schemas, operation) };
  }
  return paths;
}

function operationObject(schemas: JsonSchemas, operation: Operation): JsonObject {
  const { id, tag, summary, description, permission } = operation;
  const parameters = [
    ...parametersOf(schemas, operation.params, 'path', operation.paramExamples),
    ...parametersOf(schemas, operation.query, 'query', operation.queryExamples),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-permission': permission,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body !== undefined && { requestBody: requestBody(schemas, operation) }),
    responses: responsesOf(schemas, operation),
  };
}

/** What is written into an address is text; a schema's output says what it means. */
function parametersOf(
  schemas: JsonSchemas,
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  examples: Readonly<Record<string, unknown>> = {},
): JsonObject[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path',
    ...(one.description !== undefined && { description: one.description }),
    schema: schemas.of(one, 'output'),
    example: examples[name],
  }));
}

function requestBody(schemas: JsonSchemas, { body, bodyExamples }: Operation): JsonObject {
  const schema = body === undefined ? {} : schemas.of(body, 'input');
  return { required: true, content: { 'application/json': { schema, examples: bodyExamples } } };
}

function responsesOf(schemas: JsonSchemas, operation: Operation): JsonObject {
  const own = Object.entries(operation.answers).map(
    ([status, one]) => [status, response(schemas, status, one)] as const,
  );
  return { ...commonAnswers(operation), ...Object.fromEntries(own) };
}

function response(schemas: JsonSchemas, status: string, one: DocumentedAnswer): JsonObject {
  const { description, schema, example, failures } = one;
  const headers = status === '201' ? { Location: LOCATION } : undefined;
  if (schema === undefined) return { description };
  const shown = failures === undefined ? { example } : { examples: named(failures) };
  return {
    description,
    ...(headers && { headers }),
    content: { 'application/json': { schema: schemas.of(schema, 'output'), ...shown } },
  };
}

const LOCATION = { description: 'The address of what was made.', schema: { type: 'string' } };

function named(failures: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(failures).map(([name, value]) => [name, { value }]));
}
