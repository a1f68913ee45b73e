import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Playground } from './apple.js';
import { HELP, obey } from './prompt.js';

/** Where Apple's own push service listens beside 443. */
const PORT = '2197';
const FOLDER = 'data/simulated-apple';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** `--port 3197`: where to listen instead, and at the next port with the stand-in for Apple Business Manager. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: PORT } } });
  const port = Number(values.port);
  const playground = await Playground.open({ folder: FOLDER, port, depPort: port + 1, print });
  const options = Object.entries(playground.options).map(([name, value]) => `${name}=${value}`);
  print('\nA stand-in for Apple is up. Start the server with it, in another terminal:\n');
  print(`    ${[...options, 'npm start'].join(' \\\n      ')}\n`);
  print(
    'Then paste an enrolment link here and press Enter: each time one simulated iPhone enrols. There is more:\n',
  );
  for (const line of HELP) print(line);
  print('');
  for await (const line of createInterface({ input: process.stdin })) await obey(playground, line, print);
  await playground.close();
}

main().catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const why = taken
    ? `port ${PORT} is taken: another one is running, it seems. End that one first.`
    : String(error);
  process.stderr.write(`The simulator cannot start: ${why}\n`);
  process.exit(1);
});
