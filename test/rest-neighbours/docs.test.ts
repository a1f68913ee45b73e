import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMAND_ROUTES } from '../../src/rest/neighbours/routes.js';

const page = readFileSync(new URL('../../docs/management-v1.md', import.meta.url), 'utf8');
const section = page.split(/^## /m).find((part) => part.startsWith('Neighbours\n')) ?? '';

it('docs/management-v1.md has a section, with a curl line, for every neighbour and for no other', () => {
  const titles = [...section.matchAll(/^#### `(.+)`$/gm)].map(([, title]) => title);
  const routes = COMMAND_ROUTES.map(
    ({ method, path }) => `${method} /mdm/commands${path === '/' ? '' : path}`,
  );
  expect(titles).toEqual([...routes, 'GET /_version', 'GET /_metrics']);
  const parts = section.split(/^#### /m).slice(1);
  expect(parts.filter((part) => !/^curl (-u api:\$TOKEN )?/m.test(part))).toEqual([]);
});
