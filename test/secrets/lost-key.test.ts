import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEALED_COLUMNS } from '../../src/services/sealed-columns.js';
import { closeDevices, installed, invite } from '../enrollment/kit.js';
import { deviceCa, Mdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';

/** What docs/secrets.md tells somebody to do who has lost the key. */
onBothDatabases('When the secret key is lost', (name) => {
  const options = { SECRET_KEY: randomBytes(32).toString('hex') };
  const mdm = new Mdm(name, options);
  beforeAll(() => mdm.start());
  afterAll(async () => {
    closeDevices();
    await mdm.stop();
  });

  it('the devices stay enrolled with the identities they have, and others enrol', async () => {
    const before = await installed((await invite(mdm)).link);
    expect((await before.enroll()).status).toBe(200);
    const authority = mdm.services.authority.current.certificate;
    await mdm.app.stop();
    options.SECRET_KEY = randomBytes(32).toString('hex');
    await expect(mdm.open()).rejects.toThrow('sealed with another secret key');

    const database = await mdm.store.open();
    for (const { table } of SEALED_COLUMNS) await database.run(`DELETE FROM ${table}`);
    await database.close();
    const anchors = join(mdm.store.dataDir, 'anchors.pem');
    writeFileSync(anchors, `${deviceCa.certPem}\n${authority.toString()}`);
    mdm.app = await mdm.open({ DEVICE_CA_FILE: anchors });
    expect(mdm.services.authority.current.certificate.fingerprint256).not.toBe(authority.fingerprint256);

    const again = mdm.device({ udid: before.facts.udid, identity: before.identity });
    expect((await again.idle()).status).toBe(200);
    expect((await again.setBootstrapToken(randomBytes(40))).status).toBe(200);
    const after = await installed((await invite(mdm)).link);
    expect((await after.enroll()).status).toBe(200);
  });
});
