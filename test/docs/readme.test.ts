import { existsSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/config/index.js';

const readme = readFileSync('README.md', 'utf8');

describe('README', () => {
  it('has only operations that fit the schema', () => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const blocks = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks)
      expect(validate(schema, parse(block)).map((error) => error.message)).toEqual([]);
  });

  it('names only options and files that exist', () => {
    const names = [...readme.matchAll(/POMONA_([A-Z_]+)/g)].map((match) => match[1] ?? '');
    const known = new Set([...Object.keys(OPTIONS), 'TEST_MYSQL_URL', '']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !link.startsWith('http') && !existsSync(link))).toEqual([]);
  });

  it('has the two commands a newcomer needs', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});
