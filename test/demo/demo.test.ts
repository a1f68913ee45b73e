import { afterAll, beforeAll, expect, it } from 'vitest';
import { GraphqlClient } from '../../simulator/demo/graphql.js';
import { Narrator } from '../../simulator/demo/narrator.js';
import { setStage, type Stage } from '../../simulator/demo/stage.js';
import { tell } from '../../simulator/demo/story.js';

const BOXES = ['POMONABOX01', 'POMONABOX02', 'POMONABOX03', 'POMONABOX04', 'POMONABOX05'];
let stage: Stage;
let client: GraphqlClient;
const lines: string[] = [];

beforeAll(async () => {
  stage = await setStage(0);
  client = new GraphqlClient(`${stage.app.url}/graphql`, stage.token);
  const print = (line: string): void => void lines.push(line);
  const narrator = new Narrator(print);
  const signal = AbortSignal.timeout(50_000);
  await tell({ stage, client, narrator, print, signal }, { bought: BOXES.length, invited: 1 });
  narrator.hush();
}, 60_000);
afterAll(async () => {
  await client.close();
  await stage.strike();
});

/** What is told of a device, in order. */
const toldOf = (serial: string): string[] =>
  lines.filter((line) => line.startsWith(`  ${serial} `)).map((line) => line.slice(16).trim());

it('devices from Apple are told, assigned by rule, and configured in Setup Assistant, each step in a subscription', () => {
  const [first = [], ...others] = BOXES.map(toldOf);
  for (const told of others)
    expect(told).toEqual([
      'is told by Apple: bought, and still in its box',
      'has its profile at Apple, and its workflow here',
      'asks to enrol',
      'is enrolled, and waits in Setup Assistant',
      '✔ has everything its workflow wants (6 of 6)',
      '✔ leaves Setup Assistant',
    ]);
  expect(first.filter((line) => line === 'InstallProfile acknowledged')).toHaveLength(5);
  for (const line of ['is woken by a push', 'InstallApplication acknowledged', 'has 1 of 6'])
    expect(first).toContain(line);
});

it('the sync is seen page by page', () => {
  expect(toldOf('sync')).toEqual([
    'Apple tells, page by page: 4 new devices',
    'Apple tells, page by page: 5 new devices',
    'Apple has no more: 5 new devices',
  ]);
});

it('the devices that a sync told of are the ones that enrolled, and have what their workflow wants', async () => {
  const { devices } = await client.run<{
    devices: { nodes: { serialNumber: string; enrollment: object }[] };
  }>('{ devices(first: 20) { nodes { serialNumber enrollment { status } } } }');
  const serials = devices.nodes.map(({ serialNumber }) => serialNumber).sort();
  expect(serials).toEqual([...BOXES, 'POMONALINK1']);
  for (const { enrollment } of devices.nodes) expect(enrollment).toEqual({ status: 'ENROLLED' });
  // Five from the workflow, and the one that enrolled it.
  expect(stage.fleet.devices.map(({ state }) => state.profiles.size)).toEqual([6, 6, 6, 6, 6, 6]);
  expect(stage.fleet.devices.map(({ state }) => state.configured)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

it('a device that enrols by a link, and says NotNow first, gets there too', () => {
  const told = toldOf('POMONALINK1');
  expect(told).toContain('InstallProfile not_now');
  expect(told.at(-1)).toBe('✔ has everything its workflow wants (6 of 6)');
});
