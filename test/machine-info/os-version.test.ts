import { expect, it } from 'vitest';
import { isOlderOs, isOsVersion } from '../../src/apple/machine-info/index.js';

it.each([
  ['17', '17.0', false],
  ['17.0.0', '17', false],
  ['17', '17.0.1', true],
  ['9.3.6', '17', true],
  ['17.10', '17.9', false],
  ['17.9', '17.10', true],
  ['26.0', '18.7.1', false],
  ['10.15.7', '11', true],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlderOs(version, than)).toBe(older);
});

it.each(['', '17.', '.1', 'v17', '17.1b2', '1.2.3.4.5', '12345', '17,1', ' 17', '-1'])(
  'refuses %j as a version',
  (text) => {
    expect(isOsVersion(text)).toBe(false);
  },
);

it.each(['1', '17.4.1', '1.2.3.4'])('takes %j', (text) => {
  expect(isOsVersion(text)).toBe(true);
});
