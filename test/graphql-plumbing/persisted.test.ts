import { describe, expect, it } from 'vitest';
import { createPersisted, MAX_REMEMBERED, sha256 } from '../../src/resolvers/plumbing/persisted.js';
import { codesOf, startLimits } from './limits-kit.js';

const HELLO = '{ hello }';
const apq = (query: string, text = false) => ({
  ...(text ? { query } : {}),
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } },
});

describe('documents sent by their hash', () => {
  it('are asked for once, then known, by POST and GET', async () => {
    const server = await startLimits();
    const unknown = await server.post(apq(HELLO));
    // What Apollo's clients look at.
    expect(unknown.status).toBe(200);
    expect(unknown.body.errors?.[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    expect(unknown.headers.get('cache-control')).toContain('no-cache');
    expect((await server.post(apq(HELLO, true))).body).toEqual({ data: { hello: 'hello' } });
    expect((await server.post(apq(HELLO))).body).toEqual({ data: { hello: 'hello' } });
    const extensions = JSON.stringify(apq(HELLO).extensions);
    expect((await server.get({ extensions })).body).toEqual({ data: { hello: 'hello' } });
    expect((await server.post({ documentId: `sha256:${sha256(HELLO)}` })).body).toEqual({
      data: { hello: 'hello' },
    });
    expect((await server.get({ documentId: `sha256:${sha256(HELLO)}` })).body).toEqual({
      data: { hello: 'hello' },
    });
    await server.close();
  });

  it('are refused when the hash is another’s, or none', async () => {
    const server = await startLimits();
    for (const body of [
      { ...apq(HELLO), query: '{ work }' },
      { documentId: 'sha256:abc' },
      { documentId: sha256(HELLO) },
      { documentId: 7 },
      { query: HELLO, extensions: { persistedQuery: { version: 2, sha256Hash: sha256(HELLO) } } },
      { query: HELLO, extensions: { persistedQuery: 'yes' } },
      { extensions: { persistedQuery: { version: 1, sha256Hash: { toString: 1 } } } },
    ]) {
      const reply = await server.post(body);
      expect(reply.status).toBe(400);
      expect(codesOf(reply)).toEqual(['BAD_USER_INPUT']);
    }
    await server.close();
  });

  it('are not remembered when they are not valid', async () => {
    const server = await startLimits();
    expect(codesOf(await server.post(apq('{ nothing }', true)))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codesOf(await server.post(apq('{ nothing }')))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    await server.close();
  });

  it('pass the guard like any other', async () => {
    const server = await startLimits({ limits: { maxCost: 10 } });
    expect(codesOf(await server.post(apq('{ dear }', true)))).toEqual(['QUERY_TOO_COMPLEX']);
    expect(codesOf(await server.post(apq('{ dear }')))).toEqual(['QUERY_TOO_COMPLEX']);
    await server.close();
  });

  it('are forgotten, the oldest first, when they are many', () => {
    const persisted = createPersisted();
    const documents = Array.from({ length: MAX_REMEMBERED + 1 }, (_, n) => `{ a${n}: hello }`);
    for (const query of documents) persisted.remember(apq(query, true));
    expect(persisted.textOf(apq(documents[0]!))).toBeInstanceOf(Error);
    expect(persisted.textOf(apq(documents[1]!))).toBe(documents[1]);
    const large = (n: number): string => `{ a${n}: hello } #${'x'.repeat(60_000)}`;
    for (let n = 0; n < 200; n += 1) persisted.remember(apq(large(n), true));
    expect(persisted.textOf(apq(large(0)))).toBeInstanceOf(Error);
    expect(persisted.textOf(apq(large(199)))).toBe(large(199));
  });
});

describe('trusted documents', () => {
  const manifest = new Map([[sha256(HELLO), HELLO]]);

  it('can be asked for by hash from the start', async () => {
    const server = await startLimits({ persisted: { manifest } });
    expect((await server.post(apq(HELLO))).body).toEqual({ data: { hello: 'hello' } });
    expect((await server.post({ query: '{ work }' })).body).toEqual({ data: { work: 'done' } });
    await server.close();
  });

  it('alone are run where that is asked, on every transport', async () => {
    const server = await startLimits({ persisted: { manifest, trustedOnly: true } });
    for (const body of [
      apq(HELLO),
      { query: HELLO },
      apq(HELLO, true),
      { documentId: `sha256:${sha256(HELLO)}` },
    ])
      expect((await server.post(body)).body).toEqual({ data: { hello: 'hello' } });
    for (const body of [
      { query: '{ work }' },
      { query: `${HELLO} ` },
      apq('{ work }'),
      apq('{ work }', true),
      { query: '{ __schema { types { name } } }' },
      { query: '{ not GraphQL' },
    ]) {
      const reply = await server.post(body);
      expect(reply.status).toBe(400);
      expect(codesOf(reply)).toEqual(['DOCUMENT_NOT_TRUSTED']);
      const read = server.core.read(body);
      expect(
        'kind' in read ? [] : read.map((error) => server.core.format(error, 'id').extensions?.['code']),
      ).toEqual(['DOCUMENT_NOT_TRUSTED']);
    }
    expect(codesOf(await server.get({ query: '{ work }' }))).toEqual(['DOCUMENT_NOT_TRUSTED']);
    await server.close();
  });
});
