import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars';
import { extentOf } from './variables.js';

/** In: RFC 3339 with any offset, as a `Date`. Out: UTC with milliseconds. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description:
    'A moment, as RFC 3339 text. Answers are UTC with milliseconds ("2026-03-01T09:30:00.000Z"); any offset is accepted.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  // A page of answers has thousands of moments, and all of them are dates: the general way would check each several times.
  serialize: (value) => (value instanceof Date ? value.toISOString() : GraphQLDateTimeISO.serialize(value)),
});

/** Values, plus the characters of texts. */
const MAX_JSON = 1_048_576;
/** As deep as the guard lets variables be. */
const MAX_JSON_DEPTH = 32;

export const JSONValue = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description:
    'Any JSON value: object, list, text, number, boolean or null. At most a megabyte of it; large data goes into Base64 fields.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => {
    const { size } = extentOf(value, MAX_JSON_DEPTH);
    if (size <= MAX_JSON) return value;
    throw new GraphQLError(
      `This JSON value is larger than ${MAX_JSON} characters and values; send large data in a Base64 field.`,
    );
  },
});

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @param node where it stands, when it is written in the document */
function decode(value: unknown, node?: ValueNode): Buffer {
  if (typeof value !== 'string') throw new GraphQLError('Base64 is text; this value is not.');
  const text = /\s/.test(value) ? value.replace(/\s+/g, '') : value;
  if (text.length % 4 !== 0 || !BASE64.test(text)) {
    throw new GraphQLError(
      'Not base64: standard alphabet (A–Z a–z 0–9 + /) padded with "=" to a multiple of four.',
      { nodes: node },
    );
  }
  return Buffer.from(text, 'base64');
}

/**
 * In: base64 text (line breaks allowed), as a `Buffer`. Out: base64 of the bytes, without line breaks.
 * graphql-scalars' Byte is not used: it reads text that is both hexadecimal and base64 as hexadecimal, and
 * quotes the whole value when it refuses it.
 */
export const Base64 = new GraphQLScalarType<Buffer, string>({
  name: 'Base64',
  description: 'Bytes as base64 text with padding; line breaks inside are ignored.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
  serialize: (value) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    throw new GraphQLError('Base64 can only be made from bytes.');
  },
  parseValue: (value) => decode(value),
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING)
      throw new GraphQLError('Base64 is text; this value is not.', { nodes: node });
    return decode(node.value, node);
  },
});

/** For `buildSchema({ scalarsMap })`: TypeScript types that stand for these scalars without being named. */
export const scalarsMap = [
  { type: Date, scalar: DateTime },
  { type: Buffer, scalar: Base64 },
];
