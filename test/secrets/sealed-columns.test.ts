import 'reflect-metadata';
import { globSync, readFileSync } from 'node:fs';
import { getMetadataArgsStorage } from 'typeorm';
import { expect, it } from 'vitest';
import { ENTITIES } from '../../src/entities/index.js';
import { nameOf, SEALED_COLUMNS } from '../../src/services/sealed-columns.js';

const registered = SEALED_COLUMNS.map(nameOf).toSorted();

/** Columns of bytes whose name says that they are sealed. */
function sealedByName(): string[] {
  const { columns, tables } = getMetadataArgsStorage();
  const tableOf = new Map(tables.map(({ target, name }) => [target, name]));
  return columns
    .filter(
      ({ target, options }) => ENTITIES.some((entity) => entity === target) && options.type === 'longblob',
    )
    .map(({ target, options }) => ({ table: tableOf.get(target), column: options.name ?? '' }))
    .filter(({ column }) => /^sealed_|_sealed$|ciphertext/.test(column))
    .map(({ table, column }) => `${table}.${column}`)
    .toSorted();
}

/** Every place that the code seals to, as it is written there. */
function sealedInCode(): {
  readonly places: string[];
  readonly callers: string[];
  readonly withPlace: string[];
} {
  const files = globSync('src/**/*.ts').filter(
    (file) => !/services\/(vault|sealed-columns|rotation\/)/.test(file),
  );
  const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const literal = /table: '(\w+)',\s*column: '(\w+)'/g;
  const placesIn = (text: string): string[] =>
    [...text.matchAll(literal)].map(([, table, column]) => `${table}.${column}`);
  return {
    places: [...new Set(texts.flatMap(({ text }) => placesIn(text)))].toSorted(),
    callers: texts.filter(({ text }) => /vault\??\.seal\(/.test(text)).map(({ file }) => file),
    withPlace: texts.filter(({ text }) => placesIn(text).length > 0).map(({ file }) => file),
  };
}

it('every column whose name says that it is sealed is one that is sealed anew, and the other way round', () => {
  expect(registered.length).toBeGreaterThanOrEqual(2);
  expect(sealedByName()).toEqual(registered);
});

it('every place that the code seals to is one that is sealed anew', () => {
  const { places, callers, withPlace } = sealedInCode();
  expect(places).toEqual(registered);
  expect(callers.length).toBeGreaterThanOrEqual(2);
  // The place is written where it is sealed, so that the search above sees all of them.
  expect(callers.filter((file) => !withPlace.includes(file))).toEqual([]);
});
