import {
  GraphQLNonNull,
  GraphQLObjectType,
  isObjectType,
  isScalarType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { answerOnce } from './answer-once.js';
import { UserError } from './plumbing/user-errors.js';
import { scalarsMap } from './plumbing/scalars.js';
import { enforcePermissions } from './requires.js';
import { RESOLVERS } from './resolvers.js';

/** Builds the schema of the GraphQL door: types from the classes, permissions enforced, `query` in every payload. */
export function buildPomonaSchema(): GraphQLSchema {
  leavePlainFieldsPlain();
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    orphanedTypes: [UserError],
    scalarsMap,
    validate: false,
    // Events come from the pump (subscription-source.ts); type-graphql only wants to be told that there is something.
    pubSub: { publish: () => undefined, subscribe: () => nothing() },
  });
  describeRoots(schema);
  believeOwnIds(schema);
  const workflow = schema.getType('Workflow');
  if (isObjectType(workflow)) answerOnce(workflow, ['profiles', 'applications', 'includedWorkflows']);
  enforcePermissions(schema);
  addQueryToPayloads(schema);
  return schema;
}

/** A field that is a plain property needs no function around it: graphql reads it, and graphql-jit reads it faster. */
function leavePlainFieldsPlain(): void {
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers ??= true;
}

/** A UUID on its way out comes from a row of ours. Checking it again takes longer than all the rest that is done for the field. */
function believeOwnIds(schema: GraphQLSchema): void {
  const type = schema.getType('UUID');
  if (isScalarType(type)) type.serialize = String;
}

function describeRoots(schema: GraphQLSchema): void {
  const descriptions = {
    Query: 'Everything that can be read.',
    Mutation: 'Everything that can be done. Fields run one after the other, in the order written.',
    Subscription: 'What happens, as it happens; by WebSocket (graphql-transport-ws).',
  };
  for (const [name, description] of Object.entries(descriptions)) {
    const type = schema.getType(name);
    if (isObjectType(type)) type.description = description;
  }
}

/** Type-graphql cannot name the root type, so this field is added to the finished schema. */
function addQueryToPayloads(schema: GraphQLSchema): void {
  const query = schema.getQueryType();
  if (query == null) return;
  for (const { type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const payload = type instanceof GraphQLNonNull ? type.ofType : type;
    if (payload instanceof GraphQLObjectType) payload.getFields()['query'] = queryField(query);
  }
}

function queryField(query: GraphQLObjectType): GraphQLField<unknown, unknown> {
  return {
    name: 'query',
    description: 'Everything that can be read, as it is after this mutation.',
    type: new GraphQLNonNull(query),
    args: [],
    resolve: () => ({}),
    deprecationReason: undefined,
    extensions: {},
    astNode: undefined,
  };
}

async function* nothing(): AsyncGenerator<never> {}
