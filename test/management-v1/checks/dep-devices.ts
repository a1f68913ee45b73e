import { expect } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { DepDevice } from '../../../src/entities/dep-device.js';
import type { Device } from '../../../src/entities/device.js';
import { DepAssignmentStatus } from '../../../src/entities/dep-enums.js';
import { EnrollmentStatus } from '../../../src/entities/enums.js';
import type { Context } from '../kit.js';
import { expectError, type Check } from './check.js';

const TIME = '2026-05-04T10:05:00.000Z';

const TOLD = {
  dep_device: true,
  description: 'IPHONE 15 BLACK 128GB',
  color: 'BLACK',
  asset_tag: 'R-17',
  dep_profile_status: 'pushed',
  dep_profile_uuid: '88FC4E378FEA4021A94B2D7268FBF767',
  dep_profile_assign_time: TIME,
  dep_profile_push_time: TIME,
  dep_profile_assigned_date: TIME,
  dep_profile_assigned_by: 'admin@example.org',
};

/** Apple's record of a device that is stored. */
function recordOf({ uuid, serialNumber }: Device, o: Partial<DepDevice> = {}): DepDevice {
  const at = new Date(TIME);
  return Object.assign(new DepDevice(), {
    deviceUuid: uuid,
    accountUuid: uuidv7(),
    serialNumber,
    model: 'iPhone 15',
    description: TOLD.description,
    color: TOLD.color,
    assetTag: TOLD.asset_tag,
    profileStatus: 'pushed',
    appleProfileUuid: TOLD.dep_profile_uuid,
    profileAssignedAt: at,
    profilePushedAt: at,
    assignedAt: at,
    assignedBy: TOLD.dep_profile_assigned_by,
    seenGeneration: 1,
    judgedRevision: 1_000_000,
    assignment: DepAssignmentStatus.ASSIGNED,
    assignAttempts: 0,
    activationLocked: false,
    createdAt: at,
    updatedAt: at,
    ...o,
  });
}

async function announced(ctx: Context, count: number, o: Partial<DepDevice> = {}): Promise<Device[]> {
  const devices = await ctx.stored(count);
  const { database } = ctx.server.app;
  await database.transaction((tx) =>
    tx.manager.insert(
      DepDevice,
      devices.map((device) => recordOf(device, o)),
    ),
  );
  return devices;
}

export const DEP_DEVICES: readonly Check[] = [
  {
    id: 'MV1-150',
    protects:
      'DEP users: what Apple says of a device is shown with it, alone and in the list, in the names of 2016',
    run: async (ctx) => {
      const [device] = await announced(ctx, 1);
      const { json } = await ctx.call('GET', `/devices/${device!.uuid}`);
      expect(json).toMatchObject({ ...TOLD, model: 'iPhone 15' });
      const list = (await ctx.call('GET', '/devices')).json as { uuid: string }[];
      expect(list.find(({ uuid }) => uuid === device!.uuid)).toMatchObject(TOLD);
    },
  },
  {
    id: 'MV1-151',
    protects:
      'DEP users: what Apple did not say is absent, and a device taken away there is none of DEP any more',
    run: async (ctx) => {
      const nothing = { description: null, color: null, assetTag: null, profileStatus: null };
      const never = { appleProfileUuid: null, profileAssignedAt: null, profilePushedAt: null };
      const [bare] = await announced(ctx, 1, { ...nothing, ...never, assignedAt: null, assignedBy: null });
      const { json } = await ctx.call('GET', `/devices/${bare!.uuid}`);
      expect(json.dep_device).toBe(true);
      const gone = Object.keys(TOLD).filter((key) => key !== 'dep_device' && key in json);
      expect(gone).toEqual([]);
      const [removed] = await announced(ctx, 1, { removedAt: new Date(TIME), profileStatus: 'removed' });
      expect((await ctx.call('GET', `/devices/${removed!.uuid}`)).json).toMatchObject({
        dep_device: false,
        dep_profile_status: 'removed',
        asset_tag: 'R-17',
      });
    },
  },
  {
    id: 'MV1-152',
    protects: 'DEP users: a device that did not enrol yet is in the list, not enrolled, and takes a workflow',
    run: async (ctx) => {
      const { app } = ctx.server;
      const [device] = await announced(ctx, 1);
      const { uuid } = device!;
      await app.database.run('DELETE FROM channels WHERE device_uuid = ?', [uuid]);
      await app.database.run('UPDATE devices SET enrollment_status = ?, udid = NULL WHERE uuid = ?', [
        EnrollmentStatus.EXPECTED,
        uuid,
      ]);
      const workflow = await app.services.workflows.create({ name: `For ${uuid}` });
      const given = await ctx.call('PATCH', `/devices/${uuid}`, { json: { workflow_uuid: workflow.uuid } });
      expect(given.status).toBe(204);
      expect((await ctx.call('GET', `/devices/${uuid}`)).json).toMatchObject({
        uuid,
        udid: null,
        enrolled: false,
        workflow_uuid: workflow.uuid,
      });
      expectError(await ctx.call('POST', `/devices/${uuid}/push`), 404);
    },
  },
  {
    id: 'MV1-153',
    protects: 'large fleets: what Apple says costs the list one statement a page, not one a device',
    run: async (ctx) => {
      await announced(ctx, 100);
      const { database } = ctx.server.app;
      let statements = 0;
      database.onStatement = () => (statements += 1);
      const { json } = await ctx.call('GET', '/devices?limit=100');
      database.onStatement = undefined;
      expect(json).toHaveLength(100);
      expect(statements).toBeLessThan(15);
    },
  },
];
