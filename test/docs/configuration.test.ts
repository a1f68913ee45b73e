import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationPage } from '../../src/config-page.js';
import { VERSION } from '../../src/version.js';

it('docs/configuration.md is the page made from the options (npm run docs)', () => {
  expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configurationPage());
});

it('the version in the code is that of package.json', () => {
  expect((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version).toBe(VERSION);
});
