import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildPomonaSchema } from './schema.js';

/** Writes the schema as it is served at /schema.graphql: `node dist/src/resolvers/emit-schema.js [path]`. */
const [path = 'schema.graphql'] = process.argv.slice(2);
writeFileSync(path, printSchema(lexicographicSortSchema(buildPomonaSchema())) + '\n');
