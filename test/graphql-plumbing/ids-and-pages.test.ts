import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PomonaError } from '../../src/errors.js';
import { pageOf } from '../../src/services/page.js';
import { createCursorCodec } from '../../src/resolvers/plumbing/cursor.js';
import { fromGlobalId, toGlobalId } from '../../src/resolvers/plumbing/global-id.js';
import {
  connectionFromArray,
  pageRequest,
  toConnection,
  type PageArgs,
} from '../../src/resolvers/plumbing/page.js';

const uuid = '018f3c6e-5b7a-7cc3-9d5e-0b6f0a1c2d3e';
const codec = createCursorCodec(Buffer.alloc(32, 1));

function refusal(work: () => unknown): PomonaError {
  try {
    work();
  } catch (error) {
    if (error instanceof PomonaError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('global ids', () => {
  it('come back as what they named', () => {
    const id = toGlobalId('Device', uuid.toUpperCase());
    expect(Buffer.from(id, 'base64url').toString()).toBe(`Device:${uuid}`);
    expect(fromGlobalId(id)).toEqual({ type: 'Device', uuid });
    expect(fromGlobalId(id, 'Device')).toEqual({ type: 'Device', uuid });
  });
  it('of another type are refused with both types named', () => {
    const { code, message } = refusal(() => fromGlobalId(toGlobalId('Profile', uuid), 'Device'));
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toMatch(/id of a Profile; the id of a Device/);
    const other = refusal(() => fromGlobalId(toGlobalId('Event', uuid), 'IdentityCertificate'));
    expect(other.message).toMatch(/id of an Event; the id of an IdentityCertificate/);
  });
  it.each([
    ['a serial number', 'C02XYZ'],
    ['a UUID', uuid],
    ['nothing', ''],
    ['padding', `${toGlobalId('Device', uuid)}=`],
    [
      'characters base64url does not have',
      `${toGlobalId('Device', uuid).slice(0, 8)} ${toGlobalId('Device', uuid).slice(8)}`,
    ],
    ['another shape inside', Buffer.from('Device:7').toString('base64url')],
    ['very much', 'A'.repeat(100_000)],
  ])('made of %s are refused', (_what, id) => {
    const error = refusal(() => fromGlobalId(id, 'Device'));
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message.length).toBeLessThan(400);
  });
  it('never throw anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(refusal(() => fromGlobalId(text)).code).toBe('BAD_USER_INPUT');
      }),
    );
  });
});

describe('cursors', () => {
  it('carry the values back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 3 }), (values) => {
        expect(codec.decode('devices', codec.encode('devices', values))).toEqual(values);
      }),
    );
  });
  it('are opaque text that fits a URL', () =>
    expect(codec.encode('x', ['ü', 1])).toMatch(/^[A-Za-z0-9_-]+$/));
  it('of another ordering or another key are refused', () => {
    const cursor = codec.encode('devices:name:asc', ['a', uuid]);
    expect(refusal(() => codec.decode('devices:name:desc', cursor)).code).toBe('BAD_USER_INPUT');
    expect(
      refusal(() => createCursorCodec(Buffer.alloc(32, 2)).decode('devices:name:asc', cursor)).code,
    ).toBe('BAD_USER_INPUT');
  });
  it('are refused when any byte was changed, and whatever else is sent', () => {
    const bytes = Buffer.from(codec.encode('x', ['a', 7]), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(refusal(() => codec.decode('x', changed.toString('base64url'))).code).toBe('BAD_USER_INPUT');
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => refusal(() => codec.decode('x', text)).code === 'BAD_USER_INPUT',
      ),
    );
  });
  it('want a key of 32 bytes', () =>
    expect(() => createCursorCodec(Buffer.alloc(16))).toThrow('at least 32 bytes'));
});

describe('page requests', () => {
  it.each<[PageArgs, object]>([
    [{}, { limit: 20, backward: false }],
    [
      { first: null, after: null, last: null, before: null },
      { limit: 20, backward: false },
    ],
    [{ first: 100 }, { limit: 100, backward: false }],
    [
      { first: 1, after: codec.encode('l', [3]) },
      { limit: 1, backward: false, after: [3] },
    ],
    [{ last: 5 }, { limit: 5, backward: true }],
    [{ before: codec.encode('l', [3]) }, { limit: 20, backward: true, after: [3] }],
  ])('%j', (args, request) => expect(pageRequest(args, 'l', codec)).toEqual(request));

  it.each<[PageArgs, RegExp]>([
    [{ first: 0 }, /`first` is 0; it can be 1 to 100/],
    [{ first: 101 }, /101/],
    [{ last: -1 }, /`last` is -1/],
    [{ first: 1, last: 1 }, /one pair/],
    [{ first: 1, before: 'x' }, /one pair/],
    [{ after: 'x', last: 1 }, /one pair/],
    [{ after: 'x' }, /not made by this list/],
  ])('refuse %j', (args, message) => {
    const error = refusal(() => pageRequest(args, 'l', codec));
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message).toMatch(message);
  });
});

/** A service's list of 0 … 9, read as a database would. */
function numbers(args: PageArgs) {
  const request = pageRequest(args, 'numbers', codec);
  const from = request.after?.[0] as number | undefined;
  const all = Array.from({ length: 10 }, (_, n) => n);
  const side = all.filter((n) => from === undefined || (request.backward ? n < from : n > from));
  const read = (request.backward ? side.toReversed() : side).slice(0, request.limit + 1);
  const page = pageOf(read, request, async () => all.length);
  return toConnection(page, args, (n) => codec.encode('numbers', [n]));
}

describe.each([
  ['a service’s page', numbers],
  [
    'a list in memory',
    (args: PageArgs) =>
      connectionFromArray(
        Array.from({ length: 10 }, (_, n) => n),
        args,
        'memory',
        codec,
        String,
      ),
  ],
])('connections over %s', (_what, list) => {
  it('walk forward to the end', () => {
    const seen: number[] = [];
    let connection = list({ first: 4 });
    expect(connection.pageInfo.hasPreviousPage).toBe(false);
    for (;;) {
      seen.push(...connection.nodes);
      if (!connection.pageInfo.hasNextPage) break;
      connection = list({ first: 4, after: connection.pageInfo.endCursor });
      expect(connection.pageInfo.hasPreviousPage).toBe(true);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  it('walk backward to the start, each page in the list’s order', () => {
    const last = list({ last: 4 });
    expect(last.nodes).toEqual([6, 7, 8, 9]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const middle = list({ last: 4, before: last.pageInfo.startCursor });
    expect(middle.nodes).toEqual([2, 3, 4, 5]);
    expect(middle.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const first = list({ last: 4, before: middle.edges[0]?.cursor ?? null });
    expect(first.nodes).toEqual([0, 1]);
    expect(first.pageInfo.hasPreviousPage).toBe(false);
  });
  it('say so when there is nothing', () => {
    const end = list({ first: 1, after: list({ last: 1 }).pageInfo.endCursor });
    expect(end.nodes).toEqual([]);
    expect(end.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    });
  });
});

describe('a list in memory that changes between pages', () => {
  const page = (items: string[], args: PageArgs) =>
    connectionFromArray(items, args, 'm', codec, (item) => item);
  const items = ['a', 'b', 'c', 'd'];
  const after = page(items, { first: 2 }).pageInfo.endCursor;
  it('finds its place by key when items came before it', () => {
    expect(page(['z', 'y', ...items], { first: 1, after }).nodes).toEqual(['c']);
  });
  it('goes on where the item was when it is gone', () => {
    expect(page(['a', 'c', 'd'], { first: 1, after }).nodes).toEqual(['c']);
  });
});
