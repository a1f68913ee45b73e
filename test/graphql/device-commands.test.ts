import { expect, it } from 'vitest';
import { commandType } from '../../src/apple/commands/index.js';
import type { PlistDict } from '../../src/apple/plist/index.js';
import { REFRESH } from '../../src/services/commands/refresh.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { useWorld } from './world.js';

const COMMAND = 'command { id uuid requestType status priority expiresAt request }';

/** The names DeviceInformation takes, by the catalogue. */
const QUERIES = new Set(
  commandType('DeviceInformation')?.keys[0]?.item?.options?.map((option) => option.name),
);

onBothDatabases('Named device commands', (name) => {
  const world = useWorld(name);

  const mutate = async (field: string, input: object, selection = COMMAND): Promise<Json> => {
    const Input = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const query = `mutation ($input: ${Input}!) {
      it: ${field}(input: $input) {
        results { deviceId device { id } ${selection} error { code message path } }
        userErrors { code message path }
        query { viewer { name } }
      }
    }`;
    return (await world.server.data(query, { input })).it;
  };
  const enrolled = async (options = {}): Promise<{ device: SimulatedDevice; id: string }> => {
    const device = await world.enrolled(options);
    return { device, id: await world.idOf(device) };
  };
  /** The command dictionaries a device was handed, with what they were named. */
  const handed = async (device: SimulatedDevice): Promise<PlistDict[]> => {
    const before = device.state.received.length;
    await device.connect();
    return device.state.received.slice(before).map(({ body }) => body);
  };

  it('reach the device as Apple writes them', async () => {
    const { device, id } = await enrolled();
    const deviceIds = [id];
    const sent: [string, object, PlistDict][] = [
      [
        'deviceLock',
        { message: 'Call us', phoneNumber: '+41 44 000 00 00', pin: '123456' },
        { RequestType: 'DeviceLock', Message: 'Call us', PhoneNumber: '+41 44 000 00 00', PIN: '123456' },
      ],
      ['deviceRestart', { notifyUser: true }, { RequestType: 'RestartDevice', NotifyUser: true }],
      ['deviceShutDown', {}, { RequestType: 'ShutDownDevice' }],
      [
        'deviceEnableLostMode',
        { message: 'Lost', phoneNumber: '1', footnote: 'Thanks' },
        { RequestType: 'EnableLostMode', Message: 'Lost', PhoneNumber: '1', Footnote: 'Thanks' },
      ],
      ['deviceDisableLostMode', {}, { RequestType: 'DisableLostMode' }],
      [
        'deviceRename',
        { name: 'Reception' },
        { RequestType: 'Settings', Settings: [{ Item: 'DeviceName', DeviceName: 'Reception' }] },
      ],
      [
        'deviceErase',
        {
          pin: '654321',
          preserveDataPlan: true,
          disallowProximitySetup: false,
          obliterationBehavior: 'DO_NOT_OBLITERATE',
        },
        {
          RequestType: 'EraseDevice',
          PIN: '654321',
          PreserveDataPlan: true,
          DisallowProximitySetup: false,
          ObliterationBehavior: 'DoNotObliterate',
        },
      ],
    ];
    for (const [field, input] of sent) {
      const payload = await mutate(field, { deviceIds, ...input });
      expect(payload).toMatchObject({
        results: [{ deviceId: id, device: { id }, command: { status: 'QUEUED' }, error: null }],
        userErrors: [],
        query: { viewer: { name: expect.any(String) } },
      });
    }
    expect(await handed(device)).toEqual(sent.map(([, , body]) => body));
  });

  it('take a priority and a time to expire, and answer for each device', async () => {
    const { id } = await enrolled();
    const stranger = Buffer.from('Device:018f3c6e-5b7a-7cc3-9d5e-0b6f0a1c2d3e').toString('base64url');
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const input = { deviceIds: [stranger, 'rubbish', id], priority: 7, expiresAt };
    const { results, userErrors } = await mutate('deviceRestart', input);
    expect(results).toMatchObject([
      { device: null, command: null, error: { code: 'NOT_FOUND', path: ['input', 'deviceIds', '0'] } },
      { device: null, command: null, error: { code: 'BAD_USER_INPUT', path: ['input', 'deviceIds', '1'] } },
      { device: { id }, command: { priority: 7, expiresAt }, error: null },
    ]);
    expect(userErrors).toHaveLength(2);
  });

  it('say which field was wrong, and queue nothing', async () => {
    const { device, id } = await enrolled();
    const refused: [string, object, string, RegExp][] = [
      ['deviceLock', { pin: '12345' }, 'pin', /exactly 6 characters/],
      ['deviceErase', { pin: '1234567' }, 'pin', /exactly 6 characters/],
      ['deviceEnableLostMode', { footnote: 'only' }, 'message', /one of Message, PhoneNumber/],
      ['deviceLock', { phoneNumber: 'nul\u0000' }, 'phoneNumber', /PhoneNumber/],
      ['deviceRename', { name: 'nul\u0000' }, 'name', /DeviceName/],
      ['deviceRestart', { priority: 101 }, 'priority', /-100 to 100/],
      ['deviceRestart', { expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt', /future/],
    ];
    for (const [field, input, at, why] of refused) {
      expect(await mutate(field, { deviceIds: [id], ...input })).toMatchObject({
        results: null,
        userErrors: [{ code: 'INVALID', path: ['input', at], message: expect.stringMatching(why) }],
      });
    }
    expect(await handed(device)).toEqual([]);
  });

  it('are not sent twice by accident: while one waits, a second is refused and the first is named', async () => {
    const { id } = await enrolled();
    const other = await enrolled();
    for (const field of [
      'deviceLock',
      'deviceErase',
      'deviceClearPasscode',
      'deviceRestart',
      'deviceShutDown',
    ]) {
      const first = (await mutate(field, { deviceIds: [id] })).results[0].command;
      const { results, userErrors } = await mutate(field, { deviceIds: [id, other.id] });
      expect(results).toMatchObject([
        {
          command: { id: first.id, status: 'QUEUED' },
          error: { code: 'ALREADY_PENDING', message: expect.stringContaining(first.uuid) },
        },
        { command: { requestType: first.requestType }, error: null },
      ]);
      expect(userErrors).toMatchObject([{ code: 'ALREADY_PENDING', path: ['input', 'deviceIds', '0'] }]);
    }
  });

  it('wait for a command until it is answered: handed out, or put off, it waits still', async () => {
    const { device, id } = await enrolled();
    const again = async (): Promise<Json> =>
      (await mutate('deviceRestart', { deviceIds: [id] })).results[0].error;
    expect(await again()).toBeNull();
    await device.idle();
    expect(await again()).toMatchObject({ code: 'ALREADY_PENDING' });
    device.behave('RestartDevice', { notNow: true }, 1);
    await device.connect();
    expect(await again()).toMatchObject({ code: 'ALREADY_PENDING' });
    await device.connect();
    expect(await again()).toBeNull();
  });

  it('also wait for what commandSend has sent; and commandSend waits for nothing', async () => {
    const { device, id } = await enrolled();
    const send = async (): Promise<Json> =>
      (await mutate('commandSend', { deviceIds: [id], requestType: 'DeviceLock' })).results[0];
    const { command } = await send();
    expect((await mutate('deviceLock', { deviceIds: [id] })).results[0]).toMatchObject({
      command: { id: command.id },
      error: { code: 'ALREADY_PENDING' },
    });
    expect((await send()).error).toBeNull();
    expect((await handed(device)).map(({ RequestType }) => RequestType)).toEqual([
      'DeviceLock',
      'DeviceLock',
    ]);
  });

  it('sent many times at the same moment are queued once', async () => {
    const { device, id } = await enrolled();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => mutate('deviceErase', { deviceIds: [id] })),
    );
    const results = answers.map((answer) => answer.results[0]);
    expect(new Set(results.map(({ command }) => command.uuid)).size).toBe(1);
    expect(results.filter(({ error }) => error === null)).toHaveLength(1);
    expect(await handed(device)).toHaveLength(1);
  });

  it('clear a passcode with the token that the device gave, which nobody is shown and no command is stored with', async () => {
    const phone = await enrolled();
    const mac = await enrolled({ platform: 'macOS' });
    const { results } = await mutate('deviceClearPasscode', { deviceIds: [mac.id, phone.id] });
    expect(results).toMatchObject([
      {
        command: null,
        error: { code: 'FEATURE_NOT_AVAILABLE', message: expect.stringMatching(/UnlockToken.*Macs/) },
      },
      { command: { requestType: 'ClearPasscode' }, error: null },
    ]);
    const { request, id } = results[1].command;
    expect(request).toEqual({ RequestType: 'ClearPasscode', UnlockToken: '' });
    const token = phone.device.state.unlockToken;
    expect(token?.length).toBeGreaterThan(0);
    expect(await handed(phone.device)).toEqual([{ RequestType: 'ClearPasscode', UnlockToken: token }]);
    const shown = 'query ($id: ID!) { command(by: { id: $id }) { status request } }';
    expect((await world.server.data(shown, { id })).command).toEqual({ status: 'ACKNOWLEDGED', request });
    const bodies = await world.server.app.database.query<{ fragment: Uint8Array }>(
      "SELECT fragment FROM command_bodies WHERE request_type = 'ClearPasscode'",
    );
    expect(bodies).toHaveLength(1);
    expect(Buffer.from(bodies[0]!.fragment).toString()).not.toContain(token?.toString('base64'));
  });

  it('clear a passcode with the newest token, and pass on one that an operator gives', async () => {
    const { device, id } = await enrolled();
    await mutate('deviceClearPasscode', { deviceIds: [id] });
    const newest = Buffer.from('another token, given after the command was queued');
    await device.tokenUpdate({ unlockToken: newest });
    expect(await handed(device)).toEqual([{ RequestType: 'ClearPasscode', UnlockToken: newest }]);
    const given = Buffer.from('from elsewhere').toString('base64');
    const parameters = { UnlockToken: given };
    await mutate('commandSend', { deviceIds: [id], requestType: 'ClearPasscode', parameters });
    const [body] = await handed(device);
    expect(body?.['UnlockToken']).toEqual(Buffer.from('from elsewhere'));
  });

  it('refresh everything an inventory shows, and ask nothing twice that waits already', async () => {
    const { device, id } = await enrolled({ platform: 'macOS' });
    const commands = 'commands { uuid requestType }';
    // Another question of the same type is no refresh.
    const parameters = { Queries: ['UDID'] };
    await mutate('commandSend', { deviceIds: [id], requestType: 'DeviceInformation', parameters });
    const first = (await mutate('deviceRefresh', { deviceIds: [id] }, commands)).results[0];
    expect(first.commands.map(({ requestType }: Json) => requestType)).toEqual(
      REFRESH.map(({ requestType }) => requestType),
    );
    const again = (await mutate('deviceRefresh', { deviceIds: [id] }, commands)).results[0];
    expect(again).toEqual({ ...first, error: null });
    expect(await handed(device)).toHaveLength(6);
    const inventory = `query ($id: ID!) {
      device(by: { id: $id }) {
        name information { asOf } securityInfo { asOf } installedProfiles { asOf } installedApplications { asOf totalCount }
        certificates { asOf }
      }
    }`;
    const asOf = expect.any(String);
    expect((await world.server.data(inventory, { id })).device).toMatchObject({
      name: device.facts.deviceName,
      information: { asOf },
      securityInfo: { asOf },
      installedProfiles: { asOf },
      installedApplications: { asOf, totalCount: 3 },
      certificates: { asOf },
    });
    const third = (await mutate('deviceRefresh', { deviceIds: [id] }, commands)).results[0];
    expect(third.commands[0].uuid).not.toBe(first.commands[0].uuid);
  });

  it('ask only what Apple knows', () => {
    const queries = REFRESH[0]?.parameters?.['Queries'] as string[];
    expect(new Set(queries).size).toBe(queries.length);
    expect(queries.filter((query) => !QUERIES.has(query))).toEqual([]);
  });

  it('load devices only for those who ask for them', async () => {
    const { id } = await enrolled();
    const statements = async (selection: string): Promise<number> => {
      let seen = 0;
      world.server.app.database.onStatement = (sql) => {
        if (/FROM [`"]devices[`"]/.test(sql)) seen += 1;
      };
      const query = `mutation ($input: CommandSendInput!) { commandSend(input: $input) { results { ${selection} } } }`;
      await world.server.data(query, { input: { deviceIds: [id], requestType: 'ProfileList' } });
      world.server.app.database.onStatement = undefined;
      return seen;
    };
    expect(await statements('command { uuid }')).toBe(0);
    expect(await statements('command { uuid } device { name }')).toBe(1);
  });

  it('need the scope DESTRUCTIVE where they lock people out', async () => {
    const { id } = await enrolled();
    const token = await world.token('OPERATOR');
    const outcome = async (field: string, input: object = {}): Promise<Json> => {
      const Input = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const query = `mutation ($input: ${Input}!) { it: ${field}(input: $input) { userErrors { code } } }`;
      const { errors, data } = await world.server.graphql(
        query,
        { input: { deviceIds: [id], ...input } },
        token,
      );
      return errors?.[0]?.extensions['code'] ?? data.it.userErrors;
    };
    for (const field of ['deviceLock', 'deviceErase', 'deviceClearPasscode', 'deviceEnableLostMode'])
      expect(await outcome(field)).toBe('FORBIDDEN');
    for (const field of ['deviceRestart', 'deviceShutDown', 'deviceRefresh', 'deviceDisableLostMode'])
      expect(await outcome(field)).toEqual([]);
    expect(await outcome('deviceRename', { name: 'Desk' })).toEqual([]);
  });
});
