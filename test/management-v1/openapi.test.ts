import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSIONS } from '../../src/services/access.js';
import { OPERATIONS } from '../../src/rest/routes.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { Contract } from './contract.js';
import { Context } from './kit.js';
import { seedExamples } from './seed.js';

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

function operationsOf(document: Json): Described[] {
  return Object.entries(document.paths as Record<string, Json>).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Json>).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );
}

/** Every example of a body beside the place of its schema. */
function bodyExamples(document: Json): { place: string[]; value: unknown }[] {
  const of = (place: string[], content: Json): { place: string[]; value: unknown }[] => {
    const media = content?.['application/json'];
    if (media === undefined) return [];
    const values =
      media.examples === undefined
        ? [media.example]
        : Object.values(media.examples as object).map((one) => one.value);
    return values.map((value: unknown) => ({
      place: [...place, 'content', 'application/json', 'schema'],
      value,
    }));
  };
  const responses = (place: string[], all: object) =>
    Object.entries(all).flatMap(([name, one]: [string, Json]) => of([...place, name], one.content));
  return [
    ...responses(['components', 'responses'], document.components.responses),
    ...operationsOf(document).flatMap(({ path, method, operation }) => [
      ...of(['paths', path, method, 'requestBody'], operation.requestBody?.content),
      ...responses(['paths', path, method, 'responses'], operation.responses),
    ]),
  ];
}

describe('openapi.json', () => {
  let ctx: Context;
  let document: Json;
  beforeAll(async () => {
    ctx = await Context.start('sqlite', { PUBLIC_URL: 'https://mdm.example.org' });
    ({ json: document } = await ctx.call('GET', '/openapi.json', { authorization: null }));
  });
  afterAll(() => ctx.stop());

  test('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  test('says where the server is, and how to be let in', () => {
    expect(document.servers).toEqual([{ url: 'https://mdm.example.org' }]);
    expect(document.security).toEqual([{ basic: [] }, { bearer: [] }]);
    expect(document.components.securitySchemes).toMatchObject({
      basic: { type: 'http', scheme: 'basic' },
      bearer: { type: 'http', scheme: 'bearer' },
    });
  });

  test('has every operation that is served, with a name, words, a tag and its permission', () => {
    const described = operationsOf(document);
    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      OPERATIONS.map(
        ({ method, path }) => `${method.toLowerCase()} /management/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`,
      ).sort(),
    );
    expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(described.length);
    const tags = document.tags.map((tag: { name: string }) => tag.name);
    for (const { operation } of described) {
      expect(operation.summary).toMatch(/^[A-Z].{8,}/);
      expect(tags).toContain(operation.tags[0]);
      expect(PERMISSIONS).toContain(operation['x-permission']);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '500', '503']),
      );
    }
  });

  test('has an example of every parameter, body and answer, and each is what its schema says', () => {
    const contract = new Contract(document);
    for (const { place, value } of bodyExamples(document)) {
      expect({ place, value, fault: contract.schemaFault(place, value) }).toEqual({
        place,
        value,
        fault: undefined,
      });
      expect(value).toBeDefined();
    }
    for (const { path, method, operation } of operationsOf(document)) {
      for (const [index, { example }] of (operation.parameters ?? []).entries()) {
        const place = ['paths', path, method, 'parameters', String(index), 'schema'];
        expect(contract.schemaFault(place, example)).toBeUndefined();
      }
    }
  });

  test('names every field of what it takes and answers', () => {
    for (const name of ['NewProfile', 'NewWorkflow', 'NewApplication', 'Assignment', 'Device', 'Failure'])
      expect(Object.keys(document.components.schemas)).toContain(name);
    expect(document.components.schemas.NewProfile.required).toEqual(['payload_identifier']);
    expect(document.components.schemas.NewWorkflow.properties).toHaveProperty('included_workflows');
  });

  test('is answered from memory, and a reader that has it is told so', async () => {
    const url = `${ctx.server.url}/management/v1/openapi.json`;
    const { headers } = await fetch(url);
    const again = await fetch(url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });
});

onBothDatabases('the examples of openapi.json', (name) => {
  let ctx: Context;
  beforeAll(async () => {
    ctx = await Context.start(name);
  });
  afterAll(() => ctx.stop());

  /** The requests an operation gives examples of: each body, and the query where there is one. */
  function requests({ path, operation }: Described): { path: string; json?: unknown }[] {
    const parameters = (operation.parameters ?? []) as Json[];
    const address = path.replaceAll(/\{(\w+)\}/g, (_, parameter) =>
      encodeURIComponent(parameters.find((one) => one.name === parameter).example as string),
    );
    const query = new URLSearchParams(
      parameters
        .filter((one) => one.in === 'query')
        .map((one): [string, string] => [one.name, String(one.example)]),
    );
    const bodies = Object.values(
      (operation.requestBody?.content['application/json'].examples ?? {}) as object,
    );
    if (bodies.length > 0) return bodies.map(({ value }) => ({ path: address, json: value as unknown }));
    return [{ path: address }, ...(query.size > 0 ? [{ path: `${address}?${query}` }] : [])];
  }

  test('succeed when they are sent as they are, and are answered as it says', async () => {
    const { json: document } = await ctx.call('GET', '/openapi.json');
    const sent: string[] = [];
    for (const described of operationsOf(document)) {
      const { method, operation } = described;
      const win = Object.keys(operation.responses).find((status) => status.startsWith('2'));
      for (const { path, json } of requests(described)) {
        await seedExamples(ctx);
        const verb = method.toUpperCase();
        // `call` holds every answer against the document.
        const reply = await ctx.call(
          verb,
          path.replace('/management/v1', ''),
          json === undefined ? {} : { json },
        );
        expect(`${verb} ${path} ${reply.status} ${reply.text}`).toBe(
          // Not before there is something to fetch from.
          `${verb} ${path} ${operation.operationId === 'fetchDevices' ? '409' : win} ${reply.text}`,
        );
        sent.push(operation.operationId);
      }
    }
    expect(new Set(sent).size).toBe(OPERATIONS.length);
    expect(sent.length).toBeGreaterThan(OPERATIONS.length + 8);
  });
});
