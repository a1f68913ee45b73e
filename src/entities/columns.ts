import {
  Column,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type ColumnOptions,
  type ValueTransformer,
} from 'typeorm';

/**
 * Column kinds shared by all entities, so that one set of entities and migrations serves SQLite, MySQL and MariaDB.
 * Instants are UTC milliseconds since 1970 in a BIGINT: exact, ordered, and the same number in every dialect and driver.
 */

const toDate: ValueTransformer = {
  to: (value: Date | null | undefined) => (value instanceof Date ? value.getTime() : value),
  from: (value: number | string | null) => (value === null ? null : new Date(Number(value))),
};

const toNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: number | string | null) => (value === null ? null : Number(value)),
};

const toBuffer: ValueTransformer = {
  to: (value: Uint8Array | null | undefined) => value,
  from: (value: Uint8Array | null) =>
    value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength),
};

const toJson: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? value : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? null : (JSON.parse(value) as unknown)),
};

const toWords: ValueTransformer = {
  to: (value: readonly string[] | undefined) => (Array.isArray(value) ? value.join(',') : value),
  from: (value: string | null) => wordsIn(value),
};

type Extra = Pick<ColumnOptions, 'nullable' | 'default' | 'select'>;

/** The record's own UUIDv7, in its canonical 36 characters. */
export const UuidKey = (name = 'uuid'): PropertyDecorator =>
  PrimaryColumn({ name, type: 'varchar', length: 36 });

/** A key that is a text of its own, such as a fingerprint. */
export const TextKey = (name: string, length: number): PropertyDecorator =>
  PrimaryColumn({ name, type: 'varchar', length });

/** A whole number that is part of the key. */
export const PrimaryIntColumn = (name: string): PropertyDecorator => PrimaryColumn({ name, type: 'int' });

/** A reference to another record's UUID. */
export const UuidColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'varchar', length: 36, ...extra });

/** The database's own monotonic number: the order in which rows were inserted. */
export const SequenceKey = (): PropertyDecorator =>
  PrimaryGeneratedColumn('increment', { name: 'seq', type: 'bigint' });

export const TextColumn = (name: string, length: number, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'varchar', length, ...extra });

/** A short list of words from an enum, with commas between them. Null, in rows older than the column, is the empty list. */
export const WordsColumn = (name: string, length: number): PropertyDecorator =>
  Column({ name, type: 'varchar', length, nullable: true, transformer: toWords });

/** The list in the text of a `WordsColumn`, for those who read the row without its entity. */
export function wordsIn<W extends string>(text: string | null): W[] {
  return (text ?? '').split(',').filter((word): word is W => word !== '');
}

export const LongTextColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'longtext', ...extra });

export const JsonColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'longtext', transformer: toJson, ...extra });

export const BlobColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'longblob', transformer: toBuffer, ...extra });

export const IntColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'int', ...extra });

export const BigIntColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'bigint', transformer: toNumber, ...extra });

export const FlagColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'boolean', ...extra });

/** UTC milliseconds since 1970; a `Date` in the entity. */
export const InstantColumn = (name: string, extra: Extra = {}): PropertyDecorator =>
  Column({ name, type: 'bigint', transformer: toDate, ...extra });
