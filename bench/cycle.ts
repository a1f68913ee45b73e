import type { SimulatedDevice } from '../simulator/device/index.js';
import { onStage, type Bench, type Stage } from './bench.js';
import type { Client, Request } from './client.js';
import { enrolledDevices, ready } from './fleet.js';
import { deviceIds, graphqlRequest } from './graphql.js';
import { measure, type Measure } from './measure.js';
import type { IdentityProof } from './options.js';
import { printTable } from './table.js';

const DEVICES = 512;
/** A command whose answer tells nothing further, so that the queue is what is measured. */
const SEND = `mutation ($id: ID!) { commandSend(input: { deviceIds: [$id], requestType: "RestartDevice" }) { userErrors { message } } }`;

/**
 * The life of a command: an operator queues it through GraphQL, the device connects and is handed it, acknowledges it, and
 * is told that there is nothing more. Three requests a cycle.
 */
export const cycle: Bench = {
  name: 'cycle',
  async run(context) {
    const proof = context.options.identity ?? 'header';
    await onStage(context, async (stage) => {
      const actors = await actorsOn(stage, proof);
      const measures: Measure[] = [];
      for (const concurrency of context.options.concurrencies) {
        const turns = Array.from({ length: concurrency }, (_, worker) => worker);
        const round = async (worker: number): Promise<void> => {
          // Each worker has devices of its own: two connections of one device would take each other's commands.
          const actor = actors[(turns[worker] = ((turns[worker] ?? 0) + concurrency) % DEVICES)];
          if (actor !== undefined) await oneCycle(stage.client, actor);
        };
        const { server } = stage;
        measures.push(
          await measure({
            concurrency,
            seconds: context.options.seconds,
            cpuMicros: () => server.cpuMicros(),
            round,
          }),
        );
      }
      printTable(`cycle (${context.database}, identity by ${proof})`, 'cycle', measures);
    });
  },
};

interface Actor {
  readonly device: SimulatedDevice;
  readonly send: Request;
  readonly idle: Request;
}

/** An answer to a command can only be signed once the command is known, hence the quick kind of key. */
async function actorsOn({ server, client, authority }: Stage, proof: IdentityProof): Promise<Actor[]> {
  const devices = await enrolledDevices({ count: DEVICES, url: server.url, authority, proof, keyType: 'ec' });
  const ids = await deviceIds(client);
  return devices.map((device) => ({
    device,
    send: graphqlRequest(SEND, { id: ids.get(device.facts.udid) }),
    idle: ready(device.prepareIdle()),
  }));
}

async function oneCycle(client: Client, { device, send, idle }: Actor): Promise<void> {
  const sent = await client.send(send);
  if (!sent.includes('"userErrors":[]')) throw new Error(`The command was refused: ${sent.toString()}`);
  const uuid = commandUuid(await client.send(idle));
  const rest = await client.send(ready(device.prepareReport('Acknowledged', uuid)));
  if (rest.length > 0) throw new Error('The device was handed a command that nobody sent.');
}

function commandUuid(message: Buffer): string {
  const [, uuid] = /<key>CommandUUID<\/key>\s*<string>([^<]+)/.exec(message.toString('latin1')) ?? [];
  if (uuid === undefined) throw new Error('The device was not handed its command.');
  return uuid;
}
