import { readFileSync } from 'node:fs';
import { isEnumType, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';

const page = readFileSync('docs/automated-device-enrollment.md', 'utf8');
const schema = buildPomonaSchema();
const blocks = [...page.matchAll(/```graphql\n(.*?)```/gs)].map(([, block = '']) => block);
/** What stands in the first column of the tables. */
const rows = new Set([...page.matchAll(/^\| `([A-Z_…]+)`/gm)].map(([, code = '']) => code));

it('the operations of the page fit the schema', () => {
  expect(blocks.length).toBeGreaterThan(6);
  expect(blocks.flatMap((block) => validate(schema, parse(block))).map(String)).toEqual([]);
});

it.each(['DepAssignmentStatus', 'DepFailureCode'])('the page explains every %s', (name) => {
  const type = schema.getType(name);
  const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
  expect(values.length).toBeGreaterThan(5);
  const explained = (value: string): boolean =>
    rows.has(value.replace(/^.*_CURSOR$|^CURSOR_.*$/, '…_CURSOR'));
  expect(values.filter((value) => !explained(value))).toEqual([]);
});
