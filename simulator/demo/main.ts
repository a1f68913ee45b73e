import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphqlClient } from './graphql.js';
import { setStage } from './stage.js';
import { buildWorkflows, createLink, narrate } from './story.js';

const DEVICES = 10;
/** Longer than the demo needs on a slow machine. */
const PATIENCE_MS = 60_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `--once` ends the demo when all devices have converged, for tests; otherwise the server stays up until Ctrl-C, on
 * `POMONA_PORT` or 8080.
 */
async function main(once: boolean): Promise<void> {
  const stage = await setStage(once ? 0 : Number(process.env['POMONA_PORT'] ?? 8080));
  const client = new GraphqlClient(`${stage.app.url}/graphql`, stage.token);
  print(`\nPomona is up at ${stage.app.url}, with ${DEVICES} simulated devices and an APNs of its own.\n`);
  print('Devices enrol, profiles are uploaded, workflows are nested: Base in Office, Office in Sales.');
  const link = await createLink(client, await buildWorkflows(client), DEVICES);
  const fleet = await stage.invite(link, DEVICES);
  const done = new Set<string>();
  const finished = Promise.withResolvers<void>();
  const hush = narrate(client, print, (device) => {
    done.add(device);
    if (done.size === DEVICES) finished.resolve();
  });
  await sleep(300);
  print('\nSales goes to every device. This is a GraphQL subscription, live:\n');
  await fleet.enrollAll(4);
  await Promise.race([
    finished.promise,
    sleep(PATIENCE_MS, undefined, { ref: false }).then(() =>
      Promise.reject(new Error(`Only ${done.size} devices converged.`)),
    ),
  ]);
  print(`\nAll ${DEVICES} devices have everything their workflow wants.\n`);
  if (!once) {
    print(
      `The server stays up. Explore it at ${stage.app.url}/graphiql with this token:\n\n    ${stage.token}\n\nCtrl-C ends the demo and removes its data.\n`,
    );
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  }
  hush();
  await client.close();
  await stage.strike();
}

main(process.argv.includes('--once')).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
