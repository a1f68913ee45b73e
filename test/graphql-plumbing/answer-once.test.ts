import { GraphQLInt, GraphQLObjectType } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerOnce } from '../../src/resolvers/answer-once.js';

describe('A list that is answered once an operation', () => {
  const source = { uuid: 'w' };
  let calls = 0;
  let ask: (from: object, args: object, loaders: object) => unknown;
  beforeEach(() => {
    calls = 0;
    const type = new GraphQLObjectType({
      name: 'Workflow',
      fields: { profiles: { type: GraphQLInt, resolve: () => (calls += 1) } },
    });
    answerOnce(type, ['profiles']);
    const { resolve } = type.getFields()['profiles']!;
    ask = (from, args, loaders) => resolve?.(from, args, { loaders }, undefined as never);
  });

  it('is resolved again for another object, another page, and another operation; not for the same', () => {
    const loaders = {};
    expect([ask(source, { first: 1 }, loaders), ask(source, { first: 1 }, loaders)]).toEqual([1, 1]);
    expect(ask({ uuid: 'w' }, { first: 1 }, loaders)).toBe(2);
    expect(ask(source, { first: 2 }, loaders)).toBe(3);
    expect(ask(source, { last: 1 }, loaders)).toBe(4);
    expect(ask(source, { first: 1, after: 'x' }, loaders)).toBe(5);
    expect(ask(source, { first: 1 }, {})).toBe(6);
  });

  it('is refused for a field that is not there', () => {
    const type = new GraphQLObjectType({ name: 'Thing', fields: { a: { type: GraphQLInt } } });
    expect(() => answerOnce(type, ['b'])).toThrow('Thing has no list b');
  });
});
