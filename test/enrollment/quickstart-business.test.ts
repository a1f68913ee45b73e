import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Playground } from '../../simulator/play/apple.js';
import { HELP, obey } from '../../simulator/play/prompt.js';
import { freshStore, type Store } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';

const [, chapter = ''] = readFileSync('docs/quickstart.md', 'utf8').split(
  '## Devices from Apple Business Manager',
);
/** What the page sends, in order: GraphQL with files and ids still to be put in. */
const sent = [...chapter.matchAll(/^graphql '(\{.*\})'(?: \|)?$/gm)].map(([, body = '']) => body);

let store: Store;
let playground: Playground;
let server: TestServer;
let folder: string;
const lines: string[] = [];
const type = (line: string): Promise<void> => obey(playground, line, (one) => lines.push(one));

beforeAll(async () => {
  store = await freshStore('sqlite');
  folder = join(store.dataDir, 'apple');
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

/** By their beginnings, which say of what kind they are. */
const ids = new Map<string, string>();

/** Sends the next body of the page as a newcomer does, and looks whether the page shows the answer. */
async function follow(body: string): Promise<void> {
  const whole = body
    .replaceAll(/'\$\(base64 < (\S+) \| tr -d '\\n'\)'/g, (_, path: string) =>
      readFileSync(path.replace('data/simulated-apple', folder)).toString('base64'),
    )
    .replaceAll(/[\w]{8}…/g, (short) => ids.get(short) ?? short);
  const { query } = JSON.parse(whole) as { query: string };
  const answer = JSON.stringify({ data: await server.data(query) });
  const short = answer.replaceAll(/"id":"(\w{8})([\w=]+)"/g, (_, start: string, rest: string) => {
    ids.set(`${start}…`, start + rest);
    return `"id":"${start}…"`;
  });
  expect(chapter).toContain(short);
}

it('takes a newcomer from an account to a device that left its box configured, and shows what is really seen', async () => {
  const [create = '', certificate = '', upload = '', ...rest] = sent;
  await follow(create);
  const { depAccounts } = await server.data((JSON.parse(certificate) as { query: string }).query);
  writeFileSync(join(folder, 'certificate.pem'), depAccounts.nodes[0].certificate);
  await type(`token ${join(folder, 'certificate.pem')}`);
  await follow(upload);
  const look = rest.pop() ?? '';
  for (const body of rest) await follow(body);
  await server.app.services.dep.worker.idle();
  await type('devices');
  await type('unbox BOXPHONE1');
  const configured = (): boolean => lines.some((line) => line.includes('DeviceConfigured'));
  await vi.waitUntil(configured, { timeout: 10_000, interval: 5 });
  await follow(look);
  for (const line of lines) expect(chapter).toContain(line.replace(folder, 'data/simulated-apple'));
  expect(lines).toHaveLength(9);
});

it('the prompt says what is wrong, and what there is', async () => {
  const answerTo = async (line: string): Promise<string[]> => {
    const before = lines.length;
    await type(line);
    return lines.slice(before);
  };
  expect(await answerTo('')).toEqual([]);
  expect(await answerTo('help')).toEqual(HELP);
  expect(await answerTo('enrol all')).toEqual(['  "enrol all" is neither a link nor one of these:', ...HELP]);
  expect(await answerTo('token /nowhere.pem')).toEqual([
    expect.stringMatching(/^ {2}There is no token: ENOENT/),
  ]);
  expect(await answerTo('unbox boxphone1')).toEqual([
    '  BOXPHONE1 was not enrolled: It is out of its box already',
  ]);
  expect(await answerTo('unbox BOXMAC1')).toEqual([
    expect.stringContaining('BOXMAC1 was not enrolled: Apple has no profile for it'),
  ]);
  expect(await answerTo('unbox nobodys')).toEqual([
    "  NOBODYS was not enrolled: NOBODYS is none of Apple's for this server",
  ]);
  expect(await answerTo(`${server.url}/enroll/nothing`)).toEqual([
    '  No device was enrolled: The link answers 404',
  ]);
});
