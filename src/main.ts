import 'reflect-metadata';
import { startApp, type App } from './app.js';
import { ConfigError, loadConfig } from './config/index.js';
import { createLog, print } from './log.js';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Pomona needs Node 24 or newer; this is ${process.versions.node}. Start it with \`npm start\`, which brings its own.\n`,
  );
  process.exit(1);
}

async function main(): Promise<void> {
  const config = loadConfig(process.env, process.argv.slice(2));
  const log = createLog(config.LOG_LEVEL);
  const app = await startApp(config, log);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Below what the log says of the start, where a person looks.
  await app.looked;
  greet(app);
}

function greet({ url, deviceUrl, firstToken: token, services }: App): void {
  print(
    `\nPomona is ready.\n  Explorer   ${url}/graphiql\n  GraphQL    ${url}/graphql\n  REST       ${url}/management/v1\n`,
  );
  if (deviceUrl !== url) print(`  Devices    ${deviceUrl}\n`);
  if (token !== undefined) {
    print(`\n  Your admin token, shown this once:\n\n    ${token}\n`);
  }
  if (!services.server.pushConfigured) {
    print(
      '\n  No device can enrol yet: there is no push certificate. docs/quickstart.md has one for simulated devices,\n' +
        '  docs/push-certificate.md leads to the one for real ones.\n',
    );
  }
  print('\n');
}

main().catch((error: unknown) => {
  const message =
    error instanceof ConfigError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`Pomona cannot start. ${message}\n`);
  process.exit(1);
});
