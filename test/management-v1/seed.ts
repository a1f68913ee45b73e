import { deflateSync } from 'node:zlib';
import { DeviceInventory, type InventoryKind } from '../../src/entities/inventory.js';
import { EXAMPLE, exampleProfile } from '../../src/rest/openapi/examples.js';
import type { Context } from './kit.js';

const CATALOG = [
  'workflow_profiles',
  'workflow_applications',
  'workflow_includes',
  'workflows',
  'applications',
  'profile_revisions',
  'profiles',
];
const OF_DEVICES = ['device_inventory', 'channels', 'devices'];

const INVENTORY: Partial<Record<InventoryKind, object>> = {
  DEVICE_INFORMATION: { DeviceName: 'Reception' },
  INSTALLED_APPLICATION_LIST: [{ identifier: 'org.example.notes', name: 'Notes', bundleSize: 1_048_576 }],
  CERTIFICATE_LIST: [
    { commonName: 'Device identity', isIdentity: true, notAfter: '2027-05-04T10:00:00.000Z' },
  ],
};

/** Empties the server and puts into it exactly the records that the examples of openapi.json are about, none using another. */
export async function seedExamples(ctx: Context): Promise<void> {
  const { database, services } = ctx.server.app;
  await database.transaction(async (tx) => {
    for (const table of [...CATALOG, ...OF_DEVICES]) await tx.run(`DELETE FROM ${table}`);
    await services.catalog.changed(tx);
  });
  const content = Buffer.from(exampleProfile(EXAMPLE.identifier), 'base64');
  const made = [
    ['profiles', (await services.profiles.create({ content })).uuid, EXAMPLE.profile],
    ['workflows', (await services.workflows.create({ name: EXAMPLE.workflowName })).uuid, EXAMPLE.workflow],
    [
      'applications',
      (await services.applications.create({ name: EXAMPLE.applicationName, manifestUrl: EXAMPLE.manifest }))
        .uuid,
      EXAMPLE.application,
    ],
  ] as const;
  await database.transaction(async (tx) => {
    for (const [table, from, to] of made) {
      await tx.run(`UPDATE ${table} SET uuid = ? WHERE uuid = ?`, [to, from]);
    }
    await tx.run('UPDATE profile_revisions SET profile_uuid = ?', [EXAMPLE.profile]);
    await services.catalog.changed(tx);
  });
  await seedDevice(ctx);
}

async function seedDevice(ctx: Context): Promise<void> {
  await ctx.stored(1, { uuid: EXAMPLE.device, udid: EXAMPLE.udid });
  const rows = Object.entries(INVENTORY).map(([kind, content]) =>
    Object.assign(new DeviceInventory(), {
      deviceUuid: EXAMPLE.device,
      kind: kind as InventoryKind,
      asOf: new Date(),
      itemCount: 1,
      content: deflateSync(JSON.stringify(content)),
    }),
  );
  await ctx.server.app.database.transaction(async (tx) => {
    await tx.manager.insert(DeviceInventory, rows);
  });
}
