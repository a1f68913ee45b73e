/**
 * A live device table for the terminal.
 *
 *   node examples/device-table.ts --url https://mdm.example.org --token "$POMONA_TOKEN" [--search text] [--once]
 *
 * The token may also come in POMONA_TOKEN, which keeps it out of the shell's history. `--once` prints the table and ends.
 * In a project of your own, import from '@pomona/client' and '@pomona/client/operations'.
 */
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { createClient, PomonaError, watching, type PomonaClient } from '../src/index.ts';
import {
  DeviceTable,
  LiveDeployments,
  LiveDevices,
  type DeviceRowFragment,
} from '../src/generated/operations.ts';

type Rows = Map<string, DeviceRowFragment>;

const COLUMNS: Record<string, (device: DeviceRowFragment) => string | null | undefined> = {
  NAME: ({ name }) => name,
  SERIAL: ({ serialNumber }) => serialNumber,
  PLATFORM: ({ platform }) => platform,
  OS: ({ osVersion }) => osVersion,
  ENROLLMENT: ({ enrollment }) => enrollment.status,
  WORKFLOW: ({ workflow }) => workflow?.name,
  DEPLOYMENT: ({ deployment }) =>
    // What was removed is counted in the total as well.
    deployment &&
    `${deployment.status} ${deployment.counts.installed}/${deployment.counts.total - deployment.counts.removed}`,
  'LAST SEEN': ({ lastSeenAt }) => lastSeenAt?.slice(0, 19).replace('T', ' '),
};
const WIDEST = 28;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    token: { type: 'string', default: process.env['POMONA_TOKEN'] },
    search: { type: 'string' },
    once: { type: 'boolean', default: false },
  },
});
let connection = 'connecting';
const client = createClient({
  url: options.url,
  token: options.token,
  onConnection: (state) => {
    connection = state === 'open' ? 'live' : 'reconnecting';
  },
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

try {
  if (options.once) process.stdout.write(`${tableOf(await readRows(client, stop.signal))}\n`);
  else await show(client, stop.signal);
} catch (error) {
  if (!(error instanceof PomonaError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  client.close();
}

/** Every device that is looked for, by id. */
async function readRows(from: PomonaClient, signal: AbortSignal): Promise<Rows> {
  const filter = options.search === undefined ? undefined : { search: options.search };
  const rows: Rows = new Map();
  const devices = from.paginate(DeviceTable, { first: 100, filter }, (data) => data.devices, { signal });
  for await (const device of devices) rows.set(device.id, device);
  return rows;
}

/** Draws the table, and again after every change. */
async function show(from: PomonaClient, signal: AbortSignal): Promise<void> {
  const filter = options.search === undefined ? undefined : { search: options.search };
  const tables = from.live({
    signal,
    read: (reading) => readRows(from, reading),
    watch: [watching(LiveDevices, { filter }), watching(LiveDeployments)],
    apply: (rows, event) => {
      if ('deviceChanged' in event) return withRow(rows, event.deviceChanged.device);
      // Deployments are told of all devices: only those that are shown matter.
      const { device } = event.deploymentProgress;
      return device && rows.has(device.id) ? withRow(rows, device) : rows;
    },
  });
  for await (const rows of tables) {
    const status = `${rows.size} devices, ${connection}, ${new Date().toLocaleTimeString()}`;
    process.stdout.write(`\u001B[H\u001B[2J${tableOf(rows)}\n\n${status}\n`);
  }
}

function withRow(rows: Rows, device: DeviceRowFragment | null): Rows {
  return device === null ? rows : rows.set(device.id, device);
}

function tableOf(rows: Rows): string {
  const lines = [
    Object.keys(COLUMNS),
    ...[...rows.values()].map((device) =>
      // A device names itself: what it says is not to move the cursor.
      Object.values(COLUMNS).map((column) => printable(column(device) ?? '-').slice(0, WIDEST)),
    ),
  ];
  const widths = Object.keys(COLUMNS).map((_, index) =>
    Math.max(...lines.map((line) => (line[index] ?? '').length)),
  );
  const padded = lines.map((line) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)));
  return padded.map((line) => line.join('  ').trimEnd()).join('\n');
}

function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ');
}
