import { readdirSync, readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

const FOLDER = 'docs/releases';
const schemaOf = (file: string) => buildSchema(readFileSync(file, 'utf8'));

/** The schema of the last release: the one with the highest version. */
function lastRelease(): string {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith('schema-'));
  const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  return `${FOLDER}/${names.toSorted(byVersion).at(-1)}`;
}

const breaking = async (before: string, after: string): Promise<string[]> =>
  (await diff(buildSchema(before), buildSchema(after)))
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);

describe('clients of the last release', () => {
  it('are not broken by the schema of today', async () => {
    const changes = await diff(schemaOf(lastRelease()), schemaOf('schema.graphql'));
    const broken = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
    expect(broken.map(({ message }) => message)).toEqual([]);
  });

  it('would be by a field that is gone, an argument that became required, and a value that may be null now', async () => {
    const before = 'type Query { a: Int! b(x: Int): Int c: Int }';
    expect(await breaking(before, 'type Query { a: Int b(x: Int!): Int }')).toHaveLength(3);
    expect(await breaking(before, 'type Query { a: Int! b(x: Int y: Int): Int c: Int d: Int }')).toEqual([]);
  });
});
