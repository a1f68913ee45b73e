import * as graphql from '@graphql-eslint/eslint-plugin';

const recommended = graphql.configs['flat/schema-recommended'].rules;
const [severity, naming] = recommended['@graphql-eslint/naming-convention'];

const OPERATIONS = ['docs/examples/**/*.graphql', 'sdk/typescript/operations/**/*.graphql'];

const language = {
  parser: graphql.parser,
  parserOptions: { graphQLConfig: { schema: './schema.graphql', documents: OPERATIONS } },
};

/** GraphQL alone: the schema as it is published, and the operations that are shown to people. TypeScript is oxlint's. */
export default [
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: language,
    rules: {
      ...recommended,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'error',
      '@graphql-eslint/require-deprecation-date': 'error',
      // A CommandType is what Apple calls a RequestType.
      '@graphql-eslint/naming-convention': [
        severity,
        { ...naming, 'ObjectTypeDefinition,ObjectTypeExtension': { forbiddenPrefixes: ['Type'] } },
      ],
      // Events are read forward only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Short lists of values are no connections, and a place in a workflow is no thing of its own.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // What has an identity is a Node (test/graphql/schema.test.ts); most types are values.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
  {
    files: OPERATIONS,
    plugins: { '@graphql-eslint': graphql },
    languageOptions: language,
    rules: {
      ...graphql.configs['flat/operations-recommended'].rules,
      // Examples show what one screen reads.
      '@graphql-eslint/require-selections': 'off',
      // An example and the TypeScript client may call the same thing by the same name; in either it is unique.
      '@graphql-eslint/unique-operation-name': 'off',
    },
  },
];
