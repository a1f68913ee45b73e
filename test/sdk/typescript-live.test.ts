import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watching, type PomonaClient } from '../../sdk/typescript/src/index.ts';
import {
  AssignWorkflow,
  DeviceTable,
  LiveCommands,
  LiveDeployments,
  LiveDevices,
  Session,
  type DeviceRowFragment,
  type LiveCommandsSubscription,
} from '../../sdk/typescript/src/generated/operations.ts';
import { CommandStatus } from '../../sdk/typescript/src/generated/schema.ts';
import { useWorld } from '../graphql/world.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { useClients } from './typescript-kit.js';

describe('the live half of the TypeScript client', () => {
  const world = useWorld('sqlite');
  const client = useClients(world);

  describe('subscribes', () => {
    it('and sees a command through, until it leaves the loop', async () => {
      const device = await world.enrolled();
      const deviceIds = [await world.idOf(device)];
      const after = await client.cursor();
      await client.send(deviceIds, 'SecurityInfo');
      await device.connect();
      const seen: (CommandStatus | null)[] = [];
      for await (const { commandUpdated } of client().subscribe(LiveCommands, { deviceIds, after })) {
        seen.push(commandUpdated.status);
        if (commandUpdated.status === CommandStatus.ACKNOWLEDGED) break;
      }
      expect(seen).toEqual(['QUEUED', 'SENT', 'ACKNOWLEDGED']);
    });

    it('and ends quietly when it is aborted, before, while waiting, and when the client is closed', async () => {
      const made = client();
      const ended = async (signal?: AbortSignal): Promise<string> => {
        for await (const event of made.subscribe(LiveDevices, { filter: { ids: [] } }, { signal }))
          return String(event);
        return 'ended';
      };
      expect(await ended(AbortSignal.abort())).toBe('ended');
      const opened = Promise.withResolvers<void>();
      const stop = new AbortController();
      const watched = client({ onConnection: () => opened.resolve() });
      const waiting = (async () => {
        for await (const event of watched.subscribe(
          LiveDevices,
          { filter: { ids: [] } },
          { signal: stop.signal },
        ))
          return String(event);
        return 'ended';
      })();
      await opened.promise;
      stop.abort();
      expect(await waiting).toBe('ended');
      const other = ended();
      made.close();
      expect(await other).toBe('ended');
    });

    it('and an aborted query rejects with the reason', async () => {
      const reason = new Error('no longer wanted');
      await expect(client().query(Session, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('and is told why it may not', async () => {
      const next = (made: PomonaClient, variables = {}) =>
        made.subscribe(LiveCommands, variables)[Symbol.asyncIterator]().next();
      await expect(next(client({ token: 'wrong' }), { after: 'x' })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
      await expect(next(client(), { after: 'rubbish' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await expect(next(client({ url: 'http://127.0.0.1:1' }), { after: 'x' })).rejects.toMatchObject({
        code: 'CONNECTION_LOST',
      });
    });
  });

  describe('goes on after a lost socket', () => {
    let proxy: TcpProxy;
    beforeAll(async () => {
      proxy = await TcpProxy.before(world.server.url);
    });
    afterAll(() => proxy.close());

    it('with every event that came meanwhile, and none twice', async () => {
      const device = await world.enrolled();
      const deviceIds = [await world.idOf(device)];
      const states: string[] = [];
      const made = client({
        url: proxy.through(world.server.url),
        onConnection: (state) => states.push(state),
      });
      const told = made.subscribe(LiveCommands, { deviceIds, after: await client.cursor() });
      const events = told[Symbol.asyncIterator]();
      const next = async (): Promise<LiveCommandsSubscription['commandUpdated']> => {
        const { value, done } = await events.next();
        if (done === true) throw new Error('ended');
        return value.commandUpdated;
      };
      const ids = [await client.send(deviceIds, 'SecurityInfo')];
      expect((await next()).command?.id).toBe(ids[0]);
      for (const gone of [() => proxy.cut(), () => proxy.vanish()]) {
        await gone();
        const missed = [
          await client.send(deviceIds, 'ProfileList'),
          await client.send(deviceIds, 'CertificateList'),
        ];
        await proxy.restore();
        expect([(await next()).command?.id, (await next()).command?.id]).toEqual(missed);
      }
      expect(states).toEqual(['open', 'lost', 'open', 'lost', 'open']);
      await events.return?.();
    });

    it('but says so when the subscription cannot tell where it was', async () => {
      const opened = Promise.withResolvers<void>();
      const blind = client({ url: proxy.through(world.server.url), onConnection: () => opened.resolve() });
      const events = blind.subscribe('subscription { commandUpdated(deviceIds: []) { status } }');
      const first = events[Symbol.asyncIterator]().next();
      void opened.promise.then(() => proxy.cut());
      await expect(first).rejects.toThrow(/Declare `\$after: String`/);
    });

    it('so that a table misses nothing', async () => {
      const device = await world.enrolled();
      const id = await world.idOf(device);
      const workflowId = await world.workflow('Of a table', {
        profileIds: [await world.profile('org.example.table')],
      });
      const made = client({ url: proxy.through(world.server.url) });
      const tables = made.live({
        read: async (signal) => {
          const { devices } = await made.query(DeviceTable, { filter: { ids: [id] } }, { signal });
          // A change right after the state was read, before anything is subscribed to.
          await client().mutate(AssignWorkflow, { input: { deviceIds: [id], workflowId } });
          return new Map<string, DeviceRowFragment>(devices.nodes.map((row) => [row.id, row]));
        },
        watch: [
          watching(LiveDevices, { filter: { ids: [id] } }),
          watching(LiveDeployments, { deviceIds: [id] }),
        ],
        apply: (rows, event) => {
          const told = 'deviceChanged' in event ? event.deviceChanged : event.deploymentProgress;
          return told.device === null ? rows : rows.set(told.device.id, told.device);
        },
      });
      const until = async (fits: (row: DeviceRowFragment) => boolean): Promise<string> => {
        for (;;) {
          const { value, done } = await tables.next();
          if (done === true) throw new Error('ended');
          const row = value.get(id);
          if (row !== undefined && fits(row)) return row.enrollment.status;
        }
      };
      await until(({ workflow }) => workflow === null);
      await until(({ deployment }) => deployment?.status === 'PENDING');
      await proxy.vanish();
      await device.connect();
      await proxy.restore();
      await until(({ deployment }) => deployment?.status === 'CONVERGED');
      await device.checkOut();
      expect(await until(({ enrollment }) => enrollment.status !== 'ENROLLED')).toBe('UNENROLLED');
      await tables.return();
    });

    it('and a table is read anew when the server left events out', async () => {
      const device = await world.enrolled();
      const id = await world.idOf(device);
      const reads: string[] = [];
      const made = client();
      await client.send([id], 'SecurityInfo');
      const tables = made.live({
        read: async () => {
          reads.push('read');
          // What a cursor of long ago gets: the events behind it are no longer kept.
          if (reads.length === 1) await forget();
          return reads.length;
        },
        watch: [watching(LiveCommands, { deviceIds: [id] })],
        apply: (count) => count,
      });
      const forget = async (): Promise<void> => {
        await client.send([id], 'ProfileList');
        await client.send([id], 'CertificateList');
        const { database } = world.server.app;
        await database.run(
          'DELETE FROM events WHERE seq < (SELECT last FROM (SELECT MAX(seq) AS last FROM events) AS kept)',
        );
      };
      expect((await tables.next()).value).toBe(1);
      expect((await tables.next()).value).toBe(2);
      await tables.return();
    });
  });
});
