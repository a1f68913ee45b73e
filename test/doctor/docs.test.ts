import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { standardChecks, type CheckedHouse } from '../../src/services/doctor/index.js';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
// What the checks look at is not looked at by naming them.
const checks = standardChecks({} as CheckedHouse);

it('docs/operations.md has a row for every check of the doctor, and for no other', () => {
  const section = page.slice(page.indexOf('## The doctor'), page.indexOf('## The end of certificates'));
  const rows = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  expect(rows).toEqual(checks.map(({ name }) => name));
});

it('and names those that are for the start', () => {
  const [, sentence = ''] = /^At the start the log is warned of (.*?)\. That asks/ms.exec(page) ?? [];
  const named = [...sentence.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name);
  const atStart = checks.filter(({ atStart: is }) => is).map(({ name }) => name);
  expect(named.filter((name) => name !== 'fix')).toEqual(atStart);
});
