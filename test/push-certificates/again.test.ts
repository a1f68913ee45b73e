import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OwedChannel } from '../../src/services/push/index.js';
import { PushesAgain } from '../../src/services/push-certificates/index.js';
import { onBothDatabases } from '../support/databases.js';
import { PushKit } from '../push/kit.js';
import { OTHER_TOPIC, TOPIC } from './kit.js';

onBothDatabases('Pushes that ended for want of a certificate', (name) => {
  let kit: PushKit;
  beforeAll(async () => {
    kit = await PushKit.create(name);
  });
  beforeEach(() => kit.begin());
  afterEach(() => kit.end());
  afterAll(() => kit.remove());

  const ended = (push: { status: string }): boolean => push.status === 'NOT_CONFIGURED';

  it('are owed once more to the devices that the new one can wake, and to no others', async () => {
    const [waiting, ...rest] = await kit.enrol(4);
    const [other, gone, retired] = rest;
    await kit.updateChannel(other!, { pushTopic: OTHER_TOPIC });
    const without = kit.sender({ client: () => undefined });
    for (const device of [waiting!, ...rest]) await kit.oweUntil(device, ended);
    await kit.updateChannel(gone!, { enabled: false });
    await kit.updateChannel(retired!, { tokenRetired: true });
    await without.stop();
    const again = new PushesAgain(kit.database, kit.pushes, kit.now);
    expect(await Promise.all([again.run(TOPIC), again.run(TOPIC)])).toContain(1);
    expect(await kit.pushesOf(waiting!)).toHaveLength(2);
    for (const device of rest) expect(await kit.pushesOf(device)).toHaveLength(1);
    kit.sender();
    await kit.pushUntil(waiting!, ({ status }) => status === 'DELIVERED');
    expect(await again.run(TOPIC)).toBe(0);
  });

  it('are left alone after a day', async () => {
    const [device] = await kit.enrol(1);
    const without = kit.sender({ client: () => undefined });
    await kit.oweUntil(device!, ended);
    await without.stop();
    kit.advance(25 * 3600);
    expect(await new PushesAgain(kit.database, kit.pushes, kit.now).run(TOPIC)).toBe(0);
  });

  it('are told of when the certificate comes between the attempt and its record', async () => {
    const [device, other] = await kit.enrol(2);
    await kit.updateChannel(other!, { pushTopic: OTHER_TOPIC });
    const client = kit.client();
    const outrun: OwedChannel[] = [];
    let attempts = 0;
    const come = { client: () => (attempts++ === 0 ? undefined : client) };
    kit.sender({ ...come, outrun: (channel) => void outrun.push(channel) });
    await kit.oweUntil(device!, ended);
    await kit.oweUntil(other!, ended);
    await kit.until(() => attempts >= 4);
    expect(outrun).toEqual([{ channelUuid: device!.channelUuid, deviceUuid: device!.deviceUuid }]);
  });
});
