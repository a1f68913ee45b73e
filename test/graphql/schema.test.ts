import { readFileSync } from 'node:fs';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildPomonaSchema } from '../../src/resolvers/schema.js';

const schema = buildPomonaSchema();
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

describe('the schema', () => {
  it('is valid, and is the one that is checked in (npm run schema)', () => {
    expect(validateSchema(schema)).toEqual([]);
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(readFileSync('schema.graphql', 'utf8'));
  });

  it('describes every type, field, argument, input and enum value', () => {
    const undescribed: string[] = [];
    const check = (name: string, description: string | null | undefined) => {
      if (!description) undescribed.push(name);
    };
    for (const type of types) {
      check(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field.description);
        if ('args' in field)
          for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg.description);
      }
    }
    expect(undescribed.filter((name) => !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name))).toEqual(
      [],
    );
  });

  it('leaves plain fields to graphql: no function around them', () => {
    for (const [type, field] of [
      ['Device', 'name'],
      ['Command', 'status'],
      ['Profile', 'payloadIdentifier'],
      ['Enrollment', 'status'],
    ] as const) {
      const object = schema.getType(type);
      expect(isObjectType(object) && object.getFields()[field]?.resolve).toBeUndefined();
    }
  });

  it('gives every mutation one input, and a payload with `query` and its own `userErrors`', () => {
    for (const { name, args, type } of Object.values(schema.getMutationType()!.getFields())) {
      const Name = name.charAt(0).toUpperCase() + name.slice(1);
      expect(args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${Name}Input!`]);
      expect(String(type)).toBe(`${Name}Payload!`);
      const payload = getNamedType(type);
      const fields = isObjectType(payload) ? payload.getFields() : {};
      expect(String(fields['query']?.type)).toBe('Query!');
      expect(String(fields['userErrors']?.type)).toBe(`[${Name}UserError!]!`);
      expect(isEnumType(schema.getType(`${Name}ErrorCode`))).toBe(true);
    }
  });

  it('pages every list that can grow', () => {
    for (const type of types) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type);
        if (!named.name.endsWith('Connection') || !isObjectType(named)) continue;
        const names = field.args.map((arg) => arg.name);
        expect(names, `${type.name}.${field.name}`).toEqual(expect.arrayContaining(['first', 'after']));
        expect(Object.keys(named.getFields())).toEqual(
          expect.arrayContaining(['edges', 'nodes', 'pageInfo']),
        );
      }
    }
  });
});
