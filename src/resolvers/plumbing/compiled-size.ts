import {
  BREAK,
  getNamedType,
  isAbstractType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * True when compiling the operation is right and stays small. graphql-jit writes code for every field as
 * often as it can be reached: fragments expanded, `@skip`ped ones included, and once for each object type
 * where an interface or union is returned. A document of a few hundred bytes can so become megabytes of code;
 * cost does not show it, since cost leaves out what is skipped. Introspection is never worth compiling.
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  maxFields: number,
): boolean {
  const root = schema.getRootType(operation.operation);
  const small = new Walk(schema, document, maxFields).visit(root, operation.selectionSet);
  return small && !writesCustomScalar(schema, document);
}

/**
 * graphql-jit puts literals and defaults into its code as JSON, so that a DateTime written in the document
 * would reach resolvers as text and Base64 as an object, where graphql-js gives a Date and a Buffer. In
 * variables they are right.
 */
function writesCustomScalar(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  const look = () => {
    found ||= isCustomScalar(getNamedType(types.getInputType()));
    return found ? BREAK : undefined;
  };
  const kinds = ['StringValue', 'IntValue', 'FloatValue', 'BooleanValue', 'ListValue', 'ObjectValue'];
  visit(document, visitWithTypeInfo(types, Object.fromEntries(kinds.map((kind) => [kind, look]))));
  return found;
}

function hasCustomDefault({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ type, defaultValue }) => defaultValue != null && isCustomScalar(getNamedType(type)));
}

function isCustomScalar(type: unknown): boolean {
  return isScalarType(type) && !isSpecifiedScalarType(type);
}

class Walk {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  #left: number;

  constructor(schema: GraphQLSchema, document: DocumentNode, maxFields: number) {
    this.#schema = schema;
    this.#left = maxFields;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  /** Counts down for every field and fragment met; false as soon as nothing is left. */
  visit(type: unknown, selectionSet: SelectionSetNode): boolean {
    if (isAbstractType(type)) {
      return this.#schema.getPossibleTypes(type).every((possible) => this.visit(possible, selectionSet));
    }
    if (!isObjectType(type)) return false;
    for (const node of selectionSet.selections) {
      this.#left -= 1;
      if (this.#left < 0) return false;
      if (node.kind === Kind.FIELD) {
        const field = type.getFields()[node.name.value];
        if (field && hasCustomDefault(field)) return false;
        if (!node.selectionSet) continue;
        if (!field || !this.visit(getNamedType(field.type), node.selectionSet)) return false;
      } else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
        if (!fragment) return false;
        if (this.#applies(fragment, type) && !this.visit(type, fragment.selectionSet)) return false;
      }
    }
    return true;
  }

  #applies(fragment: FragmentDefinitionNode | InlineFragmentNode, type: GraphQLObjectType): boolean {
    if (!fragment.typeCondition) return true;
    const condition = this.#schema.getType(fragment.typeCondition.name.value);
    return condition === type || (isAbstractType(condition) && this.#schema.isSubType(condition, type));
  }
}
