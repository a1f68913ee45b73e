import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { PomonaError, typed } from '../../sdk/typescript/src/index.ts';
import {
  AssignWorkflow,
  CreateWorkflow,
  DevicePage,
  DeviceTable,
  EventsSince,
  NestedWorkflows,
  SendCommand,
  Session,
  UploadProfile,
  type DeviceRowFragment,
} from '../../sdk/typescript/src/generated/operations.ts';
import type { Role } from '../../sdk/typescript/src/generated/schema.ts';
import { grow } from '../graphql/orchard.js';
import { mobileconfig, useWorld } from '../graphql/world.js';
import { useClients } from './typescript-kit.js';

const EXAMPLE = join(import.meta.dirname, '../../sdk/typescript/examples/device-table.ts');
const run = promisify(execFile);

describe('the TypeScript client', () => {
  const world = useWorld('sqlite');
  const client = useClients(world);

  describe('asks and is answered', () => {
    it('with the types of the document', async () => {
      const data = await client().query(Session);
      expectTypeOf(data.viewer.role).toEqualTypeOf<Role>();
      expect(data).toMatchObject({ viewer: { role: 'ADMIN' }, server: { pushConfigured: false } });
    });

    it('at the address of /graphql too, with a token that is asked for', async () => {
      const made = client({ url: `${world.server.url}/graphql`, token: async () => world.server.token });
      expect((await made.query(Session)).viewer.role).toBe('ADMIN');
    });

    it('from plain text, whose type is unknown', async () => {
      const data = await client().query('query ($by: DeviceBy!) { device(by: $by) { id } }', {
        by: { serialNumber: 'nobody' },
      });
      expectTypeOf(data).toBeUnknown();
      expect(data).toEqual({ device: null });
    });

    it('from text that was given types by hand', async () => {
      const version = typed<{ server: { version: string } }, object>('{ server { version } }');
      expect((await client().query(version)).server.version).toMatch(/^\d/);
    });

    it('but does not take variables that do not fit, or leave out those that are needed', () => {
      const wrong = () => [
        // @ts-expect-error A page size is a number.
        client().query(DeviceTable, { first: 'ten' }),
        // @ts-expect-error A device page is of some device.
        client().query(DevicePage),
      ];
      expect(wrong).toBeTypeOf('function');
    });

    it('and does not send a mutation as a query, which could be sent twice', () => {
      expect(() => client().query(SendCommand, { input: { deviceIds: [] } })).toThrow(/mutate\(\)/);
    });
  });

  describe('tells what went wrong', () => {
    const failure = async (promise: Promise<unknown>): Promise<PomonaError> => {
      const error = await promise.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(PomonaError);
      return error as PomonaError;
    };

    it('with a code, an id for the log, and the input at fault', async () => {
      const error = await failure(client().query(DevicePage, { by: { id: 'rubbish' } }));
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', path: ['device'], inputPath: ['by', 'id'] });
      expect(error.requestId).toMatch(/./);
      expect(error.errors).toHaveLength(1);
    });

    it('with what could be answered all the same', async () => {
      const error = await failure(client().query('{ viewer { role } device(by: { id: "rubbish" }) { id } }'));
      expect(error).toMatchObject({
        code: 'BAD_USER_INPUT',
        data: { viewer: { role: 'ADMIN' }, device: null },
      });
    });

    it('about tokens and roles', async () => {
      expect(await failure(client({ token: 'wrong' }).query(Session))).toMatchObject({
        code: 'UNAUTHENTICATED',
        status: 401,
      });
      const viewer = client({ token: await world.token('VIEWER') });
      expect(
        await failure(viewer.mutate(SendCommand, { input: { deviceIds: [], requestType: 'ProfileList' } })),
      ).toMatchObject({ code: 'FORBIDDEN' });
    });

    it('about documents', async () => {
      expect(await failure(client().query('{ nothing }'))).toMatchObject({
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
      expect(await failure(client().query('{'))).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
      expect(() => client().query(42 as unknown as string)).toThrow(TypeError);
    });

    it('when nobody answers', async () => {
      expect(await failure(client({ url: 'http://127.0.0.1:1' }).query(Session))).toMatchObject({
        code: 'NETWORK',
      });
    });

    it('in userErrors, when a mutation is refused', async () => {
      const made = client();
      await made.mutate(CreateWorkflow, { input: { name: 'Twice' } });
      const { workflowCreate } = await made.mutate(CreateWorkflow, { input: { name: 'Twice' } });
      expect(workflowCreate).toMatchObject({ workflow: null, userErrors: [{ code: 'CONFLICT' }] });
    });
  });

  it('walks through a screenful of an admin: upload, assign, look at nested workflows and events', async () => {
    const made = client();
    const device = await world.enrolled();
    const deviceId = await world.idOf(device);
    const content = mobileconfig('org.example.sdk').toString('base64');
    const { profileCreate } = await made.mutate(UploadProfile, { input: { content } });
    expect(profileCreate.userErrors).toEqual([]);
    const inner = await made.mutate(CreateWorkflow, {
      input: { name: 'Inner', profileIds: [profileCreate.profile?.id ?? ''] },
    });
    const outer = await made.mutate(CreateWorkflow, {
      input: { name: 'Outer', includedWorkflowIds: [inner.workflowCreate.workflow?.id ?? ''] },
    });
    const after = await client.cursor();
    const workflowId = outer.workflowCreate.workflow?.id;
    const { deviceAssignWorkflow } = await made.mutate(AssignWorkflow, {
      input: { deviceIds: [deviceId], workflowId },
    });
    expect(deviceAssignWorkflow.results).toMatchObject([
      { deviceId, device: { workflow: { name: 'Outer' } } },
    ]);
    const { workflows } = await made.query(NestedWorkflows, { filter: { search: 'Outer' } });
    expect(workflows.nodes).toMatchObject([
      {
        name: 'Outer',
        rollout: { total: 1 },
        effectiveProfiles: [{ profile: { payloadIdentifier: 'org.example.sdk' } }],
        includedWorkflows: { nodes: [{ name: 'Inner' }] },
      },
    ]);
    const page = await made.query(DevicePage, { by: { udid: device.facts.udid } });
    expect(page.device).toMatchObject({
      id: deviceId,
      commands: { nodes: [{ requestType: 'InstallProfile' }] },
      deployment: { items: { nodes: [{ identifier: 'org.example.sdk' }] } },
    });
    const { events } = await made.query(EventsSince, { after });
    expect(events.nodes.map(({ type }) => type)).toContain('DEPLOYMENT_CHANGED');
  });

  describe('reads long lists', () => {
    beforeAll(() => grow(world.server.app.database, 250));

    it('page after page, each object once', async () => {
      const names = new Set<string | null>();
      let pages = 0;
      const made = client({
        fetch: (url, init) => {
          pages += 1;
          return fetch(url, init);
        },
      });
      const filter = { search: 'UDID-' };
      for await (const device of made.paginate(DeviceTable, { first: 100, filter }, (data) => data.devices)) {
        expectTypeOf(device).toEqualTypeOf<DeviceRowFragment>();
        names.add(device.name);
      }
      expect([names.size, pages]).toEqual([250, 3]);
    });

    it('in the example, which prints them as a table', async () => {
      const options = [
        '--url',
        world.server.url,
        '--token',
        world.server.token,
        '--search',
        'Device',
        '--once',
      ];
      const { stdout } = await run(process.execPath, [EXAMPLE, ...options]);
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).toMatch(/^NAME +SERIAL +PLATFORM +OS +ENROLLMENT +WORKFLOW +DEPLOYMENT +LAST SEEN$/);
      expect(lines).toHaveLength(251);
      expect(stdout).toMatch(/^Device 249 +S249 +IOS +- +ENROLLED +Level 4 +PENDING 0\/1 +\d{4}-/m);
    });

    it('and the example draws the table again when a device changes, until it is interrupted', async () => {
      const device = await world.enrolled();
      const { serialNumber } = device.facts;
      const options = ['--url', world.server.url, '--search', serialNumber];
      const env = { ...process.env, POMONA_TOKEN: world.server.token };
      const child = spawn(process.execPath, [EXAMPLE, ...options], { env });
      const ended = once(child, 'exit');
      let [seen, left] = ['', false];
      for await (const text of child.stdout.setEncoding('utf8')) {
        seen += String(text);
        if (!left && / ENROLLED.*1 devices/s.test(seen)) {
          left = true;
          await device.checkOut();
        }
        if (/UNENROLLED.*1 devices, live/s.test(seen)) child.kill('SIGINT');
      }
      expect(await ended).toEqual([0, null]);
      expect(seen).toContain('UNENROLLED');
    });

    it('and the example says what is wrong with a token', async () => {
      const options = ['--url', world.server.url, '--token', 'wrong', '--once'];
      const ended = run(process.execPath, [EXAMPLE, ...options]);
      await expect(ended).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^UNAUTHENTICATED: /),
      });
    });
  });
});
