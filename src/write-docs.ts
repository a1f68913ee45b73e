import 'reflect-metadata';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from './config-page.js';
import { permissionsPage } from './permissions-page.js';
import { EXAMPLES } from './resolvers/examples/index.js';
import { limitsPage } from './resolvers/limits-page.js';
import { referencePage } from './resolvers/reference-page.js';
import { buildPomonaSchema } from './resolvers/schema.js';

const FOLDER = 'docs/examples';

/** Writes what the documentation says of the code, from the code (`npm run docs`). */
writeFileSync('docs/configuration.md', configurationPage());
const schema = buildPomonaSchema();
writeFileSync('docs/reference.html', referencePage(schema));
writeFileSync('docs/limits.md', limitsPage(schema));
writeFileSync('docs/permissions.md', permissionsPage(schema));
mkdirSync(FOLDER, { recursive: true });
for (const name of readdirSync(FOLDER)) if (name.endsWith('.graphql')) rmSync(join(FOLDER, name));
for (const { name, query } of EXAMPLES) writeFileSync(join(FOLDER, `${name}.graphql`), query);
