import { randomBytes } from 'node:crypto';
import type { SimulatedDevice } from '../simulator/device/index.js';
import { onStage, type Bench } from './bench.js';
import type { Request } from './client.js';
import { enrolledDevices, ready, TOPIC } from './fleet.js';
import { measure, type Measure } from './measure.js';
import { printTable } from './table.js';

const DEVICES = 500;

/** A device that is enrolled brings a fresh push token, as all do after an update or a restart. Answered once it is on disk. */
export const tokenUpdate: Bench = {
  name: 'token-update',
  async run(context) {
    const proof = context.options.identity ?? 'signature';
    await onStage(context, async ({ server, client, authority }) => {
      const devices = await enrolledDevices({ count: DEVICES, url: server.url, authority, proof });
      // Two tokens by turns, so that every request changes its row.
      const requests = [0, 1].flatMap(() => devices.map(refresh));
      let turn = 0;
      const round = async (): Promise<void> => {
        const request = requests[(turn += 1) % requests.length];
        if (request !== undefined) await client.send(request);
      };
      const measures: Measure[] = [];
      for (const concurrency of context.options.concurrencies) {
        measures.push(
          await measure({
            concurrency,
            seconds: context.options.seconds,
            cpuMicros: () => server.cpuMicros(),
            round,
          }),
        );
      }
      printTable(`token-update (${context.database}, identity by ${proof})`, 'request', measures);
    });
  },
};

function refresh(device: SimulatedDevice): Request {
  const message = {
    Topic: TOPIC,
    Token: randomBytes(32),
    PushMagic: crypto.randomUUID(),
    AwaitingConfiguration: false,
  };
  return ready(device.prepareCheckIn('TokenUpdate', message));
}
