import { beforeAll, describe, expect, it } from 'vitest';
import { buildPlist } from '../../src/apple/plist/index.js';
import type { SimulatedDevice } from '../../simulator/device/index.js';
import { useWorld } from '../graphql/world.js';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';

const RECOVERY_KEY = Buffer.from('sealed to the organisation');

onBothDatabases('Scopes', (name) => {
  const world = useWorld(name);
  const tokens = { bare: '', secrets: '', destructive: '', viewer: '' };
  let device: SimulatedDevice;
  let id = '';
  beforeAll(async () => {
    tokens.bare = await world.token('ADMIN');
    tokens.secrets = await world.token('OPERATOR', ['SECRETS']);
    tokens.destructive = await world.token('OPERATOR', ['DESTRUCTIVE']);
    tokens.viewer = await world.token('VIEWER', ['SECRETS']);
    device = await world.enrolled();
    id = await world.idOf(device);
  });

  const send = (input: Json, token?: string) =>
    world.server.graphql(
      'mutation ($input: CommandSendInput!) { got: commandSend(input: $input) { results { command { id uuid requestType } } userErrors { code } } }',
      { input: { deviceIds: [id], ...input } },
      token,
    );
  const get = async (path: string, token: string): Promise<Json> => {
    const response = await fetch(world.server.url + path, { headers: { authorization: `Bearer ${token}` } });
    return response.json();
  };
  const queued = async (): Promise<string[]> => {
    const { got } = await world.server.data(
      'query ($id: ID!) { got: device(by: { id: $id }) { queue(first: 100) { nodes { requestType } } } }',
      { id },
    );
    return got.queue.nodes.map((command: Json) => command.requestType);
  };

  describe('SECRETS, by GraphQL', () => {
    const ask = async (query: string, token: string): Promise<Json> =>
      (await world.server.graphql(query, {}, token)).data.got;

    it('shows what a command carries', async () => {
      const { data } = await send({
        requestType: 'VerifyFirmwarePassword',
        parameters: { Password: 'apple pie' },
      });
      const { uuid } = data.got.results[0].command;
      const query = `{ got: command(by: { uuid: "${uuid}" }) { requestType request payload } }`;
      for (const token of [tokens.secrets, tokens.viewer, world.server.token]) {
        const { request, payload } = await ask(query, token);
        expect(request).toMatchObject({ Password: 'apple pie' });
        expect(payload).toContain('apple pie');
      }
      for (const token of [tokens.bare, tokens.destructive]) {
        const hidden = { requestType: 'VerifyFirmwarePassword', request: null, payload: null };
        expect(await ask(query, token)).toEqual(hidden);
      }
    });

    it('shows answers that are keys; the others are for everyone', async () => {
      device.behave('SecurityInfo', {
        acknowledge: { SecurityInfo: { FDE_Enabled: true, FDE_PersonalRecoveryKeyCMS: RECOVERY_KEY } },
      });
      const { data } = await send({ requestType: 'SecurityInfo' });
      const list = await send({ requestType: 'CertificateList' });
      await device.connect();
      const command = `command(by: { uuid: "${data.got.results[0].command.uuid}" }) { status result }`;
      const other = `command(by: { uuid: "${list.data.got.results[0].command.uuid}" }) { result }`;
      const query = `{ got: server { version } command: ${command} other: ${other} device(by: { id: "${id}" }) { securityInfo { values } } }`;
      const seenBy = async (token: string): Promise<Json> =>
        (await world.server.graphql(query, {}, token)).data;
      const key = RECOVERY_KEY.toString('base64');
      const all = await seenBy(tokens.secrets);
      expect(all.command.result.SecurityInfo.FDE_PersonalRecoveryKeyCMS).toBe(key);
      expect(all.device.securityInfo.values).toEqual({ FDE_Enabled: true, FDE_PersonalRecoveryKeyCMS: key });
      const less = await seenBy(tokens.bare);
      expect(less.command).toEqual({ status: 'ACKNOWLEDGED', result: null });
      expect(less.device.securityInfo.values).toEqual({ FDE_Enabled: true });
      expect(less.other.result).toEqual(all.other.result);
      expect(less.other.result).toMatchObject({ Status: 'Acknowledged' });
      expect(JSON.stringify(less)).not.toContain(key);
    });
  });

  describe('SECRETS, by both doors', () => {
    it('shows what a profile carries, to the same callers', async () => {
      await world.profile(`org.example.scopes.${name}`);
      const query = `{ got: profile(by: { payloadIdentifier: "org.example.scopes.${name}" }) { uuid size content } }`;
      const { got: shown } = await world.server.data(query);
      for (const token of [tokens.secrets, tokens.viewer]) {
        const { data } = await world.server.graphql(query, {}, token);
        expect(data.got.content).toBe(shown.content);
        const one = await get(`/management/v1/profiles/${shown.uuid}`, token);
        expect([one.payload_data, one.profile_data]).toEqual([shown.content, shown.content]);
        expect(await get('/management/v1/profiles', token)).toContainEqual(one);
      }
      for (const token of [tokens.bare, tokens.destructive]) {
        const { data } = await world.server.graphql(query, {}, token);
        expect(data.got).toEqual({ ...shown, content: null });
        const one = await get(`/management/v1/profiles/${shown.uuid}`, token);
        expect(one).toMatchObject({ profile_uuid: shown.uuid, size: shown.size });
        expect(Object.keys(one)).not.toContain('payload_data');
        expect(Object.keys(one)).not.toContain('profile_data');
        expect(await get('/management/v1/profiles', token)).toContainEqual(one);
      }
    });
  });

  describe('SECRETS, by REST', () => {
    const SECRET = ['push_magic', 'token', 'unlock_token'];

    it('shows the tokens of a device, hexadecimal as they always were', async () => {
      const { uuid } = (
        await world.server.data('query ($id: ID!) { got: device(by: { id: $id }) { uuid } }', { id })
      ).got;
      const { pushMagic, pushToken, unlockToken } = device.state;
      const expected = {
        push_magic: pushMagic,
        token: pushToken?.toString('hex'),
        unlock_token: unlockToken?.toString('hex'),
      };
      for (const value of Object.values(expected)) expect(value).toMatch(/./);
      for (const token of [tokens.secrets, tokens.viewer]) {
        expect(await get(`/management/v1/devices/${uuid}`, token)).toMatchObject(expected);
        const list = (await get('/management/v1/devices', token)) as Json[];
        expect(list.find((one) => one.uuid === uuid)).toMatchObject(expected);
      }
      for (const token of [tokens.bare, tokens.destructive]) {
        const one = await get(`/management/v1/devices/${uuid}`, token);
        expect(one.uuid).toBe(uuid);
        const list = (await get('/management/v1/devices', token)) as Json[];
        for (const shape of [one, ...list]) {
          for (const key of SECRET) expect(Object.keys(shape)).not.toContain(key);
        }
      }
    });

    it('leaves out what a device has not given', async () => {
      const left = await world.enrolled();
      await left.checkOut();
      const query = 'query ($udid: String!) { got: device(by: { udid: $udid }) { uuid } }';
      const { uuid } = (await world.server.data(query, { udid: left.facts.udid })).got;
      const shape = await get(`/management/v1/devices/${uuid}`, tokens.secrets);
      expect(shape.enrolled).toBe(false);
      for (const key of ['push_magic', 'token']) expect(Object.keys(shape)).not.toContain(key);
    });
  });

  describe('DESTRUCTIVE', () => {
    const plist = buildPlist({ RequestType: 'EraseDevice' }).toString('base64');
    const message = buildPlist({ CommandUUID: 'mine', Command: { RequestType: 'DeviceLock' } }).toString(
      'base64',
    );

    it.each([
      ['by name', { requestType: 'EraseDevice' }],
      ['as a property list', { plist }],
      ['as a whole message', { plist: message }],
      ['spelt otherwise', { plist: buildPlist({ RequestType: ' erasedevice' }).toString('base64') }],
    ])('lets destructive commands be sent: %s', async (_how, input) => {
      const before = await queued();
      for (const token of [tokens.bare, tokens.secrets]) {
        const { data, errors } = await send(input, token);
        expect(data).toBeNull();
        expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
        expect(errors?.[0]?.message).toMatch(/scope DESTRUCTIVE.*commands\.destructive/);
      }
      expect(await queued()).toEqual(before);
      const { data } = await send(input, tokens.destructive);
      expect(data.got.userErrors).toEqual([]);
      expect(await queued()).toEqual([...before, data.got.results[0].command.requestType]);
    });

    it('is asked for on the socket as well', async () => {
      const query = `mutation { got: commandSend(input: { deviceIds: ["${id}"], requestType: "EraseDevice" }) { userErrors { code } } }`;
      const said = await (await world.socket(tokens.bare)).start(query).message();
      expect(said).toMatchObject({ payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
      expect(await (await world.socket(tokens.destructive)).start(query).data()).toEqual({
        got: { userErrors: [] },
      });
    });

    it('is asked for by REST as well', async () => {
      const post = async (token: string): Promise<{ status: number; json: Json }> => {
        const response = await fetch(`${world.server.url}/mdm/commands`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ udid: device.facts.udid, request_type: 'EraseDevice' }),
        });
        return { status: response.status, json: await response.json() };
      };
      expect(await post(tokens.bare)).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
      expect((await post(tokens.bare)).json.error).toContain('scope DESTRUCTIVE');
      expect((await post(tokens.destructive)).status).toBe(201);
    });

    it('is not asked for with other commands', async () => {
      expect((await send({ requestType: 'RestartDevice' }, tokens.bare)).data.got.userErrors).toEqual([]);
    });

    it('is told of each command type', async () => {
      const { commandTypes } = await world.server.data('{ commandTypes { requestType destructive } }');
      const named = commandTypes
        .filter((type: Json) => type.destructive)
        .map((type: Json) => type.requestType);
      expect(named.sort()).toEqual([
        'ClearActivationLockBypassCode',
        'ClearPasscode',
        'ClearRestrictionsPassword',
        'DeleteUser',
        'DeviceLock',
        'EnableLostMode',
        'EraseDevice',
        'RotateFileVaultKey',
        'SetAutoAdminPassword',
        'SetFirmwarePassword',
        'SetRecoveryLock',
      ]);
    });
  });

  describe('are given', () => {
    const CREATE = `mutation ($input: ApiTokenCreateInput!) {
      got: apiTokenCreate(input: $input) { token apiToken { role scopes } userErrors { code message path } } }`;
    const viewer = '{ got: viewer { role scopes permissions } }';

    it('to those asked for, in one order, and told by the viewer and the list', async () => {
      const input = { name: 'Both', role: 'OPERATOR', scopes: ['DESTRUCTIVE', 'SECRETS', 'SECRETS'] };
      const { got } = await world.server.data(CREATE, { input });
      expect(got.apiToken.scopes).toEqual(['SECRETS', 'DESTRUCTIVE']);
      const { data } = await world.server.graphql(viewer, {}, got.token);
      expect(data.got.scopes).toEqual(['SECRETS', 'DESTRUCTIVE']);
      expect(data.got.permissions).toEqual([
        'READ',
        'CATALOG_WRITE',
        'DEVICES_WRITE',
        'DEVICES_PUSH',
        'COMMANDS_WRITE',
        'SECRETS_READ',
        'COMMANDS_DESTRUCTIVE',
      ]);
      const { apiTokens } = await world.server.data('{ apiTokens(first: 100) { nodes { name scopes } } }');
      expect(apiTokens.nodes).toContainEqual({ name: 'Both', scopes: ['SECRETS', 'DESTRUCTIVE'] });
    });

    it('to no role by itself, and all to POMONA_ADMIN_TOKEN', async () => {
      expect((await world.server.graphql(viewer, {}, tokens.bare)).data.got).toMatchObject({
        role: 'ADMIN',
        scopes: [],
        permissions: expect.not.arrayContaining(['SECRETS_READ', 'COMMANDS_DESTRUCTIVE']),
      });
      expect((await world.server.data(viewer)).got.scopes).toEqual(['SECRETS', 'DESTRUCTIVE']);
    });

    it('never DESTRUCTIVE to a VIEWER, who is told why', async () => {
      const input = { name: 'No', role: 'VIEWER', scopes: ['DESTRUCTIVE'] };
      const { got } = await world.server.data(CREATE, { input });
      expect(got).toMatchObject({ token: null, apiToken: null });
      expect(got.userErrors).toEqual([
        { code: 'INVALID', message: expect.stringMatching(/VIEWER.*DESTRUCTIVE/), path: ['input', 'scopes'] },
      ]);
    });

    it('only by a token that has them itself', async () => {
      const some = await world.token('ADMIN', ['SECRETS']);
      const give = (scopes: string[], token: string) =>
        world.server.graphql(CREATE, { input: { name: 'Passed on', role: 'ADMIN', scopes } }, token);
      expect((await give(['SECRETS'], some)).data.got.apiToken.scopes).toEqual(['SECRETS']);
      for (const token of [some, tokens.bare]) {
        const { errors } = await give(['SECRETS', 'DESTRUCTIVE'], token);
        expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
        expect(errors?.[0]?.message).toContain('DESTRUCTIVE');
      }
      expect((await give([], tokens.bare)).data.got.apiToken.scopes).toEqual([]);
    });
  });
});
