import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERRORS } from '../../src/errors.js';
import { limitsPage } from '../../src/resolvers/limits-page.js';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';

it('docs/limits.md is the page made from the limits and weights (npm run docs)', () => {
  expect(readFileSync('docs/limits.md', 'utf8')).toBe(limitsPage(buildPomonaSchema()));
});

it('docs/graphql.md explains every code that can be in extensions.code', () => {
  const page = readFileSync('docs/graphql.md', 'utf8');
  const shown = Object.keys(ERRORS).filter((code) => code !== 'IDENTITY_REFUSED');
  expect(shown.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
