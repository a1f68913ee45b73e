import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../src/rest/routes.js';

const page = readFileSync(new URL('../../docs/management-v1.md', import.meta.url), 'utf8');

test('the page has a section, with a curl line, for every route and for no other', () => {
  const sections = [...page.matchAll(/^### `(.+)`$/gm)].map(([, title = '']) => title);
  expect(sections.sort()).toEqual(OPERATIONS.map(({ method, path }) => `${method} ${path}`).sort());
  const parts = page.split(/^### /m).slice(1);
  expect(parts.filter((part) => !part.includes('curl -u api:$TOKEN '))).toEqual([]);
});

test('the JSON on the page is JSON', () => {
  const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);
  expect(blocks.length).toBeGreaterThan(8);
  for (const block of blocks) expect(JSON.parse(block)).toBeTypeOf('object');
});
