import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

const KINDS: readonly [title: string, is: (type: GraphQLNamedType) => boolean][] = [
  ['Objects', isObjectType],
  ['Interfaces', isInterfaceType],
  ['Unions', isUnionType],
  ['Inputs', isInputObjectType],
  ['Enums', isEnumType],
  ['Scalars', isScalarType],
];

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: flex; color: #1c1e21; }
nav { width: 18rem; height: 100vh; overflow: auto; position: sticky; top: 0; padding: 0 1rem; box-sizing: border-box; background: #f5f6f8; }
nav a { display: block; } main { padding: 0 2rem 4rem; max-width: 60rem; }
h3 { margin-bottom: 0.2rem; } a { color: #0b57d0; text-decoration: none; } code, dt { font: 13px ui-monospace, monospace; }
dt { margin-top: 0.6rem; } dd { margin-left: 1.5rem; } .deprecated { color: #8a4b00; }`;

/** The whole schema as one HTML page that needs nothing else: to be read offline, and searched by the browser. */
export function referencePage(given: GraphQLSchema): string {
  const schema = lexicographicSortSchema(given);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !(isScalarType(type) && isSpecifiedScalarType(type)),
  );
  const sections = [
    section(
      'Operations',
      types.filter(({ name }) => ROOTS.has(name)),
    ),
    ...KINDS.map(([title, is]) =>
      section(
        title,
        types.filter((type) => is(type) && !ROOTS.has(type.name)),
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pomona GraphQL reference</title>
<style>
${STYLE}
</style>
</head>
<body>
<nav>
${sections.map(({ contents }) => contents).join('\n')}
</nav>
<main>
<h1>Pomona GraphQL reference</h1>
<p>Made from the schema by <code>npm run docs</code>. The schema itself: <code>schema.graphql</code>, or <code>GET /schema.graphql</code> of a server.</p>
${sections.map(({ body }) => body).join('\n')}
</main>
</body>
</html>
`;
}

function section(title: string, types: readonly GraphQLNamedType[]): { contents: string; body: string } {
  if (types.length === 0) return { contents: '', body: '' };
  const links = types.map(({ name }) => `<a href="#${name}">${name}</a>`).join('\n');
  return {
    contents: `<h4>${title}</h4>\n${links}`,
    body: `<h2>${title}</h2>\n${types.map(typeEntry).join('\n')}`,
  };
}

function typeEntry(type: GraphQLNamedType): string {
  return `<h3 id="${type.name}">${type.name}</h3>\n${text(type.description)}\n${membersOf(type)}`;
}

function membersOf(type: GraphQLNamedType): string {
  if (isEnumType(type))
    return list(
      type.getValues().map((value) => [escape(value.name), value.description, value.deprecationReason]),
    );
  if (isUnionType(type)) return `<p>One of ${type.getTypes().map(link).join(', ')}.</p>`;
  if (isScalarType(type)) return specification(type.specifiedByURL);
  const above =
    isObjectType(type) && type.getInterfaces().length > 0
      ? `<p>Implements ${type.getInterfaces().map(link).join(', ')}.</p>\n`
      : '';
  if (isInputObjectType(type)) return list(Object.values(type.getFields()).map(inputEntry));
  return above + list(Object.values(type.getFields()).map(fieldEntry));
}

type Entry = [
  term: string,
  description: string | null | undefined,
  deprecated: string | null | undefined,
  more?: string,
];

function fieldEntry(field: GraphQLField<unknown, unknown>): Entry {
  const more = field.args.length === 0 ? '' : list(field.args.map(inputEntry));
  return [`${escape(field.name)}: ${link(field.type)}`, field.description, field.deprecationReason, more];
}

function inputEntry({
  name,
  type,
  defaultValue,
  description,
  deprecationReason,
}: GraphQLArgument | GraphQLInputField): Entry {
  const fallback = defaultValue === undefined ? '' : ` = ${escape(JSON.stringify(defaultValue))}`;
  return [`${escape(name)}: ${link(type)}${fallback}`, description, deprecationReason];
}

function list(entries: readonly Entry[]): string {
  const items = entries.map(([term, description, deprecated, more = '']) => {
    const warning = deprecated == null ? '' : `<p class="deprecated">Deprecated: ${escape(deprecated)}</p>`;
    return `<dt>${term}</dt>\n<dd>${text(description)}${warning}${more}</dd>`;
  });
  return `<dl>\n${items.join('\n')}\n</dl>`;
}

function link(type: GraphQLType): string {
  const { name } = getNamedType(type);
  return escape(String(type)).replace(name, `<a href="#${name}">${name}</a>`);
}

function specification(url: string | null | undefined): string {
  return url == null ? '' : `<p>Specified at <a href="${escape(url)}">${escape(url)}</a>.</p>`;
}

function text(description: string | null | undefined): string {
  return description == null ? '' : `<p>${escape(description)}</p>`;
}

function escape(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
