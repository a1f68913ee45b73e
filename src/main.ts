import 'reflect-metadata';
import { startApp, type App } from './app.js';
import { ConfigError, loadConfig } from './config/index.js';
import { createLog } from './log.js';

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
  log.info({ url: app.url, deviceUrl: app.deviceUrl }, 'Pomona is ready');
  greet(app);
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
}

function greet({ url, deviceUrl, firstToken: token }: App): void {
  process.stdout.write(
    `\nPomona is ready.\n  Explorer   ${url}/graphiql\n  GraphQL    ${url}/graphql\n  REST       ${url}/management/v1\n`,
  );
  if (deviceUrl !== url) process.stdout.write(`  Devices    ${deviceUrl}\n`);
  if (token !== undefined) {
    process.stdout.write(`\n  Your admin token, shown this once:\n\n    ${token}\n`);
  }
  process.stdout.write('\n');
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
