import 'reflect-metadata';
import { GraphqlClient } from './graphql.js';
import { Narrator } from './narrator.js';
import { setStage, type Stage } from './stage.js';
import { tell } from './story.js';

const CAST = { bought: 10, invited: 2 };
const QUESTION =
  '{ devices { nodes { serialNumber enrollment { status } deployment { status workflow { name } } } } }';
/** Longer than the demo needs on a slow machine. */
const PATIENCE_MS = 120_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `--once` ends the demo when all devices have converged, for tests; otherwise the server stays up until Ctrl-C, on
 * `POMONA_PORT` or 8080.
 */
async function main(once: boolean): Promise<void> {
  const stage = await setStage(once ? 0 : Number(process.env['POMONA_PORT'] ?? 8080));
  const client = new GraphqlClient(`${stage.app.url}/graphql`, stage.token);
  const narrator = new Narrator(print);
  print(
    `\nPomona is up at ${stage.app.url}, with simulated devices, and stand-ins for Apple's push service and\nApple Business Manager.\n`,
  );
  try {
    await tell({ stage, client, narrator, print, signal: AbortSignal.timeout(PATIENCE_MS) }, CAST);
    if (!once) await stayUp(stage);
  } finally {
    narrator.hush();
    await client.close();
    await stage.strike();
  }
}

async function stayUp({ app, token }: Stage): Promise<void> {
  print(`The server stays up. Explore it at ${app.url}/graphiql with this token:\n\n    ${token}\n`);
  print(`Ask it, for example: ${QUESTION}\n\nCtrl-C ends the demo and removes its data.\n`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
}

main(process.argv.includes('--once')).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
