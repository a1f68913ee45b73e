import { getNamedType, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';

/**
 * Completes limits on how often a field may be inside itself. Where `Workflow.includedWorkflows` may be 4
 * deep, the fields of its connection and edge that lie between must be allowed one more (the list at the root
 * has them too); they need not be listed.
 */
export function withConnections(
  schema: GraphQLSchema,
  limits: Readonly<Record<string, number>>,
): Record<string, number> {
  const completed: Record<string, number> = {};
  for (const [coordinate, limit] of Object.entries(limits)) {
    for (const between of wrappersOf(schema, coordinate)) {
      completed[between] = Math.max(completed[between] ?? 0, limit + 1);
    }
  }
  return { ...completed, ...limits };
}

function wrappersOf(schema: GraphQLSchema, coordinate: string): string[] {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const connection = composite(fieldsOf(schema.getType(typeName))[fieldName]);
  const edge = composite(fieldsOf(connection)['edges']);
  return [
    ...Object.keys(fieldsOf(connection))
      .filter((name) => name === 'edges' || name === 'nodes')
      .map((name) => `${nameOf(connection)}.${name}`),
    ...('node' in fieldsOf(edge) ? [`${nameOf(edge)}.node`] : []),
  ];
}

function composite(field: GraphQLField<unknown, unknown> | undefined): unknown {
  return field && getNamedType(field.type);
}

function fieldsOf(type: unknown): Record<string, GraphQLField<unknown, unknown>> {
  return isObjectType(type) ? type.getFields() : {};
}

function nameOf(type: unknown): string {
  return isObjectType(type) ? type.name : '';
}
