/** The syntax tree of an operation, as graphql-js, graphql-codegen and gql.tada make it. */
export interface Tree {
  readonly kind: string;
  readonly definitions?: readonly unknown[];
}

/** A node of the tree, with what any kind of node may have. */
interface Node {
  readonly kind: string;
  readonly name?: Node;
  readonly alias?: Node;
  readonly operation?: string;
  readonly value?: unknown;
  readonly type?: Node;
  readonly typeCondition?: Node;
  readonly variable?: Node;
  readonly defaultValue?: Node;
  readonly selectionSet?: Node;
  readonly definitions?: readonly Node[];
  readonly selections?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly directives?: readonly Node[];
  readonly variableDefinitions?: readonly Node[];
  readonly values?: readonly Node[];
  readonly fields?: readonly Node[];
}

const PRINTERS: Record<string, (node: Node) => string> = {
  Document: ({ definitions }) => all(definitions, '\n'),
  OperationDefinition: (node) =>
    `${node.operation ?? 'query'} ${one(node.name)}${listed(node.variableDefinitions)}${tail(node)}`,
  FragmentDefinition: (node) => `fragment ${one(node.name)} on ${one(node.typeCondition)}${tail(node)}`,
  VariableDefinition: (node) =>
    `${one(node.variable)}: ${one(node.type)}${before(' = ', node.defaultValue)}${tail(node)}`,
  SelectionSet: ({ selections }) => `{ ${all(selections, ' ')} }`,
  Field: (node) =>
    `${node.alias ? `${one(node.alias)}: ` : ''}${one(node.name)}${listed(node.arguments)}${tail(node)}`,
  FragmentSpread: (node) => `...${one(node.name)}${tail(node)}`,
  InlineFragment: (node) => `...${before(' on ', node.typeCondition)}${tail(node)}`,
  Directive: (node) => `@${one(node.name)}${listed(node.arguments)}`,
  Argument: (node) => `${one(node.name)}: ${value(node)}`,
  ObjectField: (node) => `${one(node.name)}: ${value(node)}`,
  Name: (node) => String(node.value),
  Variable: (node) => `$${one(node.name)}`,
  NamedType: (node) => one(node.name),
  ListType: (node) => `[${one(node.type)}]`,
  NonNullType: (node) => `${one(node.type)}!`,
  IntValue: (node) => String(node.value),
  FloatValue: (node) => String(node.value),
  BooleanValue: (node) => String(node.value),
  EnumValue: (node) => String(node.value),
  NullValue: () => 'null',
  // JSON's escapes are among GraphQL's (GraphQL 2021, section 2.9.4).
  StringValue: (node) => JSON.stringify(node.value),
  ListValue: ({ values }) => `[${all(values, ', ')}]`,
  ObjectValue: ({ fields }) => `{${all(fields, ', ')}}`,
};

/** An operation's syntax tree as text. @throws TypeError for a kind of node that no operation has. */
export function printDocument(document: Tree): string {
  return one(document as Node);
}

function one(node: Node | undefined): string {
  if (node === undefined) return '';
  const print = PRINTERS[node.kind];
  if (print === undefined)
    throw new TypeError(`An operation has no ${node.kind}; is this the document of a schema?`);
  return print(node);
}

function all(nodes: readonly Node[] | undefined, separator: string): string {
  return (nodes ?? []).map(one).join(separator);
}

function before(text: string, node: Node | undefined): string {
  return node === undefined ? '' : `${text}${one(node)}`;
}

function listed(nodes: readonly Node[] | undefined): string {
  return nodes === undefined || nodes.length === 0 ? '' : `(${all(nodes, ', ')})`;
}

function value(node: Node): string {
  return one(node.value as Node);
}

/** Directives and selections, which end whatever has them. */
function tail({ directives, selectionSet }: Node): string {
  return `${directives?.length ? ` ${all(directives, ' ')}` : ''}${before(' ', selectionSet)}`;
}
