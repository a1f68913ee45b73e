import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeDep, type DepServer } from '../../simulator/dep/index.js';
import { Context } from '../management-v1/kit.js';
import { onBothDatabases } from '../support/databases.js';

onBothDatabases('POST /management/v1/devices/fetch', (name) => {
  let fake: FakeDep;
  let apple: DepServer;
  let ctx: Context;
  beforeAll(async () => {
    fake = await FakeDep.start();
    apple = fake.addServer('Pomona');
    ctx = await Context.start(name, { DEP_URL: fake.url });
  });
  afterAll(async () => {
    await ctx.stop();
    await fake.close();
  });

  const fetchDevices = () => ctx.call('POST', '/devices/fetch');
  const account = async (accountName: string, of: DepServer): Promise<string> => {
    const { accounts } = ctx.server.app.services.dep;
    const { uuid, certificate } = await accounts.create(accountName);
    await accounts.uploadToken(uuid, fake.token(of, certificate));
    return uuid;
  };

  it('says how to configure it, also when an account has no token yet', async () => {
    await ctx.server.app.services.dep.accounts.create('Without a token');
    const reply = await fetchDevices();
    expect(reply).toMatchObject({
      status: 409,
      json: {
        code: 'FEATURE_NOT_AVAILABLE',
        error: expect.stringMatching(/^Feature not available: DEP .*depAccountCreate.*depAccountTokenUpload/),
      },
    });
  });

  it('answers what the sync of every account came to', async () => {
    const other = fake.addServer('Other');
    const [one, two] = [await account('One', apple), await account('Two', other)];
    for (const serial of ['A', 'B', 'C']) apple.devices.add(serial);
    other.devices.add('D');
    const first = await fetchDevices();
    const each = (uuid: string, accountName: string, added: number) => ({
      account_uuid: uuid,
      name: accountName,
      fetched: added,
      added,
      modified: 0,
      deleted: 0,
      cursor: expect.stringMatching(/./),
    });
    expect(first).toMatchObject({
      status: 200,
      json: {
        fetched: 4,
        added: 4,
        modified: 0,
        deleted: 0,
        accounts: [each(one, 'One', 3), each(two, 'Two', 1)],
      },
    });
    expect(first.json.cursor).toBe(first.json.accounts[1].cursor);
    const { json: devices } = await ctx.call('GET', '/devices');
    expect(devices.map((device: { serial_number: string }) => device.serial_number).sort()).toEqual([
      'A',
      'B',
      'C',
      'D',
    ]);
    apple.devices.remove('A');
    apple.devices.modify('B', { asset_tag: 'x' });
    expect((await fetchDevices()).json).toMatchObject({ fetched: 2, added: 0, modified: 1, deleted: 1 });
  });

  it("is a 502 with Apple's reason, and names the account; the others are synced", async () => {
    apple.termsUnsigned = true;
    const { accounts } = ctx.server.app.services.dep;
    const before = (await accounts.withToken()).map(({ syncedAt }) => syncedAt?.getTime() ?? 0);
    const reply = await fetchDevices();
    apple.termsUnsigned = false;
    expect(reply).toMatchObject({
      status: 502,
      json: {
        code: 'UPSTREAM_REFUSED',
        error: expect.stringContaining('terms'),
        details: { failure: 'TERMS_NOT_SIGNED', status: 403, account_name: 'One' },
      },
    });
    const after = (await accounts.withToken()).map(({ syncedAt }) => syncedAt?.getTime() ?? 0);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBeGreaterThan(before[1] ?? 0);
  });

  it('is a 409 while an account is being synced', async () => {
    const [one] = await ctx.server.app.services.dep.accounts.withToken();
    const { promise: until, resolve: goOn } = Promise.withResolvers<void>();
    fake.mishap({ path: '/devices/sync', until });
    const { done } = await ctx.server.app.services.dep.sync.start(one?.uuid ?? '');
    expect(await fetchDevices()).toMatchObject({ status: 409, json: { code: 'CONFLICT' } });
    goOn();
    await done;
    expect((await fetchDevices()).status).toBe(200);
  });
});
