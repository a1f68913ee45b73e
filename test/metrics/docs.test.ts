import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createInstruments } from '../../src/metrics/instruments.js';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

const registered = createInstruments().registry.getMetricsAsArray() as unknown as readonly Described[];

/** The row of a metric, as it has to stand on the page. */
function row({ name, type, labelNames, help }: Described): string[] {
  return [`\`${name}\``, type, labelNames.map((label) => `\`${label}\``).join(', '), help];
}

it('docs/operations.md has a row for every metric, and for no other', () => {
  const rows = [...page.matchAll(/^\| (`pomona_.*) \|$/gm)].map(([, cells = '']) =>
    cells.split('|').map((cell) => cell.trim()),
  );
  expect(rows).toEqual(registered.map(row));
});

it('its rules and its configuration are YAML, and name only metrics that there are', () => {
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(parse(block)).toBeTypeOf('object');
  const names = new Set(registered.map(({ name }) => name));
  const used = blocks
    .flatMap((block) => block.match(/\bpomona_\w+/g) ?? [])
    .filter((name) => name !== 'pomona_');
  expect(used.length).toBeGreaterThan(8);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
});

it('labels in its rules are labels of those metrics', () => {
  const labels = new Map(registered.map(({ name, labelNames }) => [name, labelNames]));
  for (const [, name = '', matchers = ''] of page.matchAll(/\b(pomona_\w+)\{([^}]*)\}/g)) {
    for (const [, label = ''] of matchers.matchAll(/(\w+)(?==|!=|=~)/g))
      expect([name, labels.get(name)?.includes(label), label]).toEqual([name, true, label]);
  }
});
