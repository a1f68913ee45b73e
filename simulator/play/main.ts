import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { Playground } from './apple.js';

/** Where Apple's own service listens beside 443. */
const PORT = 2197;
const FOLDER = 'data/simulated-apple';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const playground = await Playground.open({ folder: FOLDER, port: PORT, print });
  const options = Object.entries(playground.options).map(([name, value]) => `${name}=${value}`);
  print('\nA stand-in for Apple is up. Start the server with it, in another terminal:\n');
  print(`    ${[...options, 'npm start'].join(' \\\n      ')}\n`);
  print(
    'Then paste an enrolment link here and press Enter: each time one simulated iPhone enrols. Ctrl-C ends it.\n',
  );
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== '') await playground.enrol(line.trim());
  }
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
