import { onStage, type Bench } from './bench.js';
import { enrolledDevices, ready } from './fleet.js';
import { measure, type Measure } from './measure.js';
import { printTable } from './table.js';

const DEVICES = 500;

/** A device connects, says Idle, and has nothing to do: by far the most frequent request. */
export const idle: Bench = {
  name: 'idle',
  async run(context) {
    const proof = context.options.identity ?? 'signature';
    await onStage(context, async ({ server, client, authority }) => {
      const devices = await enrolledDevices({ count: DEVICES, url: server.url, authority, proof });
      const requests = devices.map((device) => ready(device.prepareIdle()));
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
      printTable(`idle (${context.database}, identity by ${proof})`, 'request', measures);
    });
  },
};
