import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';

const page = readFileSync('docs/push-certificate.md', 'utf8');
const blocks = [...page.matchAll(/```graphql\n([^]*?)```/g)].map(([, query = '']) => query);
const inShell = [...page.matchAll(/"query":("(?:[^"\\]|\\.)*")/g)].map(
  ([, text = '']) => JSON.parse(text) as string,
);

it('has documents of both kinds', () => {
  expect([blocks.length, inShell.length]).toEqual([2, 4]);
});

it.each([...blocks, ...inShell])('shows a document that fits the schema: %#', (query) => {
  expect(validate(buildPomonaSchema(), parse(query))).toEqual([]);
});
