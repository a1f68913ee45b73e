import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuthority } from '../../simulator/pki.js';
import { build, type Build } from '../support/build.js';
import { freshStore, onBothDatabases, type Store } from '../support/databases.js';
import { broken } from './invariants.js';
import { createWorkflow, Journey } from './journey.js';
import { readerOf, type Reader } from './reader.js';
import { ServerProcess } from './server-process.js';
import type { KillPoint } from './witness.js';

const ca = createAuthority('Device CA', { keyType: 'ec' });
/** Sometimes right after an answer, sometimes while the server is at work. */
const MOMENTS: readonly KillPoint['afterMs'][] = ['answer', 1, 4, 'answer', 2, 8];
const START_MS = 5_000;

onBothDatabases('The server, killed at any moment,', (name) => {
  let built: Build;
  let store: Store;
  let reader: Reader;
  let server: ServerProcess;
  let workflowId: string;
  const journeys: Journey[] = [];
  beforeAll(async () => {
    built = build();
    store = await freshStore(name);
    reader = readerOf(store);
    server = await ServerProcess.on(store, built, ca.certPem);
    await server.start();
    workflowId = await createWorkflow(server.url);
  });
  afterAll(async () => {
    for (const journey of journeys) journey.close();
    await server.kill();
    await store.remove();
    built.remove();
  });

  let requests = 0;

  it('is not needed to be killed for the journey to work', async () => {
    const journey = new Journey(server, workflowId, ca);
    expect(await journey.travel()).toBe(false);
    await journey.check(reader);
    expect(await broken(reader)).toEqual({});
    requests = journey.requests;
    journeys.push(journey);
  });

  it('has lost nothing it answered for, left nothing half done, and goes on', async () => {
    expect(requests).toBeGreaterThan(20);
    for (let request = 1; request <= requests; request += 1) {
      const point = { request, afterMs: MOMENTS[request % MOMENTS.length]! };
      const journey = new Journey(server, workflowId, ca, point);
      journeys.push(journey);
      expect(await journey.travel(), `killed at ${JSON.stringify(point)}`).toBe(true);

      await server.start();
      expect(await broken(reader), `after ${JSON.stringify(point)}`).toEqual({});
      for (const one of journeys) await one.check(reader);
      await journey.checkRedelivery();
      await journey.finish();
      expect(await broken(reader), `on the way after ${JSON.stringify(point)}`).toEqual({});
    }
    await server.kill();
    expect(server.errors).toEqual([]);
    // The middle one: how busy the machine is at one moment says nothing about the server.
    const starts = server.starts.toSorted((one, other) => one - other);
    expect(starts[Math.floor(starts.length / 2)]).toBeLessThan(START_MS);
  }, 240_000);
});
