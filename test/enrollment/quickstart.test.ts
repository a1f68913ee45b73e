import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { OPTIONS } from '../../src/config/index.js';
import { Playground } from '../../simulator/play/apple.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type Json, type TestServer } from '../support/server.js';

const page = readFileSync('docs/quickstart.md', 'utf8');
/** The GraphQL that the page sends with curl, in order. */
const [makeLink = '', look = '', send = ''] = [...page.matchAll(/-d '(\{"query".*\})'$/gm)].map(
  ([, body = '']) => (JSON.parse(body) as { query: string }).query,
);

let store: Store;
let playground: Playground;
let server: TestServer;
const lines: string[] = [];
beforeAll(async () => {
  store = await freshStore('sqlite');
  const folder = join(store.dataDir, 'apple');
  playground = await Playground.open({ folder, port: 0, print: (line) => lines.push(line) });
  const options = Object.entries(playground.options).map(([name, value]) => [
    name.replace('POMONA_', ''),
    value,
  ]);
  server = await startServer(store, Object.fromEntries(options));
});
afterAll(async () => {
  await playground.close();
  await server.stop();
  await store.remove();
});

/** Lines on the page have an example for what differs. */
const shown = (serialNumber: string): string[] =>
  lines.map((line) => line.replaceAll(serialNumber, '0CF2BE8D4A'));

it('takes a newcomer from nothing to an answered command, and shows what is really seen', async () => {
  const { link } = (await server.data(makeLink)).enrollmentProfileCreate;
  expect(await (await fetch(link)).text()).toContain('Orchard would like to manage this device');
  expect(await playground.enrol(link)).toBe(true);
  const { devices, enrollmentProfiles }: Json = await server.data(look);
  const [{ id, serialNumber, enrollment }] = devices.nodes;
  expect(enrollment.status).toBe('ENROLLED');
  expect(enrollmentProfiles.nodes).toEqual([{ name: 'First devices', usesLeft: 1, usedCount: 1 }]);
  const { commandSend } = await server.data(send.replace('RGV2…', id));
  expect(commandSend).toMatchObject({ results: [{ command: { status: 'QUEUED' } }], userErrors: [] });
  await vi.waitUntil(() => lines.some((line) => line.includes('SecurityInfo')), {
    timeout: 10_000,
    interval: 5,
  });
  expect(lines).toHaveLength(3);
  for (const line of shown(serialNumber)) expect(page).toContain(line);
});

it('says in the terminal why no device was enrolled', async () => {
  expect(await playground.enrol(`${server.url}/enroll/nothing`)).toBe(false);
  expect(lines.at(-1)).toBe('  No device was enrolled: The link answers 404');
  expect(await playground.enrol('no link')).toBe(false);
  expect(await playground.enrol('http://127.0.0.1:9/enroll/nothing')).toBe(false);
  expect(lines.at(-1)).toMatch(/No device was enrolled: fetch failed \(.+\)/);
});

it('has ten steps at most, and names only options and programs that there are', () => {
  expect([...page.matchAll(/^## \d+\./gm)].length).toBeLessThanOrEqual(10);
  const options = [...page.matchAll(/POMONA_([A-Z_]+)/g)].map((match) => match[1] ?? '');
  expect(options.filter((option) => !(option in OPTIONS))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const programs = [...page.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? '');
  expect(programs.filter((program) => !(program in scripts))).toEqual([]);
});
