import { expect, it } from 'vitest';
import { BoundedLabel } from '../../src/metrics/bounded-label.js';

it('remembers the first, and calls the rest other', () => {
  const label = new BoundedLabel(2);
  expect(['a', 'b', 'c', 'a', 'c'].map((value) => label.learn(value))).toEqual([
    'a',
    'b',
    'other',
    'a',
    'other',
  ]);
});

it('does not remember what is only looked up', () => {
  const label = new BoundedLabel(1);
  expect(label.known('a')).toBe('other');
  expect(label.learn('b')).toBe('b');
  expect(label.known('b')).toBe('b');
});

it('cuts long values, so that a label costs little', () => {
  expect(new BoundedLabel(1).learn('x'.repeat(10_000))).toBe('x'.repeat(64));
});
