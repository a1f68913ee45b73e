import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { GraphqlClient } from '../../simulator/demo/graphql.js';
import { setStage } from '../../simulator/demo/stage.js';
import { buildWorkflows, createLink, narrate } from '../../simulator/demo/story.js';

it('The demo tells its story: every device converges, and each step is seen in a real subscription', async () => {
  const stage = await setStage(0);
  const client = new GraphqlClient(`${stage.app.url}/graphql`, stage.token);
  try {
    const link = await createLink(client, await buildWorkflows(client), 4);
    const fleet = await stage.invite(link, 4);
    const lines: string[] = [];
    const converged = new Set<string>();
    const done = Promise.withResolvers<void>();
    const hush = narrate(
      client,
      (line) => lines.push(line),
      (device) => {
        converged.add(device);
        if (converged.size === 4) done.resolve();
      },
    );
    // The protocol has no word for "subscribed", so it is given a moment.
    await sleep(300);
    await fleet.enrollAll(4);
    await done.promise;
    hush();
    const first = lines.filter((line) => line.includes('POMONADEMO01'));
    expect(first.filter((line) => line.endsWith('InstallProfile acknowledged'))).toHaveLength(5);
    expect(first.some((line) => line.endsWith('push delivered'))).toBe(true);
    expect(first.some((line) => line.endsWith('InstallApplication acknowledged'))).toBe(true);
    expect(
      lines.some((line) => line.includes('POMONADEMO03') && line.endsWith('InstallProfile not_now')),
    ).toBe(true);
    // Five from the workflow, and the one that enrolled it.
    expect([...fleet.devices].map((device) => device.state.profiles.size)).toEqual([6, 6, 6, 6]);
  } finally {
    await client.close();
    await stage.strike();
  }
});
